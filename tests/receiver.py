"""A receiver of webhooks for tests: a real HTTP server of its own, that keeps what came and answers as it is told."""

import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Self

from ops.stack import processes
from shared import serialisation


class Got(NamedTuple):
    """One request as it came."""

    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def id(self) -> str:
        """The id by which a receiver tells repetitions."""
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        """The message."""
        event: dict[str, Any] = serialisation.from_text(self.body)
        return event


class Reply(NamedTuple):
    """How to answer: a status, further headers, how long to wait before; and how many bytes to say."""

    status: int = 204
    headers: tuple[tuple[str, str], ...] = ()
    seconds: float = 0.0
    size: int = 0


Answering = Callable[[Got], Reply]


class Receiver:
    """Listens on 127.0.0.1, always on the same port; it can be taken down and brought up again."""

    def __init__(self, answering: Answering = lambda _got: Reply()) -> None:
        self.answering = answering
        self.got: list[Got] = []
        self.port = processes.free_port()
        self._server: ThreadingHTTPServer | None = None
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        """Where it listens, in the form that development takes."""
        return f"http://127.0.0.1:{self.port}/hooks"

    def __enter__(self) -> Self:
        self.up()
        return self

    def __exit__(self, *_: object) -> None:
        self.down()

    def up(self) -> None:
        """Listen."""
        self._server = _Server(("127.0.0.1", self.port), self._handler())
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def down(self) -> None:
        """Listen no more: connections are refused."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def note(self, got: Got) -> Reply:
        """Keep a request and say how to answer it."""
        with self._lock:
            self.got.append(got)
        return self.answering(got)

    def by_case(self) -> dict[str, list[str]]:
        """Return the sequences that came, by case, in the order of their coming, each message once."""
        numbers: dict[str, list[str]] = {}
        for event in {got.id: got for got in reversed(self.got)}.values():
            numbers.setdefault(event.event["subject"], []).append(event.event["sequence"])
        return {subject: seqs[::-1] for subject, seqs in numbers.items()}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class _Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                length = int(self.headers["content-length"])
                body = self.rfile.read(length)
                if len(body) < length:
                    # the sender was killed in the middle of it
                    self.close_connection = True
                    return
                headers = {name.lower(): value for name, value in self.headers.items()}
                reply = receiver.note(Got(headers, body, time.monotonic()))
                time.sleep(reply.seconds)
                self.send_response(reply.status)
                for name, value in reply.headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(reply.size))
                self.end_headers()
                self.wfile.write(b"x" * reply.size)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
                del format, args

        return _Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: object, client_address: object) -> None:
        # a sender that hangs up is no fault of the receiver
        del request, client_address
