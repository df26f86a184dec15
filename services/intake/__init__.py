"""Intake: `accept.accept_many` is the only way by which a complaint comes into Shensu."""
