"""The work orders of the 12345 hotlines over REST."""
