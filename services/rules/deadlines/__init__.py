"""Deadlines as pure rules: their length, working days, counting, reminders, escalation."""
