"""Serves an API process: one event loop, the middleware outermost, no personal data in logs."""

import gc
import os
import socket

import uvicorn
from starlette.types import ASGIApp
from uvicorn.config import STARTUP_FAILURE

from shared.http.middleware import Middleware

GRACE_SECONDS = 10


class Server:
    """The server of one application. Made before a fork, it serves in the child."""

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        self._config = uvicorn.Config(
            Middleware(app),
            host=host,
            port=port,
            loop="uvloop",
            http="httptools",
            access_log=False,
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        self._maker = os.getpid()
        _collect_rarely()

    def run(self, listener: socket.socket | None = None) -> int:
        """Serve until the process is stopped; running requests are finished first. Returns the exit code.

        With `listener`, serve on that socket, as a child that also ends when its parent has ended.
        """
        server = uvicorn.Server(self._config) if listener is None else _Child(self._config, self._maker)
        try:
            server.run(None if listener is None else [listener])
        except KeyboardInterrupt:
            return 0
        return 0 if server.started else STARTUP_FAILURE


class _Child(uvicorn.Server):
    """Ends with its parent, also with one that was killed: nobody would replace or drain it."""

    def __init__(self, config: uvicorn.Config, parent: int) -> None:
        super().__init__(config)
        self._parent = parent

    async def on_tick(self, counter: int) -> bool:
        """Report whether to end; the framework asks ten times a second."""
        if os.getppid() != self._parent:
            self.should_exit = True
        return await super().on_tick(counter)


def _collect_rarely() -> None:
    """Exclude the objects that exist before the first request from garbage collection, and collect rarely.

    A batch creates tens of thousands of objects and hardly any cycle: the collections took a third of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
