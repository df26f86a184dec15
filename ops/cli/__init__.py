"""The commands of the operators, one module per group."""
