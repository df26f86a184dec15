"""What follows from a change of a case: one module for each consequence."""
