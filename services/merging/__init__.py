"""Repeated demands are handled as one (并案): found when a case comes in, decided by an officer, or by proof of identity."""
