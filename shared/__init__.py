"""Shared basics of every package: settings, vocabulary, errors, time, database, privacy, HTTP. No use cases."""
