"""Inquiry in tests: replies of carriers."""

from tests.services.carriers.conftest import reply

__all__ = ["reply"]
