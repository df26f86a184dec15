"""The sandbox's HTTP server: webhooks in, commands in, on this machine only. Small, as an example for integrators."""

import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol

from ops.stack import processes
from shared import serialisation
from shared.serialisation import Json

LARGEST = 1024 * 1024
HOST = "127.0.0.1"


class Played(Protocol):
    """The simulated carrier: receives webhooks and commands, and returns its record."""

    def receive(self, headers: Mapping[str, str], body: bytes) -> int:
        """Receive a webhook; return the status of the response."""

    def control(self, command: Json) -> Json:
        """Execute a command."""

    def report(self) -> Json:
        """Return the record of messages and responses."""


class Listener:
    """Listens on this machine, always on the same port; it can stop and start again."""

    def __init__(self, played: Played, port: int = 0) -> None:
        self._played = played
        self._port = port or processes.free_port()
        self._server: _Server | None = None

    @property
    def url(self) -> str:
        """The address of the server."""
        return f"http://{HOST}:{self._port}"

    def up(self) -> None:
        """Start listening."""
        if self._server is None:
            self._server = _Server(self._port, self._played)
            threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def down(self) -> None:
        """Stop listening: connections are refused."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port: int, played: Played) -> None:
        super().__init__((HOST, port), _Handler)
        self.played = played

    def handle_error(self, request: object, client_address: object) -> None:
        """Log nothing: a sender that hangs up is no fault of the receiver."""
        del request, client_address


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        size = int(self.headers.get("content-length", "0"))
        if size > LARGEST:
            self.close_connection = True
            self._answer(413)
            return
        body = self.rfile.read(size)
        if self.path == "/hooks":
            headers = {name.lower(): value for name, value in self.headers.items()}
            self._answer(self.server.played.receive(headers, body))
        elif self.path == "/control":
            self._command(body)
        else:
            self._answer(404)

    def do_GET(self) -> None:
        if self.path == "/control":
            self._answer(200, self.server.played.report())
        else:
            self._answer(404)

    def _command(self, body: bytes) -> None:
        try:
            self._answer(200, self.server.played.control(serialisation.from_text(body)))
        except Exception as error:  # noqa: BLE001 - a process edge: whoever commands is told what was wrong
            self._answer(400, {"error": f"{type(error).__name__}: {error}"})

    def _answer(self, status: int, value: Json | None = None) -> None:
        body = b"" if value is None else serialisation.to_bytes(value)
        self.send_response(status)
        if body:
            self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
        del format, args
