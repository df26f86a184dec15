"""Webhooks by a real worker to a real receiver: down for an hour, gone, asking for time; and a worker that is killed.

Time is not waited for: what would be due in an hour is made due in the database.
"""

import contextlib
import functools
import os
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from standardwebhooks import Webhook

from ops.stack.supervisor import readiness
from tests.receiver import Receiver, Reply
from tests.running import Stack, running, wait_for

pytestmark = pytest.mark.slow
Filing = Callable[..., dict[str, Any]]
CASES = 12


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Run a stack of its own."""
    with running(tmp_path_factory.mktemp("webhooks"), durable=False) as stack:
        yield stack


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Return a receiver that listens and takes everything."""
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def register(stack: Stack) -> Iterator[Callable[[Receiver, str], str]]:
    """Return a function that registers a receiver for an audience, for one test, and returns its secret."""
    with contextlib.ExitStack() as contexts:
        yield lambda receiver, audience: contexts.enter_context(stack.registered(audience, receiver.url))


@pytest.fixture
def secret(receiver: Receiver, register: Callable[[Receiver, str], str]) -> str:
    """Register the receiver for ZTO; return its secret."""
    return register(receiver, "carrier:ZTO")


@pytest.fixture
def forwarded(stack: Stack, filing: Filing) -> Callable[[int], list[str]]:
    """Return a function that files complaints and waits until their enterprise has been told of them."""

    def _forwarded(count: int) -> list[str]:
        numbers = [stack.post(filing()).json()["number"] for _ in range(count)]
        wait_for(lambda: _told(stack, numbers) == count or None, "forwarded", seconds=30)
        return numbers

    return _forwarded


def _told(stack: Stack, numbers: list[str]) -> int:
    return int(
        stack.query(
            "SELECT count(*) FROM complaint c JOIN feed_entry f ON f.complaint_id = c.id WHERE c.number = ANY($1)",
            numbers,
        )[0][0]
    )


def _follow_up(stack: Stack, number: str) -> None:
    version = stack.get(f"/v1/complaints/{number}").json()["version"]
    headers = stack.as_client("desk-hangzhou") | {"X-Operator-Id": "li.na", "If-Match": f'"{version}"'}
    url = f"{stack.intake}/v1/desk/cases/{number}/follow-up"
    assert stack.http.post(url, json={"message": "请今日内联系用户。"}, headers=headers).status_code == 200


def _states(stack: Stack) -> set[str]:
    return {row[0] for row in stack.query("SELECT state FROM delivery")}


def _all_delivered(stack: Stack, *, seconds: float = 30) -> None:
    wait_for(lambda: _states(stack) == {"DELIVERED"} or None, "everything is delivered", seconds=seconds)


def _hour_later(stack: Stack) -> None:
    """Make due what would have been due meanwhile."""
    stack.query("UPDATE endpoint SET open_until = clock_timestamp() WHERE open_until IS NOT NULL RETURNING 1")
    stack.query(
        "UPDATE delivery SET next_at = created_at WHERE state = 'PENDING' AND lease_token IS NULL RETURNING 1"
    )


def _revive(stack: Stack) -> None:
    """Look after the stack, as `ops up` does, until its worker is there again."""

    def _ready() -> bool | None:
        stack.supervisor.tick()
        alive = stack.supervisor.child("routing_worker").poll() is None
        return True if alive and readiness(stack.urls["routing_worker"]) == "ready" else None

    wait_for(_ready, "the worker is started again", seconds=40)


def _probed(stack: Stack, failures: int) -> list[Any] | None:
    """Return something once another probe has failed."""
    return stack.query("SELECT 1 FROM endpoint WHERE failures > $1 AND open_until > now()", failures) or None


def test_a_receiver_that_was_down_for_an_hour_gets_everything_once_and_in_order(
    stack: Stack, receiver: Receiver, secret: str, forwarded: Callable[[int], list[str]]
) -> None:
    receiver.down()
    numbers = forwarded(CASES)
    wait_for(
        lambda: stack.query("SELECT 1 FROM endpoint WHERE open_until IS NOT NULL") or None, "it is left alone"
    )
    # an hour: desks work on, the receiver is probed, one probe after the other fails
    for number in numbers:
        _follow_up(stack, number)
    probes = 8
    for _ in range(probes):
        before = stack.query("SELECT failures FROM endpoint")[0][0]
        _hour_later(stack)
        wait_for(functools.partial(_probed, stack, before), "probed")
    for number in numbers:
        _follow_up(stack, number)
    assert receiver.got == []
    assert _states(stack) == {"PENDING"}
    # the hour cost no message more than the attempt that found out
    assert stack.query("SELECT max(attempts) FROM delivery")[0][0] <= 1
    receiver.up()
    began = time.monotonic()
    _hour_later(stack)
    _all_delivered(stack)
    assert time.monotonic() - began < 20
    assert len(receiver.got) == len({got.id for got in receiver.got}) == 3 * CASES
    by_case = receiver.by_case()
    assert by_case.keys() == set(numbers)
    for seqs in by_case.values():
        assert len(seqs) == 3
        assert seqs == sorted(seqs)
    for got in receiver.got:
        Webhook(secret).verify(got.body, got.headers)


def test_a_killed_worker_loses_nothing_and_what_came_twice_has_one_id(
    stack: Stack, receiver: Receiver, secret: str, forwarded: Callable[[int], list[str]]
) -> None:
    assert secret
    # the first answers come never: the worker is killed while it waits for them
    receiver.answering = lambda _got: Reply(seconds=2 if len(receiver.got) <= 4 else 0)
    numbers = forwarded(CASES)
    wait_for(lambda: len(receiver.got) >= 3 or None, "messages are under way")
    os.kill(stack.supervisor.child("routing_worker").pid, signal.SIGKILL)
    # what the dead worker held is free when its lease ends
    time.sleep(0.2)
    assert stack.query("SELECT 1 FROM delivery WHERE lease_token IS NOT NULL")
    stack.query("UPDATE delivery SET next_at = clock_timestamp() WHERE lease_token IS NOT NULL RETURNING 1")

    _revive(stack)
    _all_delivered(stack)
    ids = {got.id for got in receiver.got}
    assert len(ids) == CASES
    assert {got.event["subject"] for got in receiver.got} == set(numbers)
    # at least once: what the dead worker had sent came again, under its id and byte for byte
    assert len(receiver.got) > len(ids)
    for delivery_id in ids:
        assert len({got.body for got in receiver.got if got.id == delivery_id}) == 1


def test_a_stopped_worker_gives_back_its_deliveries(
    stack: Stack, receiver: Receiver, secret: str, forwarded: Callable[[int], list[str]]
) -> None:
    assert secret
    receiver.answering = lambda _got: Reply(seconds=0.4)
    forwarded(4 * CASES)
    wait_for(lambda: receiver.got or None, "messages are under way")
    child = stack.supervisor.child("routing_worker")
    child.send_signal(signal.SIGTERM)
    assert child.wait(15) in {0, -signal.SIGTERM}
    assert stack.query("SELECT 1 FROM delivery WHERE lease_token IS NOT NULL") == []

    # some are left: what was not under way was not begun
    assert _states(stack) == {"DELIVERED", "PENDING"}
    _revive(stack)
    _all_delivered(stack)
    # what was under way was answered and recorded: nothing came twice
    assert len(receiver.got) == 4 * CASES


def test_a_receiver_that_is_gone_is_disabled_until_an_operator_enables_it(
    stack: Stack, receiver: Receiver, secret: str, forwarded: Callable[[int], list[str]]
) -> None:
    assert secret
    receiver.answering = lambda _got: Reply(410)
    [number] = forwarded(1)
    wait_for(lambda: stack.query("SELECT 1 FROM endpoint WHERE state = 'DISABLED'") or None, "disabled")
    _follow_up(stack, number)
    time.sleep(1.2)
    assert len(receiver.got) == 1
    receiver.answering = lambda _got: Reply()
    stack.query("UPDATE endpoint SET state = 'ACTIVE' RETURNING 1")
    _hour_later(stack)
    _all_delivered(stack)


def test_a_receiver_that_asks_for_time_gets_it(
    stack: Stack, receiver: Receiver, secret: str, forwarded: Callable[[int], list[str]]
) -> None:
    assert secret
    receiver.answering = lambda _got: (
        Reply(503, (("Retry-After", "2"),)) if len(receiver.got) == 1 else Reply()
    )
    forwarded(1)
    _all_delivered(stack)
    first, second = receiver.got
    assert 1.9 < second.at - first.at < 8
    assert first.id == second.id


def test_one_that_is_slow_keeps_nobody_else_waiting(
    stack: Stack,
    receiver: Receiver,
    register: Callable[[Receiver, str], str],
    forwarded: Callable[[int], list[str]],
    filing: Filing,
) -> None:
    receiver.answering = lambda _got: Reply(seconds=3)
    with Receiver() as quick:
        register(receiver, "carrier:ZTO")
        register(quick, "carrier:YTO")
        forwarded(CASES)
        wait_for(lambda: receiver.got or None, "the slow one has its messages")
        assert stack.post(filing(carrier_code="YTO")).status_code == 201
        wait_for(lambda: quick.got or None, "the quick one has its message", seconds=2.5)
        assert "DELIVERED" not in {
            row[0] for row in stack.query("SELECT state FROM delivery WHERE audience = 'carrier:ZTO'")
        }
        _all_delivered(stack)
