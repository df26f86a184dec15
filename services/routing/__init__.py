"""Routing: which bureau handles a case, how closely it is watched, and whether it may be accepted at once."""
