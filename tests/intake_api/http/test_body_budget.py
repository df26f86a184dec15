"""The budget of bodies: however many send at once, a process keeps so many bytes and no more; slow ones keep nobody out."""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from structlog.testing import capture_logs

from intake_api.http import bodies
from intake_api.http import body_budget as module
from intake_api.http.body_budget import BodyBudget
from shared.http import problems
from shared.http.middleware import Middleware
from tests.problems import assert_problem
from tests.running import Stack, wait_for

Run = Callable[[Coroutine[Any, Any, Any]], Any]
LARGE = 1024 * 1024
HALF = bytes(LARGE // 2)


@pytest.fixture
def app() -> FastAPI:
    """Return an application that reads large bodies, with room for two of them at once."""
    made = FastAPI()
    made.add_middleware(BodyBudget, size=2 * LARGE)
    problems.install(made, RequestValidationError)

    async def _read(request: Request) -> Response:
        return Response(str(len(await bodies.read(request, LARGE))))

    made.add_api_route("/", _read, methods=["POST"])
    return made


class Senders:
    """Senders of large bodies who stop in the middle of them until they are let go on."""

    def __init__(self, app: FastAPI) -> None:
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(Middleware(app)), base_url="http://intake"
        )
        self.begun = 0
        self.go_on = asyncio.Event()

    async def send(self, *, announced: bool) -> httpx.Response:
        """Send one body."""
        headers = {"Content-Length": str(LARGE)} if announced else {}
        return await self.http.post("/", content=self._body(), headers=headers)

    async def _body(self) -> AsyncIterator[bytes]:
        self.begun += 1
        yield HALF
        await self.go_on.wait()
        yield HALF

    async def until_begun(self, number: int) -> None:
        """Wait until so many are being read, and see that no more are."""
        async with asyncio.timeout(5):
            while self.begun < number:  # noqa: ASYNC110 - another task counts
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        assert self.begun == number


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "not announced"])
def test_more_than_there_is_room_for_waits_unread_and_gets_its_turn(
    app: FastAPI,
    run: Run,
    announced: bool,  # noqa: FBT001 - a parameter of pytest
) -> None:
    async def _many() -> list[httpx.Response]:
        senders = Senders(app)
        sent = [asyncio.create_task(senders.send(announced=announced)) for _ in range(7)]
        await senders.until_begun(2)
        # what is small needs no room
        assert (await senders.http.post("/", content=b"x")).text == "1"
        senders.go_on.set()
        return list(await asyncio.gather(*sent))

    assert [(answer.status_code, answer.text) for answer in run(_many())] == [(200, str(LARGE))] * 7


def test_a_slow_sender_gets_408_and_gives_its_budget_back(
    app: FastAPI, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "READ_SECONDS", 0.3)

    async def _slow() -> list[httpx.Response]:
        senders = Senders(app)
        slow = [asyncio.create_task(senders.send(announced=True)) for _ in range(2)]
        await senders.until_begun(2)
        quick = await senders.http.post("/", content=HALF * 2)
        assert quick.status_code == 200
        return list(await asyncio.gather(*slow))

    for answer in run(_slow()):
        assert_problem(answer, 408, "body-too-slow")


def test_who_gets_no_budget_for_long_gets_503_and_retries(
    app: FastAPI, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.1)

    async def _late() -> httpx.Response:
        senders = Senders(app)
        slow = [asyncio.create_task(senders.send(announced=True)) for _ in range(2)]
        await senders.until_begun(2)
        late = await senders.http.post("/", content=HALF * 2)
        senders.go_on.set()
        await asyncio.gather(*slow)
        # nothing of the room went lost by it
        assert (await senders.http.post("/", content=HALF * 2)).status_code == 200
        return late

    refused = run(_late())
    assert assert_problem(refused, 503, "too-much-at-once")["retryable"]
    assert int(refused.headers["retry-after"]) > 0


def test_a_refused_or_broken_request_gives_its_room_back(app: FastAPI, run: Run) -> None:
    async def _breaks(request: Request) -> Response:
        await bodies.read(request, LARGE)
        raise ZeroDivisionError

    app.add_api_route("/breaks", _breaks, methods=["POST"])

    async def _again_and_again() -> None:
        http = Senders(app).http
        for _ in range(5):
            with pytest.raises(ZeroDivisionError):
                await http.post("/breaks", content=HALF * 2)

            async def _too_much() -> AsyncIterator[bytes]:
                for _ in range(3):
                    yield HALF

            assert (await http.post("/", content=_too_much())).status_code == 413
        assert (await http.post("/", content=HALF * 2)).status_code == 200

    with capture_logs() as logs:
        run(_again_and_again())
    assert [log["event"] for log in logs if log["log_level"] == "error"] == ["unexpected_error"] * 5


SENDERS, SENT = 16, 19 * 1024 * 1024


@contextlib.contextmanager
def _stalled(stack: Stack, path: str, media_type: str) -> Iterator[socket.socket]:
    """Give a connection over which a body of twenty megabytes is announced; the test sends of it what it likes."""
    address = urlsplit(stack.intake)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {stack.as_client('carrier-zto')['Authorization']}\r\n"
        f"Content-Type: {media_type}\r\nContent-Length: {20 * 1024 * 1024}\r\n\r\n"
    )
    with socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=5) as connection:
        connection.sendall(head.encode())
        connection.settimeout(0)
        yield connection


def _resident(stack: Stack) -> float:
    status = Path(f"/proc/{stack.supervisor.child('intake_api').pid}/status").read_text(encoding="ascii")
    fields = dict(line.split(":", 1) for line in status.splitlines())
    return int(fields["VmRSS"].split()[0]) / 1024


def test_many_slow_uploads_and_batches_do_not_fill_the_memory(
    stack: Stack, filing: Callable[..., dict[str, Any]]
) -> None:
    number = stack.post(filing()).json()["number"]
    wait_for(lambda: stack.get(f"/v1/complaints/{number}").json()["forwarded_at"], "forwarded")
    before = _resident(stack)
    upload = (f"/v1/carrier/cases/{number}/evidence", "application/octet-stream")
    batch = ("/v1/carrier/tracking", "application/x-ndjson")
    with contextlib.ExitStack() as opened:
        connections = [
            opened.enter_context(_stalled(stack, *(upload, batch)[place % 2])) for place in range(SENDERS)
        ]
        sent, give_up = [0] * SENDERS, time.monotonic() + 3
        piece = bytes(256 * 1024)
        while time.monotonic() < give_up:
            for place, connection in enumerate(connections):
                with contextlib.suppress(BlockingIOError):
                    sent[place] += connection.send(piece[: SENT - sent[place]]) if sent[place] < SENT else 0
            time.sleep(0.001)
        assert sum(state == SENT for state in sent) <= module.SIZE // SENT
        assert _resident(stack) - before < module.SIZE / 1024**2 + 20
        # meanwhile what is small goes through
        assert stack.post(filing()).status_code == 201
    # those who hung up left their room to others
    whole = stack.http.post(
        f"{stack.intake}{batch[0]}",
        content=b"{}\n" * 300_000,
        headers=stack.as_client("carrier-zto") | {"Content-Type": batch[1]},
    )
    assert_problem(whole, 422)
