"""How an API process is served: one event loop, the edge outermost, personal data in no log."""

import uvicorn
from starlette.types import ASGIApp

from shared import logging
from shared.http.edge import Edge
from shared.settings import Settings

GRACE_SECONDS = 10


def serve(app: ASGIApp, *, service: str, port: int, settings: Settings) -> None:
    """Serve an application until the process is told to stop; requests under way are finished first."""
    logging.configure(service, settings.log_level)
    uvicorn.run(
        Edge(app),
        host=settings.host,
        port=port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
