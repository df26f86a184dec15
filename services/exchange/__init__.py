"""The exchange with carriers and hotlines: what goes out is pulled from feeds or pushed as signed webhooks."""
