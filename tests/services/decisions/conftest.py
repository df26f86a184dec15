"""Decisions in tests: facts without a database, by the packaged reference data; cases that are routed, and their records."""

from tests.services.reference.conftest import packaged
from tests.services.routing.conftest import case_of, prepare, record_of, route_all
from tests.services.rules.conftest import facts

__all__ = ["case_of", "facts", "packaged", "prepare", "record_of", "route_all"]
