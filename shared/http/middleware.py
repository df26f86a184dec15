"""The outermost layer of each API: request id, access log, metrics, security headers.

Plain ASGI, because it runs for every request.
"""

import secrets
import string
import time

import structlog
from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUESTS = Counter("shensu_http_requests", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram(
    "shensu_http_request_seconds",
    "Time to answer",
    ["route"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 3, 10),
)
_ID_CHARACTERS = frozenset(string.ascii_letters + string.digits + "-_.")
_ID_LENGTH = 64
_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
]
METHOD_SENT = "shensu.method"
"""The key in a scope of the method that the client sent and signed, if the application sees another one."""
log = structlog.get_logger()


class Middleware:
    """Wraps an application; uses the client's X-Request-ID if it is harmless, else creates one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method = scope["method"]
        scope["shensu.request_id"] = _request_id(scope)
        if method == "HEAD":
            # answered like GET; the server omits the body (RFC 9110, 9.3.2)
            scope = {**scope, "method": "GET", METHOD_SENT: method}
        started, status = time.perf_counter(), 500

        async def _send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _complete_headers(message, scope)
            await send(message)

        try:
            await self._app(scope, receive, _send)
        finally:
            _record(scope, method, status, time.perf_counter() - started)


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and 0 < len(value) <= _ID_LENGTH:
            text: str = value.decode("latin-1")
            if _ID_CHARACTERS.issuperset(text):
                return text
    return secrets.token_hex(8)


def _complete_headers(message: Message, scope: Scope) -> None:
    headers = message.setdefault("headers", [])
    present = {name for name, _ in headers}
    headers.append((b"x-request-id", scope["shensu.request_id"].encode()))
    per_minute = scope.get("shensu.per_minute")
    if per_minute is not None:
        headers.append((b"x-ratelimit-limit", b"%d" % per_minute))
    headers.extend(header for header in _HEADERS if header[0] not in present)


def _record(scope: Scope, method: str, status: int, seconds: float) -> None:
    # the template of the route, never the path: a path may hold personal data
    route = getattr(scope.get("route"), "path", "unmatched")
    REQUESTS.labels(method, route, status).inc()
    SECONDS.labels(route).observe(seconds)
    log.info(
        "request",
        request_id=scope["shensu.request_id"],
        method=method,
        route=route,
        status=status,
        milliseconds=round(seconds * 1000, 1),
        client=scope.get("shensu.client"),
    )
