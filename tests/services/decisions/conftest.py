"""Decisions in tests: cases that are routed, and what was decided on them."""

from tests.services.routing.conftest import case_of, prepare, record_of, route_all

__all__ = ["case_of", "prepare", "record_of", "route_all"]
