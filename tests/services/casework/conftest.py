"""Casework in tests: the packaged reference data for what needs no database."""

from tests.services.reference.conftest import packaged

__all__ = ["packaged"]
