"""Structured logs: one JSON object per line, without phone numbers, names, addresses or bodies."""

import logging
import sys
import traceback
from collections.abc import Iterator

import orjson
import structlog
from structlog.typing import EventDict, Processor

OUR_PACKAGES = frozenset({"services", "intake_api", "routing_worker", "analytics_api", "shared", "ops"})
ALLOWED_FIELDS = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "service",
        "request_id",
        "method",
        "route",
        "status",
        "milliseconds",
        "client",
        "number",
        "bureau",
        "rule",
        "kind",
        "count",
        "attempts",
        "task",
        "error",
        "seconds",
        "days",
        "months",
        "state",
        "version",
        "import_id",
        "part",
        "exception",
        "audience",
    }
)
"""The allowed fields. All others are dropped, so that a careless call cannot leak personal data."""


def _only_allowed(_logger: object, _method: str, event: EventDict) -> EventDict:
    return {key: value for key, value in event.items() if key in ALLOWED_FIELDS}


def _exception_without_values(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Keep the place of an exception and drop its text: driver errors quote the refused row."""
    info = event.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info
    if isinstance(error, BaseException):
        event["exception"] = " < ".join(_kinds(error)) + _place(error)
    return event


def _kinds(error: BaseException | None) -> Iterator[str]:
    while error is not None:
        state = getattr(error, "sqlstate", None)
        yield f"{type(error).__module__}.{type(error).__qualname__}" + (
            f"[{state}]" if isinstance(state, str) else ""
        )
        error = error.__cause__


def _place(error: BaseException) -> str:
    """Return the innermost place of an exception in our own code."""
    ours = [
        (frame.f_globals["__name__"], line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if str(frame.f_globals.get("__name__")).partition(".")[0] in OUR_PACKAGES
    ]
    return f" at {ours[-1][0]}:{ours[-1][1]}" if ours else ""


class _WithoutText(logging.Formatter):
    """Logs of other libraries: logger and severity only, because texts and tracebacks may quote the input."""

    def __init__(self, service: str) -> None:
        super().__init__(
            f'{{"service":"{service}","event":"library_log","kind":"%(name)s","level":"%(levelname)s"}}'
        )

    def formatException(self, ei: object) -> str:  # noqa: N802 - the library's own name
        del ei
        return ""


def configure(service: str, level: str = "INFO") -> None:
    """Send every log of this process to standard output as JSON lines, marked with the service's name."""

    def _service(_logger: object, _method: str, event: EventDict) -> EventDict:
        event["service"] = service
        return event

    processors: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _service,
        _exception_without_values,
        _only_allowed,
    ]
    structlog.configure(
        processors=[*processors, structlog.processors.JSONRenderer(serializer=orjson.dumps)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.BytesLoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_WithoutText(service))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
