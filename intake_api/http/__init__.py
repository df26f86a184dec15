"""What the endpoints of all audiences share: bodies, routes, the state of the process, its description."""
