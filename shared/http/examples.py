"""Examples with nulls in an OpenAPI document: the framework drops each null of its document, so they travel as a mark."""

from typing import Any

_NULL = "\u2400"


def marked(value: Any) -> Any:
    """Return an example whose nulls survive the framework."""
    if isinstance(value, dict):
        return {name: marked(item) for name, item in value.items()}
    if isinstance(value, list):
        return [marked(item) for item in value]
    return _NULL if value is None else value


def restored(value: Any) -> Any:
    """Return a document, or a part of it, with the nulls of its examples."""
    if isinstance(value, dict):
        return {name: restored(item) for name, item in value.items()}
    if isinstance(value, list):
        return [restored(item) for item in value]
    return None if value == _NULL else value
