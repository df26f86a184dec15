"""What travels with every answer: its definitions, its age, its unit, and what was withheld from it."""

from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from typing import Any

from services.figures.state import State
from services.rules.metrics import METRICS
from shared import clock


@cache
def _plain(key: str) -> dict[str, Any]:
    return asdict(METRICS[key])


def of(keys: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the definitions of some figures, by key."""
    return {key: _plain(key) for key in (METRICS[name].key for name in keys)}


def envelope(state: State, basis: str, keys: Iterable[str]) -> dict[str, Any]:
    """Return the fields that every answer begins with.

    `suppressed` lists cells that are withheld to protect persons; nothing that is counted today is small and
    personal enough to be.
    """
    return {
        "basis": basis,
        "unit": METRICS[basis].unit,
        "version": state.version,
        "as_of": None if state.as_of is None else state.as_of.astimezone(clock.SHANGHAI).isoformat(),
        "suppressed": [],
        "definition": of(dict.fromkeys((basis, *keys))),
    }
