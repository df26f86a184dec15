"""The writing of cases in tests: the cases and desks of handling, replies of carriers."""

from tests.services.carriers.conftest import reply
from tests.services.handling.conftest import (
    act,
    case_of,
    cautious,
    clocks_of,
    desk,
    events_of,
    forwarded,
    received,
    setting,
    work,
)

__all__ = [
    "act", "case_of", "cautious", "clocks_of", "desk", "events_of", "forwarded", "received", "reply", "setting", "work",
]  # fmt: skip
