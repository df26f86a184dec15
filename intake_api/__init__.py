"""Intake API: everything that enters a case, or asks for one. Port 8001."""
