"""The desk of a bureau over REST: one address for each verb, reading, warnings."""
