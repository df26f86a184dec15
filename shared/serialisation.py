"""JSON as it is stored, hashed and sent: compact, sorted where it is hashed."""

from typing import Any

import orjson

Json = dict[str, Any]
"""An object as JSON has it, where no model describes it."""


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
    """Return JSON bytes that are the same for the same value, whatever the order of its keys."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
