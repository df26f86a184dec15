"""Requests from outside: parsed, answered once for each key, listed by cursors."""
