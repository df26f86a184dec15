"""Hostile orders and steps of a hotline: each refused with what to change, nothing of them repeated, and none in a log."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.intake_api.ordering import ORDERS, hangzhou, order, send
from tests.problems import assert_problem
from tests.running import Stack

__all__ = ["hangzhou", "send"]
CANARY = "欧阳金丝雀13987650123"
HOSTILE: tuple[tuple[str, Any, int], ...] = (
    ("no JSON", b"{", 400),
    ("an array", [], 422),
    ("nothing", {}, 422),
    ("an unknown field", order(colour=CANARY), 422),
    ("no caller to reach", order(caller={"name": CANARY}), 422),
    ("no telephone number", order(caller={"phone": CANARY}), 422),
    ("two limits", order(due_at="2099-01-01T00:00:00+08:00", handle_days=3), 422),
    ("a limit long ago", order(due_at="2001-01-01T00:00:00+08:00"), 422),
    ("a limit beyond any", order(handle_days=100_000), 422),
    ("a path for a number", order(order_no="../../etc/passwd"), 422),
    ("a number of dots", order(order_no=".."), 422),
    ("a number too long", order(order_no="1" * 65), 422),
    ("a number in full width", order(order_no="１２３"), 422),
    ("a number with a line feed", order(order_no="HZ-1\n"), 422),
    ("a kind that there is not", order(kind=CANARY), 422),
    ("control characters", order(content=f"{CANARY}\x00"), 422),
    ("text too long", order(content=CANARY * 1000), 422),
    ("a number for a text", order(content=12345), 422),
    ("a text for a truth", order(confidential="yes"), 422),
    ("a place that there is not", order(place={"region_code": "999999"}), 422),
    ("an enterprise by a wrong code", order(carrier_code="NOBODY"), 422),
    ("nested deep", b'{"content":' + b"[" * 5000 + b"]" * 5000 + b"}", 400),
    ("seconds since 1970", order(received_at=1700000000), 422),
    ("no offset", order(received_at="2026-01-01T00:00:00"), 422),
    ("the future", order(dispatched_at="2199-01-01T00:00:00+08:00"), 422),
    ("a flag repeated beyond count", order(flags=["ELDERLY"] * 50), 422),
    ("a body too large", order(content="x", title="y" * 70_000), 413),
)


@pytest.mark.parametrize(("what", "body", "status"), HOSTILE, ids=[what for what, *_ in HOSTILE])
def test_hostile_orders_are_refused_and_nothing_of_them_is_repeated(
    what: str, body: Any, status: int, send: Callable[..., httpx.Response]
) -> None:
    del what
    assert_problem(send(ORDERS, body), status, canary=CANARY)


HOSTILE_STEPS: tuple[tuple[str, Any], ...] = (
    ("withdraw", {}),
    ("withdraw", {"reason": ""}),
    ("extension", {"decision": "GRANTED"}),
    ("extension", {"decision": "REFUSED", "due_at": "2099-01-01T00:00:00+08:00"}),
    ("extension", {"decision": "MAYBE"}),
    ("visit", {}),
    ("visit", {"result": "PERFECT"}),
    ("redo", {"due_at": "2099-01-01T00:00:00+08:00"}),
    ("supplement", {"request": 7}),
    ("urge", {"note": "x" * 2001}),
    ("finish", {"colour": CANARY}),
)


@pytest.mark.parametrize(("verb", "form"), HOSTILE_STEPS)
def test_hostile_steps_are_refused(verb: str, form: Any, send: Callable[..., httpx.Response]) -> None:
    path = f"{ORDERS}/HZ-any/{verb}"
    assert_problem(send(path, form, idempotency_key=uuid.uuid4().hex), 422, canary=CANARY)


@pytest.fixture(scope="module", autouse=True)
def _quiet_logs(stack: Stack) -> Iterator[None]:
    yield
    for log in sorted((stack.home / "logs").glob("*.log")):
        assert CANARY not in log.read_text(encoding="utf-8", errors="replace"), log.name
