"""Examples with nulls in an OpenAPI document: FastAPI drops nulls from its document, so a mark replaces them until then."""

from typing import Any

_NULL = "\u2400"


def marked(value: Any) -> Any:
    """Return an example with its nulls replaced by marks."""
    if isinstance(value, dict):
        return {name: marked(item) for name, item in value.items()}
    if isinstance(value, list):
        return [marked(item) for item in value]
    return _NULL if value is None else value


def restored(value: Any) -> Any:
    """Return a document, or a part of it, with the marks replaced by nulls."""
    if isinstance(value, dict):
        return {name: restored(item) for name, item in value.items()}
    if isinstance(value, list):
        return [restored(item) for item in value]
    return None if value == _NULL else value
