"""RFC 9457 problems: every refusal says what is wrong and what to change, and never repeats what was sent."""

from collections.abc import Sequence
from typing import Any

import structlog
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from shared import database, serialisation
from shared.errors import FieldError, InternalError, InvalidInputError, ShensuError, UnavailableError

MEDIA_TYPE = "application/problem+json"
METHOD_NOT_ALLOWED = 405
TYPE_BASE = "urn:shensu:problem:"

_BY_STATUS = {
    404: (
        "not-found",
        "Not found",
        "There is nothing at this address; the description of the interface is at /openapi.json.",
    ),
    405: (
        "method-not-allowed",
        "Method not allowed",
        "This address does not take this method; the Allow header lists those it takes.",
    ),
    413: (
        "body-too-large",
        "The body is too large",
        "Send less in one request; the limit stands in the description of the operation.",
    ),
    415: (
        "unsupported-media-type",
        "Unsupported media type",
        "Send the content type that the operation takes.",
    ),
}
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
log = structlog.get_logger()


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


def response(error: ShensuError, request: Request) -> Response:
    """Render a business error."""
    headers = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    content = serialisation.to_bytes(body(error, request.scope.get("shensu.request_id")))
    return Response(content, status_code=error.status, media_type=MEDIA_TYPE, headers=headers)


async def _business(request: Request, error: Exception) -> Response:
    assert isinstance(error, ShensuError)  # noqa: S101 - registered for this class only
    return response(error, request)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    code, title, detail = _BY_STATUS.get(
        error.status_code, ("http-error", "Request refused", "The request was refused.")
    )
    problem = {
        "type": TYPE_BASE + code,
        "title": title,
        "status": error.status_code,
        "detail": detail,
        "code": code,
        "retryable": False,
        "request_id": request.scope.get("shensu.request_id"),
    }
    headers = dict(error.headers or {})
    if error.status_code == METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_methods(request))
    return Response(serialisation.to_bytes(problem), error.status_code, headers, MEDIA_TYPE)


def _methods(request: Request) -> list[str]:
    """Return the methods that an address takes, over all its routes: the framework names those of the first."""
    asked = ("DELETE", "GET", "PATCH", "POST", "PUT")
    routes = request.app.routes
    taken = [
        method
        for method in asked
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    ]
    return [*taken, "HEAD"] if "GET" in taken else taken


async def _parameters(request: Request, error: Exception) -> Response:
    rows = getattr(error, "errors")()  # noqa: B009 - the framework's own validation error, which this layer does not know
    faults = field_errors(rows)
    return response(
        InvalidInputError("The parameters do not have the required form; see errors.", faults), request
    )


async def _database(request: Request, error: Exception) -> Response:
    if (
        isinstance(error, PoolTimeoutError)
        or database.is_transient(error)
        or database.sqlstate(error) in {"55P03", "57014"}
    ):
        log.warning("database_unavailable", request_id=request.scope.get("shensu.request_id"), exc_info=error)
        return response(
            UnavailableError("The database does not answer now; send the same request again.", retry_after=1),
            request,
        )
    return await unexpected(request, error)


async def unexpected(request: Request, error: Exception) -> Response:
    """Render a fault of ours: the log has the place, the client has the request id, nobody has the text."""
    log.error("unexpected_error", request_id=request.scope.get("shensu.request_id"), exc_info=error)
    problem = InternalError(
        "Something went wrong on our side; it is logged under the request id. The same request may be sent again."
    )
    return response(problem, request)


def install(app: Starlette, parameter_error: type[Exception]) -> None:
    """Make an application answer every refusal as a problem; `parameter_error` is the framework's own validation error."""
    app.add_exception_handler(ShensuError, _business)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(parameter_error, _parameters)
    for kind in (DBAPIError, PoolTimeoutError, OSError, TimeoutError):
        app.add_exception_handler(kind, _database)
    app.add_exception_handler(Exception, unexpected)
