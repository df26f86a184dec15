"""Routing: which bureau handles a case, how closely it is watched, and whether it may be taken up at once."""
