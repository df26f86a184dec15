"""The worker killed while it sweeps the deadlines: every step of every deadline is said once, and none is forgotten."""

import os
import signal
import time
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from services.deadlines import invariants
from shared import serialisation
from tests.running import Stack, running

pytestmark = pytest.mark.slow
CASES = 1_500
KILLS = 2
LATER = """
    UPDATE case_deadline SET started_at = started_at - interval '20 days', due_at = due_at - interval '20 days',
        next_check_at = next_check_at - interval '20 days' WHERE stopped_at IS NULL RETURNING 1
"""
DUE = "SELECT count(*) FROM case_deadline WHERE next_check_at <= clock_timestamp()"
SAID = "SELECT count(DISTINCT complaint_id) FROM escalation WHERE key = 'total'"
ONCE = """
    SELECT count(*), count(*) FILTER (WHERE events = 1) FROM (
        SELECT count(*) AS events FROM case_event WHERE kind = 'DEADLINE_REMINDER' GROUP BY complaint_id) each
"""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Run a stack of its own, durable as in production."""
    with running(tmp_path_factory.mktemp("deadlines"), durable=True) as stack:
        yield stack


def _until(stack: Stack, done: Callable[[], bool], what: str, *, seconds: float = 30) -> None:
    """Look after the stack, as `ops up` does, until something is so."""
    give_up = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < give_up, f"not within {seconds} s: {what}"
        stack.supervisor.tick()
        time.sleep(0.01)


def _count(stack: Stack, sql: str) -> int:
    return int(stack.query(sql)[0][0])


def _goes_on(stack: Stack, before: int) -> bool:
    return _count(stack, SAID) > before or not _count(stack, DUE)


def test_a_worker_killed_in_the_sweep_says_everything_once(
    stack: Stack, filing: Callable[..., dict[str, Any]]
) -> None:
    who = filing()["complainant"]
    lines = [filing(complainant=who | {"phone": f"1380{number:07d}"}) for number in range(CASES)]
    for start in range(0, CASES, 1000):
        headers = stack.as_client("call-centre") | {
            "Content-Type": "application/x-ndjson",
            "Idempotency-Key": uuid.uuid4().hex,
        }
        body = b"\n".join(serialisation.to_bytes(line) for line in lines[start : start + 1000])
        assert (
            stack.http.post(f"{stack.intake}/v1/complaints/batch", content=body, headers=headers).status_code
            == 200
        )
    _until(stack, lambda: not _count(stack, "SELECT count(*) FROM task"), "all are forwarded")

    # enough for every deadline to be spoken of: of the total its half, of the reply that it is long overdue
    assert len(stack.query(LATER)) > CASES
    killed = 0
    while killed < KILLS:
        _until(stack, partial(_goes_on, stack, _count(stack, SAID)), "the sweep goes on")
        if not _count(stack, DUE):
            break
        os.kill(stack.supervisor.child("routing_worker").pid, signal.SIGKILL)
        killed += 1
    assert killed, "the worker was killed in the middle"
    _until(stack, lambda: not _count(stack, DUE), "nothing is due any more")

    assert tuple(stack.query(ONCE)[0]) == (CASES, CASES)
    for says, sql in invariants.statements().items():
        wrong = stack.query(sql.replace("CAST(:grace AS interval)", "interval '0'"))
        assert wrong == [], says
