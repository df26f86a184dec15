"""How an API process is served: one event loop, the edge outermost, personal data in no log."""

import gc

import uvicorn
from starlette.types import ASGIApp

from shared import logging
from shared.http.middleware import Middleware
from shared.settings import Settings

GRACE_SECONDS = 10


def serve(app: ASGIApp, *, service: str, port: int, settings: Settings) -> None:
    """Serve an application until the process is told to stop; requests under way are finished first."""
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
    """Let the collector of reference cycles leave alone what was there before the first request, and come rarely.

    A batch makes tens of thousands of objects and hardly a cycle: looking through them all took a third of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
