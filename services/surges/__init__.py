"""Surges: complaints that stand out by city, outlet, user or province."""
