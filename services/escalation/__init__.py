"""Escalation that cannot forget: the sweep of due limits, the watchdog of states, the warning of surges."""
