"""The operator's side: the command line, the embedded servers and the supervisor of the three services."""
