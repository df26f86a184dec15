"""How operations describe themselves: the request key, bodies, answers and refusals, each by an example."""

from pydantic import BaseModel

from intake_api.http import bodies
from services.requests import parsing
from shared import serialisation
from shared.http import examples as openapi_examples
from shared.http import refusals
from shared.http.document import OpenApiDocument
from shared.http.refusals import Refusals

Described = dict[int | str, OpenApiDocument]
KEY: OpenApiDocument = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": bodies.KEY_LENGTH * 2 + 2},
    "description": "New for each complaint, the same for each repetition of it. Required unless the body has external_ref.",
}
REPLAYED: OpenApiDocument = {
    "Idempotent-Replayed": {
        "description": "`true`: the request came before, and this is the answer that was stored then.",
        "schema": {"type": "string", "enum": ["true"]},
    }
}


def body_of(schema: OpenApiDocument, *types: str) -> OpenApiDocument:
    """Describe a body that is read by hand."""
    return {"required": True, "content": {media_type: {"schema": schema} for media_type in types}}


def answers(
    listed: Refusals, example: object, *, status: int = 200, headers: OpenApiDocument | None = None
) -> Described:
    """Describe the success of an operation by an example, and each of its refusals by an example under its code."""
    success: OpenApiDocument = {"content": {bodies.JSON: {"example": openapi_examples.marked(example)}}}
    if headers:
        success["headers"] = headers
    return {status: success, **refusals.responses(listed)}


def form_body(form: type[BaseModel], example: object) -> OpenApiDocument:
    """Describe a body that `dependencies.form_of` reads."""
    schema = {"$ref": f"#/components/schemas/{form.__name__}"}
    shown = {"example": example} if example else {"examples": {"empty": {"value": example}}}
    return {"required": True, "content": {bodies.JSON: {"schema": schema, **shown}}}


def lines_body(form: type[BaseModel], example: object) -> OpenApiDocument:
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
