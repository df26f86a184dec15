"""Surges in tests: the invariants that hold whatever is raised."""

from tests.services.deadlines.conftest import broken

__all__ = ["broken"]
