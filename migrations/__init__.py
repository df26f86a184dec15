"""The schema: one baseline, then revisions that change tables while they are in use."""
