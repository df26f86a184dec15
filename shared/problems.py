"""Problem objects (RFC 9457) of business errors and of forms: what is wrong and what to change; never the input."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from shared import form_faults
from shared.errors import FieldError, ShensuError

TYPE_BASE = "urn:shensu:problem:"
MOST_FAULTS = 50
"""The maximum number of faults in one problem."""


def field_errors(
    error: ValidationError | Sequence[Mapping[str, Any]], *, prefix: str = ""
) -> list[FieldError]:
    """Convert a validation error to faults with JSON pointers, without the submitted values."""
    rows = (
        error.errors(include_url=False, include_input=False) if isinstance(error, ValidationError) else error
    )
    return [_field_error(row, prefix) for row in rows[:MOST_FAULTS]]


def _field_error(row: Mapping[str, Any], prefix: str) -> FieldError:
    places = [str(part).replace("~", "~0").replace("/", "~1") for part in row["loc"]]
    code, message = form_faults.code_and_message(row)
    return FieldError(prefix + "".join(f"/{place}" for place in places), code, message)


def body(error: ShensuError, request_id: str | None) -> dict[str, object]:
    """Return the problem object of a business error."""
    problem: dict[str, object] = {
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
        problem["errors"] = faults(error)
    return problem


def faults(error: ShensuError) -> list[dict[str, str]]:
    """Return the faults of an error as a problem lists them."""
    return [
        {"pointer": fault.pointer, "code": fault.code, "message": fault.message} for fault in error.errors
    ]
