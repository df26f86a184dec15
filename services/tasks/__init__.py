"""Follow-up work: stored in the transaction of its cause, leased to a worker, deleted in the transaction of its effect."""
