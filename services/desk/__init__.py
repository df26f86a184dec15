"""The desk: the verbs by which officers work a case. `perform` is the transaction; each verb is one step."""
