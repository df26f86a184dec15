"""The exchange with the 12345 hotlines: orders come in, are signed for, answered in time, and done again if need be."""
