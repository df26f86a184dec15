"""Limits of values in an OpenAPI document: those that follow from a format or a pattern, and the maxima of answers.

A request states the limits that the models enforce; a limit is added only if its format or pattern implies it.
An answer states limits that are true of all answers, so that a client can reserve memory for it.
"""

import re
from collections.abc import Iterator
from typing import Any

from shared.http.document import OpenApiDocument

ANSWER_TEXT = 65_536
"""The longest text of an answer, in characters; no accepted text is longer."""
ANSWER_ITEMS = 1_000_000
FILE_BYTES = 20 * 1024 * 1024
SAFE_INTEGER = 2**53 - 1
"""Integers beyond it are not exact in JavaScript."""
INT32 = 2**31 - 1
FORMAT_LENGTHS = {
    "date": 10,
    "date-time": 40,
    "uuid": 36,
    "uri": 2048,
    "binary": FILE_BYTES,
}
_PREFIX = "#/components/schemas/"
_BOUNDED = re.compile(r"^\^\[[^\]]+\]\{(?:\d+,)?(\d+)\}\$$")
_DATA = frozenset({"example", "examples", "default", "enum", "const"})


def complete(document: OpenApiDocument) -> None:
    """Add limits to every schema of a document."""
    schemas = document["components"]["schemas"]
    in_requests = _names_in_requests(document)
    for name, schema in schemas.items():
        _limit(schema, of_answer=name not in in_requests)
    for item in document["paths"].values():
        for operation in item.values():
            _limit([operation.get("parameters"), operation.get("requestBody")], of_answer=False)
            _limit(operation["responses"], of_answer=True)


def _names_in_requests(document: OpenApiDocument) -> set[str]:
    """Return the components that parameters and bodies refer to, directly or through others."""
    schemas = document["components"]["schemas"]
    waiting = [
        name
        for item in document["paths"].values()
        for operation in item.values()
        for name in _references([operation.get("parameters"), operation.get("requestBody")])
    ]
    reached: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(_references(schemas[name]))
    return reached


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _references(item)
    elif isinstance(node, dict):
        reference = node.get("$ref")
        if isinstance(reference, str):
            yield reference.removeprefix(_PREFIX)
        for key, value in node.items():
            if key not in _DATA:
                yield from _references(value)


def _limit(node: Any, *, of_answer: bool) -> None:
    if isinstance(node, list):
        for item in node:
            _limit(item, of_answer=of_answer)
    elif isinstance(node, dict):
        _limit_schema(node, of_answer=of_answer)
        for key, value in node.items():
            if key not in _DATA:
                _limit(value, of_answer=of_answer)


def _limit_schema(schema: OpenApiDocument, *, of_answer: bool) -> None:
    kind = schema.get("type")
    if kind == "string":
        _limit_text(schema, of_answer=of_answer)
    elif kind == "integer":
        _limit_integer(schema, of_answer=of_answer)
    elif kind == "array" and of_answer:
        schema.setdefault("maxItems", ANSWER_ITEMS)


def _limit_text(schema: OpenApiDocument, *, of_answer: bool) -> None:
    if not schema.keys().isdisjoint({"enum", "const"}):
        return
    bounded = _BOUNDED.match(schema.get("pattern", ""))
    implied = int(bounded[1]) if bounded else FORMAT_LENGTHS.get(schema.get("format", ""))
    if implied is not None:
        schema.setdefault("maxLength", implied)
    if of_answer:
        schema.setdefault("maxLength", ANSWER_TEXT)
        if "pattern" not in schema:
            # an annotation: a text for people, or a value that the field's description explains
            schema.setdefault("format", "text")


def _limit_integer(schema: OpenApiDocument, *, of_answer: bool) -> None:
    if of_answer:
        if "exclusiveMinimum" not in schema:
            schema.setdefault("minimum", -SAFE_INTEGER)
        if "exclusiveMaximum" not in schema:
            schema.setdefault("maximum", SAFE_INTEGER)
    largest: int = schema.get("maximum") or schema.get("exclusiveMaximum") or SAFE_INTEGER
    schema.setdefault("format", "int32" if largest <= INT32 else "int64")
