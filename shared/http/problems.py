"""RFC 9457 problems: every refusal says what is wrong and what to change, and never repeats the input."""

from collections.abc import Mapping
from typing import ClassVar

import structlog
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from shared import database, problems, serialisation
from shared.errors import InternalError, InvalidInputError, NotFoundError, ShensuError, UnavailableError

MEDIA_TYPE = "application/problem+json"
METHOD_NOT_ALLOWED = 405


class MethodNotAllowedError(ShensuError):
    """The address does not take this method."""

    status: ClassVar[int] = 405
    code: ClassVar[str] = "method-not-allowed"
    title: ClassVar[str] = "Method not allowed"


class HttpError(ShensuError):
    """The framework refused the request for a reason of HTTP."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "http-error"
    title: ClassVar[str] = "Request refused"


_OF_FRAMEWORK: Mapping[int, ShensuError] = {
    404: NotFoundError(
        "There is nothing at this address; the description of the interface is at /openapi.json."
    ),
    405: MethodNotAllowedError(
        "This address does not take this method; the Allow header lists those it takes."
    ),
}
_OTHER = HttpError("The request was refused; the description of the interface is at /openapi.json.")
"""Our texts for refusals of the framework."""
log = structlog.get_logger()


class PostOnlyError(HTTPException):
    """The address takes only POST, although another address with a parameter at this place takes more methods."""

    def __init__(self) -> None:
        super().__init__(METHOD_NOT_ALLOWED, headers={"Allow": "POST"})


async def post_only(_request: Request) -> Response:
    """Refuse a method at an address that takes only POST: the endpoint of a route before those with parameters."""
    raise PostOnlyError


OTHER_THAN_POST = ("GET", "PUT", "PATCH", "DELETE")
"""The methods of a route to `post_only`."""


def response(error: ShensuError, request: Request) -> Response:
    """Render a business error."""
    headers = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    content = serialisation.to_bytes(problems.body(error, request.scope.get("shensu.request_id")))
    return Response(content, status_code=error.status, media_type=MEDIA_TYPE, headers=headers)


async def _business(request: Request, error: Exception) -> Response:
    assert isinstance(error, ShensuError)  # noqa: S101 - registered for this class only
    return response(error, request)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    refused = _OF_FRAMEWORK.get(error.status_code, _OTHER)
    problem = problems.body(refused, request.scope.get("shensu.request_id")) | {"status": error.status_code}
    headers = dict(error.headers or {})
    if error.status_code == METHOD_NOT_ALLOWED and not isinstance(error, PostOnlyError):
        headers["Allow"] = ", ".join(_methods(request))
    return Response(serialisation.to_bytes(problem), error.status_code, headers, MEDIA_TYPE)


def _methods(request: Request) -> list[str]:
    """Return the methods of an address over all its routes: the framework names only those of the first route."""
    methods = ("DELETE", "GET", "PATCH", "POST", "PUT")
    routes = request.app.routes
    taken = [
        method
        for method in methods
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    ]
    return [*taken, "HEAD"] if "GET" in taken else taken


async def _parameters(request: Request, error: Exception) -> Response:
    rows = getattr(error, "errors")()  # noqa: B009 - the framework's own validation error, which this layer does not know
    faults = problems.field_errors(rows)
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
    """Render a fault of the platform: the log gets the place, the client gets the request id, nobody gets the text."""
    log.error("unexpected_error", request_id=request.scope.get("shensu.request_id"), exc_info=error)
    problem = InternalError(
        "Something went wrong on our side; it is logged under the request id. The same request may be sent again."
    )
    return response(problem, request)


def install(app: Starlette, parameter_error: type[Exception]) -> None:
    """Make an application answer every refusal with a problem; `parameter_error` is the framework's validation error."""
    app.add_exception_handler(ShensuError, _business)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(parameter_error, _parameters)
    for kind in database.NO_ANSWER:
        app.add_exception_handler(kind, _database)
    app.add_exception_handler(Exception, unexpected)
