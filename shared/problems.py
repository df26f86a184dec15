"""Problem objects (RFC 9457) of business errors and of forms: what is wrong and what to change, never what was sent."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from shared.errors import FieldError, ShensuError

TYPE_BASE = "urn:shensu:problem:"
_ADVICE = {
    "extra_forbidden": "this field is not known here; remove it or correct its name",
    "missing": "this field is required",
    "string_too_long": "shorten the text",
    "string_too_short": "the text is too short",
    "int_type": "send a whole JSON number, without quotes",
    "bool_type": "send true or false, without quotes",
    "string_type": "send a JSON string",
    "string_pattern_mismatch": "the text does not have the form that the description of the operation gives",
    "too_short": "the list is too short",
    "too_long": "the list is too long",
    "uuid_parsing": "send a UUID",
    "greater_than_equal": "the number is too small",
    "less_than_equal": "the number is too large",
    "timezone_aware": "give the time with its offset, such as 2026-11-23T09:00:00+08:00",
}
_CHOICES = frozenset({"enum", "literal_error"})


def field_errors(error: ValidationError | Sequence[dict[str, Any]], *, prefix: str = "") -> list[FieldError]:
    """Turn a validation error into faults with JSON pointers; the submitted values stay out."""
    rows = (
        error.errors(include_url=False, include_input=False, include_context=False)
        if isinstance(error, ValidationError)
        else error
    )
    return [_field_error(row, prefix) for row in rows[:50]]


def _field_error(row: Any, prefix: str) -> FieldError:
    kind = str(row["type"])
    places = [str(part).replace("~", "~0").replace("/", "~1") for part in row["loc"]]
    if kind in _CHOICES:
        # the library lists what may be sent, and does not quote what was
        message = str(row["msg"]).replace("Input should be", "send one of")
    else:
        message = _ADVICE.get(kind) or str(row["msg"]).removeprefix("Value error, ")
    return FieldError(prefix + "".join(f"/{place}" for place in places), kind, message)


def body(error: ShensuError, request_id: str | None) -> dict[str, Any]:
    """Return the problem object of a business error."""
    problem: dict[str, Any] = {
        "type": TYPE_BASE + error.code,
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
        "retryable": error.retryable,
    }
    if request_id:
        problem["request_id"] = request_id
    problem |= error.members
    if error.errors:
        problem["errors"] = [
            {"pointer": fault.pointer, "code": fault.code, "message": fault.message} for fault in error.errors
        ]
    return problem
