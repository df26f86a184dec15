"""What tests of the intake API share: raw posts, clients of their own, and the ledger that nothing is lost or doubled."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from services.access.clients import NewKey
from tests.intake_api.ledger import Ledger
from tests.running import Stack

Send = Callable[..., httpx.Response]
JSON = "application/json"
NDJSON = "application/x-ndjson"
LEAST_CANARY = 8


@pytest.fixture(scope="module")
def ledger(stack: Stack) -> Iterator[Ledger]:
    """Assert, after a module, that as many complaints are stored as were acknowledged, and that no log has a canary."""
    before = count(stack)
    ledger = Ledger()
    yield ledger
    assert count(stack) == before + ledger.stored
    for log in sorted((stack.home / "logs").glob("*.log")):
        text = log.read_text(encoding="utf-8", errors="replace")
        assert not [canary for canary in ledger.canaries if canary in text], log.name


def count(stack: Stack) -> int:
    """Return how many complaints are stored."""
    return int(stack.query("SELECT count(*) FROM complaint")[0][0])


@pytest.fixture
def send(stack: Stack, ledger: Ledger) -> Send:
    """Return a function that sends any body with any headers; a header of None is left out."""

    def _send(
        body: Any = b"",
        *,
        path: str = "/v1/complaints",
        method: str = "POST",
        client: str = "call-centre",
        canary: str = "",
        **headers: str | None,
    ) -> httpx.Response:
        # a shorter one stands in some time or request id of a log by accident
        if len(canary) >= LEAST_CANARY:
            ledger.canaries.add(canary)
        plain: dict[str, str | None] = {
            "content-type": JSON,
            "idempotency-key": uuid.uuid4().hex,
            "authorization": stack.as_client(client)["Authorization"],
        }
        chosen = plain | {name.replace("_", "-"): value for name, value in headers.items()}
        kept = {name.encode(): value.encode() for name, value in chosen.items() if value is not None}
        return ledger.note(stack.http.request(method, f"{stack.intake}{path}", content=body, headers=kept))

    return _send


@pytest.fixture(scope="session")
def new_client(stack: Stack) -> Callable[..., NewKey]:
    """Return a function that makes a client of the running stack; without scopes it may file and read its own."""

    def _create(
        per_minute: int = 60_000, scopes: tuple[str, ...] = ("complaint:write", "complaint:read")
    ) -> NewKey:
        return stack.new_client("portal", *scopes, per_minute=per_minute)

    return _create


@pytest.fixture
def waiting(stack: Stack, filing: Callable[..., dict[str, Any]]) -> Callable[..., tuple[str, int]]:
    """Return a function that files a complaint which waits for Hangzhou's officers; returns number and version.

    The request is missing: without it the machine does not accept a case.
    """

    def _file(**changes: Any) -> tuple[str, int]:
        number = stack.post(filing(request=None, **changes)).json()["number"]
        return number, stack.wait_until_routed(number)["version"]

    return _file
