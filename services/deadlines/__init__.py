"""Deadlines that no standstill forgets: the sweep, the watchdog of states, recalculation, invariants."""
