"""Serves an API process: one event loop, the middleware outermost, no personal data in logs."""

import gc

import uvicorn
from starlette.types import ASGIApp

from shared import logging
from shared.http.middleware import Middleware
from shared.settings import Settings

GRACE_SECONDS = 10


def serve(app: ASGIApp, *, service: str, port: int, settings: Settings) -> None:
    """Serve an application until the process is stopped; running requests are finished first."""
    logging.configure(service, settings.log_level)
    _collect_rarely()
    uvicorn.run(
        Middleware(app),
        host=settings.host,
        port=port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def _collect_rarely() -> None:
    """Exclude the objects that exist before the first request from garbage collection, and collect rarely.

    A batch creates tens of thousands of objects and hardly any cycle: the collections took a third of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
