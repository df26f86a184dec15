"""Arrays as the text that Postgres reads: the driver encodes an array element by element in Python, this at once in C."""

import re
from collections.abc import Sequence

import orjson

_OTHER_ESCAPE = re.compile(r'\\[^"\\]')
"""What JSON escapes in another way than Postgres does, which knows a quote and a backslash after a backslash only."""


def literal(values: Sequence[object]) -> str:
    """Return values of one column as the literal of an array: texts, numbers, truth values, moments, days, and None."""
    text = orjson.dumps(values).decode()
    # pairs of backslashes are taken from the left: only what begins a pair of its own is another escape
    if "\\" in text and _OTHER_ESCAPE.search(text.replace("\\\\", "")):
        return "{" + ",".join(map(_element, values)) + "}"
    return "{" + text[1:-1] + "}"


def _element(value: object) -> str:
    if not isinstance(value, str):
        return orjson.dumps(value).decode()
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
