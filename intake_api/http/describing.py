"""How operations describe themselves: the request key, bodies, answers and refusals, each by an example."""

from typing import Any

from pydantic import BaseModel

from intake_api.http import bodies
from services.requests import parsing
from shared import serialisation
from shared.errors import FieldError, InvalidInputError, MalformedBodyError, ShensuError
from shared.http import examples as openapi_examples
from shared.http.openapi import PROBLEM_REFERENCE, REQUEST_ID
from shared.http.problems import MEDIA_TYPE as PROBLEM
from shared.problems import body as problem_body

Described = dict[int | str, dict[str, Any]]
Refusals = dict[int, tuple[str, ShensuError]]
KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": bodies.KEY_LENGTH},
    "description": "New for each complaint, the same for each repetition of it. Required unless the body has external_ref.",
}
_PROBLEM: dict[str, Any] = {"content": {PROBLEM: {"schema": PROBLEM_REFERENCE}}}
REPLAYED: dict[str, Any] = {
    "Idempotent-Replayed": {
        "description": "`true`: the request came before, and this is the answer that was stored then.",
        "schema": {"type": "string", "enum": ["true"]},
    }
}
FORM: Refusals = {
    400: ("not JSON", MalformedBodyError("The body is not JSON. Check quotes, commas and brackets.")),
    413: ("too large", bodies.BodyTooLargeError("The body may have at most 64 KiB; shorten the text.")),
    415: (
        "not application/json",
        bodies.UnsupportedMediaTypeError("Send the body with the content type application/json, in UTF-8."),
    ),
    422: (
        "faults of the form",
        InvalidInputError(
            "The body does not have the required form; see errors.",
            [FieldError("/reason", "missing", "this field is required")],
        ),
    ),
}
"""The refusals of every operation that reads a form."""


def problems_of(**described: str) -> dict[int | str, dict[str, Any]]:
    """Describe the refusals of an operation, by status written as `_404`."""
    return {code.removeprefix("_"): {"description": text} | _PROBLEM for code, text in described.items()}


def body_of(schema: dict[str, Any], *types: str) -> dict[str, Any]:
    """Describe a body that is read by hand."""
    return {"required": True, "content": {media_type: {"schema": schema} for media_type in types}}


def refusals(described: Refusals) -> Described:
    """Describe refusals by an example each."""
    return {
        status: {
            "description": text,
            "content": {PROBLEM: {"schema": PROBLEM_REFERENCE, "example": problem_body(error, REQUEST_ID)}},
        }
        for status, (text, error) in described.items()
    }


def answers(
    described: Refusals, example: object, *, status: int = 200, headers: dict[str, Any] | None = None
) -> Described:
    """Describe the success of an operation by an example, and each of its refusals by an example."""
    success: dict[str, Any] = {"content": {bodies.JSON: {"example": openapi_examples.marked(example)}}}
    if headers:
        success["headers"] = headers
    return {status: success, **refusals(described)}


def form_body(form: type[BaseModel], example: object) -> dict[str, Any]:
    """Describe a body that `dependencies.form_of` reads."""
    schema = {"$ref": f"#/components/schemas/{form.__name__}"}
    shown = {"example": example} if example else {"examples": {"empty": {"value": example}}}
    return {"required": True, "content": {bodies.JSON: {"schema": schema, **shown}}}


def lines_body(form: type[BaseModel], example: object) -> dict[str, Any]:
    """Describe the body of a batch, by an example of one row: NDJSON, or a JSON array."""
    rows = {
        "type": "array",
        "items": {"$ref": f"#/components/schemas/{form.__name__}"},
        "maxItems": parsing.MAX_ROWS,
    }
    line = serialisation.to_text(example)
    return {
        "required": True,
        "content": {
            bodies.NDJSON: {"schema": rows, "example": line},
            bodies.JSON: {"schema": dict(rows), "example": [example]},
        },
    }
