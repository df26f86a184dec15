"""The desk: what officers do with a case. `perform` is the transaction; each verb is a step that says what changes.

Every call names its operator, is checked against the bureau's register of officers, and is written into the audit trail.
"""
