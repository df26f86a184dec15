"""Description of the platform, read from its code: tables, events, scopes, loops, verbs, metrics, settings, operations."""
