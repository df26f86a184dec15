"""The whole platform on one machine: embedded servers, and the supervisor of the three services."""
