"""Messages to carriers and hotlines: pulled from feeds or pushed as signed webhooks."""
