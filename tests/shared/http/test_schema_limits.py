"""Limits of values: those of a request are its own, those of an answer are true of all answers."""

from typing import Any

import pytest

from shared.http import schema_limits
from shared.http.schema_limits import ANSWER_ITEMS, ANSWER_TEXT, SAFE_INTEGER


def _limited(schema: dict[str, Any], *, in_request: bool) -> dict[str, Any]:
    """Return a component that a request or an answer refers to, through another one."""
    reference = {"schema": {"$ref": "#/components/schemas/Outer"}}
    content = {"content": {"application/json": reference}}
    operation = {"requestBody": content, "responses": {}} if in_request else {"responses": {"200": content}}
    schemas: dict[str, Any] = {"Outer": {"properties": {"x": {"$ref": "#/components/schemas/Inner"}}}}
    schemas["Inner"] = schema
    schema_limits.complete({"paths": {"/": {"post": operation}}, "components": {"schemas": schemas}})
    inner: dict[str, Any] = schemas["Inner"]
    return inner


@pytest.mark.parametrize(
    ("schema", "added"),
    [
        ({"type": "string"}, {}),
        ({"type": "string", "pattern": "^[0-9]{6}$"}, {"maxLength": 6}),
        ({"type": "string", "pattern": "^[a-z]{1,40}$"}, {"maxLength": 40}),
        ({"type": "string", "format": "uuid"}, {"maxLength": 36}),
        ({"type": "string", "enum": ["A"]}, {}),
        ({"type": "integer", "maximum": 200}, {"format": "int32"}),
        ({"type": "integer", "maximum": 2**40}, {"format": "int64"}),
        ({"type": "array"}, {}),
    ],
)
def test_a_request_gets_only_what_it_implies(schema: dict[str, Any], added: dict[str, Any]) -> None:
    assert _limited(dict(schema), in_request=True) == schema | added


@pytest.mark.parametrize(
    ("schema", "added"),
    [
        ({"type": "string"}, {"maxLength": ANSWER_TEXT, "format": "text"}),
        ({"type": "string", "format": "date-time"}, {"maxLength": 40}),
        ({"type": "string", "pattern": "^[0-9]{17}$"}, {"maxLength": 17}),
        ({"type": "integer"}, {"minimum": -SAFE_INTEGER, "maximum": SAFE_INTEGER, "format": "int64"}),
        ({"type": "integer", "exclusiveMinimum": 0, "maximum": 9}, {"format": "int32"}),
        ({"type": "array"}, {"maxItems": ANSWER_ITEMS}),
        ({"type": "object", "example": {"type": "string"}}, {}),
    ],
)
def test_an_answer_gets_outer_limits(schema: dict[str, Any], added: dict[str, Any]) -> None:
    assert _limited(dict(schema), in_request=False) == schema | added
