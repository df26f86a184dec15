"""What those who file do over REST: call centres, web forms, portals, older systems."""
