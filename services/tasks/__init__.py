"""Follow-up work: put in the transaction of its cause, taken under a lease, finished in the transaction of its effect."""
