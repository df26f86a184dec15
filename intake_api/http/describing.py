"""How operations that read their requests by hand describe themselves: the request key, bodies, problems."""

from typing import Any

from intake_api.http import bodies
from shared.http.problems import MEDIA_TYPE as PROBLEM

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
