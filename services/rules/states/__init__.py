"""The states of a case, the transitions between them, and the guards of each transition."""
