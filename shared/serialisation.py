"""JSON for storing, hashing and sending: compact, and sorted for hashing."""

from typing import Any

import orjson

Json = dict[str, Any]
"""A JSON object that no model describes."""


def to_text(value: object) -> str:
    """Return compact JSON text."""
    return orjson.dumps(value).decode()


def from_text(value: str | bytes) -> Any:
    """Read JSON text that we wrote."""
    return orjson.loads(value)


def to_bytes(value: object) -> bytes:
    """Return compact JSON bytes."""
    return orjson.dumps(value)


def canonical(value: object) -> bytes:
    """Return JSON bytes that are equal for equal values, whatever the order of keys."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
