"""How operations that read their requests by hand describe themselves: the request key, bodies, problems."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from intake_api.http import bodies
from shared.errors import ShensuError
from shared.http import examples as openapi_examples
from shared.http.openapi import PROBLEM_REFERENCE, REQUEST_ID
from shared.http.problems import MEDIA_TYPE as PROBLEM
from shared.problems import body as problem_body

Described = dict[int | str, dict[str, Any]]

KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": bodies.KEY_LENGTH},
    "description": "New for each complaint, the same for each repetition of it. Required unless the body has external_ref.",
}
_PROBLEM: dict[str, Any] = {"content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}}


def problems_of(**described: str) -> dict[int | str, dict[str, Any]]:
    """Describe the refusals of an operation, by status written as `_404`."""
    return {code.removeprefix("_"): {"description": text} | _PROBLEM for code, text in described.items()}


def body_of(schema: dict[str, Any], *types: str) -> dict[str, Any]:
    """Describe a body that is read by hand."""
    return {"required": True, "content": {media_type: {"schema": schema} for media_type in types}}


_ETAG = {
    "ETag": {
        "description": 'The version of the case, as in "7".',
        "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$', "maxLength": 11},
    }
}


def answers(
    refusals: Mapping[int, tuple[str, ShensuError]],
    example: object,
    *,
    status: int = 200,
    has_etag: bool = False,
) -> Described:
    """Describe the success of an operation by an example, and each of its refusals by an example."""
    success: dict[str, Any] = {"content": {bodies.JSON: {"example": openapi_examples.marked(example)}}}
    if has_etag:
        success["headers"] = _ETAG
    problems: Described = {
        refused: {
            "description": text,
            "content": {PROBLEM: {"schema": PROBLEM_REFERENCE, "example": problem_body(error, REQUEST_ID)}},
        }
        for refused, (text, error) in refusals.items()
    }
    return {status: success, **problems}


def body(form: type[BaseModel], example: object) -> dict[str, Any]:
    """Describe a body that `dependencies.form_of` reads."""
    schema = {"$ref": f"#/components/schemas/{form.__name__}"}
    shown = {"example": example} if example else {"examples": {"empty": {"value": example}}}
    return {"required": True, "content": {bodies.JSON: {"schema": schema, **shown}}}
