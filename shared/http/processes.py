"""Several processes of one service on one port: a parent forks them, replaces those that end, and drains all at its own end.

The parent binds a socket for each process (SO_REUSEPORT), so that the kernel spreads connections evenly, and keeps it open:
connections that wait for a process that ended are served by the next one. The processes share the memory of what was
imported before the fork. They answer `/metrics` together, by files that `prometheus_client` keeps in a folder of this start.
"""

import os
import signal
import socket
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from uvicorn.config import STARTUP_FAILURE
from uvicorn.importer import import_from_string

from shared import logging
from shared.settings import Settings

METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_STOPPING = (signal.SIGTERM, signal.SIGINT)
_TICK_SECONDS = 0.1
_STEADY_SECONDS = 10.0
"""A process that lived so long is replaced at once; one that ended sooner is replaced after a growing pause."""
_LONGEST_PAUSE_SECONDS = 30.0
_PORT_FREE_WITHIN_SECONDS = 5.0
"""How long processes of a killed parent may need to leave the port."""
_DRAIN_SECONDS = 13.0
"""Longer than a process takes to finish its requests, shorter than the patience of `ops.stack.supervisor`."""
_BACKLOG = 2048
log = structlog.get_logger()


def run(factory: str, *, service: str, port: int, count: int, settings: Settings) -> None:
    """Serve the application that `factory` (`module:function`) makes of the settings, from `count` processes, until the end.

    Names are resolved here, not imported above: prometheus_client decides at its import whether processes share metrics.
    """
    logging.configure(service, settings.log_level)
    if count == 1:
        sys.exit(_server(factory, port, settings).run())
    with tempfile.TemporaryDirectory(prefix="shensu-metrics-") as folder:
        os.environ[METRICS_FOLDER] = folder  # noqa: TID251 - prometheus_client has no other switch
        server = _server(factory, port, settings)
        wait_until_free(settings.host, port)
        parent = Parent(
            serve=server.run,
            listen=lambda: listen(settings.host, port),
            on_end=import_from_string("prometheus_client.multiprocess:mark_process_dead"),
            count=count,
        )
        code = parent.run()
    sys.exit(code)


def _server(factory: str, port: int, settings: Settings) -> Any:
    make = import_from_string("shared.http.server:Server")
    return make(import_from_string(factory)(settings), settings.host, port)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that shares its port with those of the other processes."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=_BACKLOG, reuse_port=True)


def wait_until_free(host: str, port: int) -> None:
    """Wait until nobody else listens on the port, because sockets that share a port would not notice. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    give_up = time.monotonic() + _PORT_FREE_WITHIN_SECONDS
    while True:
        try:
            socket.create_server((host, port), family=family).close()
        except OSError:
            if time.monotonic() > give_up:
                raise
            time.sleep(_TICK_SECONDS)
        else:
            return


@dataclass(slots=True)
class _Place:
    """The place of one process: its socket, its present process (0: none), and when it may start again."""

    listener: socket.socket | None = None
    pid: int = 0
    started: float = 0.0
    failures: int = 0
    due: float = 0.0


class Parent:
    """Forks processes and replaces them.

    `serve` runs in a child and returns its exit code; `listen` makes its socket; `on_end` gets the id of a child that ended.
    """

    def __init__(
        self,
        *,
        serve: Callable[[socket.socket], int],
        listen: Callable[[], socket.socket],
        on_end: Callable[[int], None],
        count: int,
    ) -> None:
        self._serve = serve
        self._listen = listen
        self._on_end = on_end
        self._places = [_Place() for _ in range(count)]
        self._began = time.monotonic()
        self._stops = False
        self._code = 0

    def run(self) -> int:
        """Keep the processes until a signal to end, or until one cannot start at all; return the exit code."""
        for sign in _STOPPING:
            signal.signal(sign, self._stop)
        while not self._stops:
            for place in self._places:
                if not place.pid and place.due <= time.monotonic():
                    self._start(place)
            self._reap()
            time.sleep(_TICK_SECONDS)
        self._drain()
        return self._code

    def _stop(self, _number: int, _frame: object) -> None:
        self._stops = True

    def _start(self, place: _Place) -> None:
        if place.listener is None:
            place.listener = self._listen()
        # a signal that comes before the child has its own handlers waits until then
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
        try:
            pid = os.fork()
            if pid == 0:
                self._become_child(place, place.listener)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
        place.pid, place.started = pid, time.monotonic()
        log.info("process_started", task=str(pid))

    def _become_child(self, place: _Place, listener: socket.socket) -> None:
        """Serve as the child; never returns."""
        code = 1
        try:
            for sign in _STOPPING:
                signal.signal(sign, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
            for other in self._places:
                if other is not place and other.listener is not None:
                    other.listener.close()
            code = self._serve(listener)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except BaseException:  # noqa: BLE001 - the parent's stack must not be unwound in the child
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _reap(self) -> None:
        for place in self._places:
            if not place.pid:
                continue
            pid, status = os.waitpid(place.pid, os.WNOHANG)
            if pid:
                self._note_end(place, os.waitstatus_to_exitcode(status))

    def _note_end(self, place: _Place, code: int) -> None:
        self._on_end(place.pid)
        now = time.monotonic()
        place.failures = 0 if now - place.started > _STEADY_SECONDS else place.failures + 1
        pause = min(2.0 ** (place.failures - 2), _LONGEST_PAUSE_SECONDS) if place.failures > 1 else 0.0
        place.pid, place.due = 0, now + pause
        if self._stops:
            return
        log.warning("process_ended", state=_how(code), seconds=pause)
        if pause and place.listener is not None:
            # nobody would serve what the kernel sends there meanwhile
            place.listener.close()
            place.listener = None
        if code == STARTUP_FAILURE and now - self._began < _STEADY_SECONDS:
            # a fault of the settings: it would be the same for ever
            self._stops, self._code = True, code

    def _drain(self) -> None:
        """Take no connection any more, let every process finish its requests, and kill those that do not end in time."""
        for place in self._places:
            if place.listener is not None:
                place.listener.close()
        self._signal(signal.SIGTERM)
        give_up = time.monotonic() + _DRAIN_SECONDS
        while self._living() and time.monotonic() < give_up:
            time.sleep(_TICK_SECONDS)
            self._reap()
        self._signal(signal.SIGKILL)
        while self._living():
            self._reap()

    def _living(self) -> Sequence[_Place]:
        return [place for place in self._places if place.pid]

    def _signal(self, number: signal.Signals) -> None:
        for place in self._living():
            os.kill(place.pid, number)


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"code {code}"
