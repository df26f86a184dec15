"""The common parts of the HTTP interfaces of Shensu."""
