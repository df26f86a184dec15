"""Imports of history from an older system: announced by a manifest, sent in parts, complete when every part has arrived."""
