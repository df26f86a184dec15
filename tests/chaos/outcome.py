"""What chaos tests wait for and check: the stack looked after, everything routed and ready, each complaint stored once."""

import time
from collections.abc import Callable

import httpx

from ops.stack.supervisor import readiness
from shared import serialisation
from tests.chaos.load import Load
from tests.running import Stack

ROUTED = (
    "SELECT count(*), count(*) FILTER (WHERE routed_at IS NULL OR handling_bureau IS NULL), "
    "(SELECT count(*) FROM task) FROM complaint"
)


def drive(stack: Stack, done: Callable[[], bool], what: str, *, seconds: float = 30) -> None:
    """Look after the stack, as `ops up` does, until something is so."""
    give_up = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < give_up, f"not within {seconds} s: {what}"
        stack.supervisor.tick()
        time.sleep(0.05)


def all_routed(stack: Stack) -> bool:
    """Report whether every complaint has its bureau, and no task waits."""
    total, waiting, tasks = stack.query(ROUTED)[0]
    assert total
    return not waiting and not tasks


def all_ready(stack: Stack) -> bool:
    """Report whether every service is ready."""
    return {readiness(url) for url in stack.urls.values()} == {"ready"}


def assert_each_once(stack: Stack, load: Load, before: int) -> None:
    """Check that every acknowledged complaint is stored once, and is answered the same again."""
    numbers = [serialisation.from_text(answer)["number"] for answer in load.acknowledged.values()]
    assert len(set(numbers)) == len(numbers)
    stored = stack.query("SELECT number FROM complaint WHERE number = ANY($1)", numbers)
    assert sorted(row[0] for row in stored) == sorted(numbers)
    # none beside the acknowledged: a request that was stored and not answered was answered when it came again
    assert stack.query("SELECT count(*) FROM complaint")[0][0] == before + len(numbers)
    events = stack.query(
        "SELECT count(DISTINCT c.id), count(*) FROM complaint c JOIN case_event e ON e.bucket = c.bucket "
        "AND e.complaint_id = c.id AND e.kind = 'ROUTED' WHERE c.number = ANY($1)",
        numbers,
    )[0]
    assert tuple(events) == (len(numbers), len(numbers))
    with httpx.Client(timeout=10, trust_env=False) as http:
        for key, answer in load.acknowledged.items():
            again = load.post(http, key)
            assert (again.status_code, again.content) == (201, answer)
            assert again.headers["idempotent-replayed"] == "true"
