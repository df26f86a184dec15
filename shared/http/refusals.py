"""Refusals in the description of operations: by status, with an example of each possible problem under its code.

An example stands once in the document, in its components; operations refer to it by name.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from shared.errors import (
    FieldError,
    InternalError,
    InvalidInputError,
    MalformedBodyError,
    ShensuError,
    UnavailableError,
)
from shared.http import problems
from shared.http.auth import ForbiddenError, UnauthenticatedError
from shared.http.document import OpenApiDocument
from shared.http.rate_limits import RateLimitedError
from shared.problems import body as problem_body

REQUEST_ID = "6f1d0c9ab2e34f58"
PROBLEM_REFERENCE = {"$ref": "#/components/schemas/Problem"}
_EXAMPLES = "#/components/examples/"


class Refusal(NamedTuple):
    """The example of a problem that an operation may answer with; `name` is the name of the example."""

    name: str
    error: ShensuError


Refusals = tuple[Refusal, ...]


def refusal(error: ShensuError, name: str | None = None) -> Refusal:
    """Return a refusal with the example of its problem; the default name is the problem's code."""
    return Refusal(name or error.code, error)


UNAUTHENTICATED = refusal(
    UnauthenticatedError("The API key is not valid: it is mistyped, unknown or revoked.")
)
FORBIDDEN = refusal(
    ForbiddenError("This operation needs a key with another scope; ask the operator for one.")
)
RATE_LIMITED = refusal(
    RateLimitedError("This client may send 600 a minute; wait and send the same request again.")
)
INTERNAL_ERROR = refusal(
    InternalError("Something went wrong on our side; the same request may be sent again.")
)
UNAVAILABLE = refusal(UnavailableError("The database does not answer now; send the same request again."))
INVALID_PARAMETERS = refusal(
    InvalidInputError(
        "The parameters do not have the required form; see errors.",
        [FieldError("/query/limit", "too-large", "send 200 or less")],
    ),
    "invalid-parameters",
)
MALFORMED_BODY = refusal(MalformedBodyError("The body is not JSON. Check quotes, commas and brackets."))
WITH_KEY: Refusals = (UNAUTHENTICATED, FORBIDDEN, RATE_LIMITED, INTERNAL_ERROR, UNAVAILABLE)
"""The refusals of every operation with a key."""
SHARED: Refusals = (*WITH_KEY, INVALID_PARAMETERS, MALFORMED_BODY)


def responses(refusals: Iterable[Refusal]) -> dict[int | str, OpenApiDocument]:
    """Describe the refusals of an operation by status."""
    described: dict[int | str, OpenApiDocument] = {}
    for each in refusals:
        add(described, str(each.error.status), each)
    return described


def add(described: dict[int | str, OpenApiDocument], status: str, each: Refusal) -> None:
    """Add a refusal to the responses of an operation, unless one with the same code is there."""
    response = described.setdefault(status, {})
    content = response.setdefault("content", {}).setdefault(
        problems.MEDIA_TYPE, {"schema": PROBLEM_REFERENCE}
    )
    examples = content.setdefault("examples", {})
    if each.error.code in examples:
        return
    examples[each.error.code] = {"$ref": _EXAMPLES + each.name}
    said = response.get("description")
    response["description"] = f"{said}; {each.error.title}" if said else each.error.title


def components(document: OpenApiDocument, refusals: Iterable[Refusal]) -> dict[str, OpenApiDocument]:
    """Return the examples that the operations of a document refer to, by name."""
    used = set(_references(document["paths"]))
    return {
        each.name: {"summary": each.error.title, "value": problem_body(each.error, REQUEST_ID)}
        for each in sorted(refusals)
        if each.name in used
    }


def vocabulary(*modules: Mapping[str, object]) -> Refusals:
    """Return the refusals that modules define, each once."""
    return tuple(
        {
            each.name: each for module in modules for each in module.values() if isinstance(each, Refusal)
        }.values()
    )


def _references(node: Any) -> Iterable[str]:
    if isinstance(node, list):
        for item in node:
            yield from _references(item)
    elif isinstance(node, dict):
        reference = node.get("$ref")
        if isinstance(reference, str) and reference.startswith(_EXAMPLES):
            yield reference.removeprefix(_EXAMPLES)
        for item in node.values():
            yield from _references(item)
