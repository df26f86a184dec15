"""Processes killed under load: what was acknowledged is there once, and everything is routed without a hand's turn.

Children must be started from the thread that lives on, so the main thread looks after the stack, and the load runs beside.
"""

import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis

from ops.stack.supervisor import readiness
from tests.chaos.load import Load
from tests.chaos.outcome import all_ready, all_routed, assert_each_once, drive
from tests.running import Stack, running

pytestmark = pytest.mark.slow
Filing = Callable[..., dict[str, Any]]
Failure = Callable[[Stack], None]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Run a stack of its own, durable as in production."""
    with running(tmp_path_factory.mktemp("chaos"), durable=True) as stack:
        yield stack


def _service(name: str, number: signal.Signals = signal.SIGKILL) -> Failure:
    def _kill(stack: Stack) -> None:
        os.kill(stack.supervisor.child(name).pid, number)

    return _kill


def _postgres(number: signal.Signals) -> Failure:
    def _kill(stack: Stack) -> None:
        assert stack.servers.postgres is not None
        assert stack.servers.postgres.process is not None
        stack.servers.postgres.process.send_signal(number)

    return _kill


def _flush(stack: Stack) -> None:
    with redis.Redis.from_url(stack.addresses.redis_url) as valkey:
        valkey.flushall()


def _kill_valkey(stack: Stack) -> None:
    assert stack.servers.valkey is not None
    assert stack.servers.valkey.process is not None
    stack.servers.valkey.process.kill()


def _everything(stack: Stack) -> None:
    services = [_service(name) for name in ("routing_worker", "intake_api", "analytics_api")]
    for failure in (_kill_valkey, *services, _postgres(signal.SIGKILL)):
        failure(stack)


# what is killed, and whether those who file notice it
FAILURES: dict[str, tuple[Failure, bool]] = {
    "worker, kill -9": (_service("routing_worker"), False),
    "intake API, kill -9": (_service("intake_api"), True),
    "intake API, told to end": (_service("intake_api", signal.SIGTERM), True),
    "Postgres, immediate stop": (_postgres(signal.SIGQUIT), True),
    "Postgres, kill -9": (_postgres(signal.SIGKILL), True),
    "Valkey, flushed": (_flush, False),
    "Valkey, kill -9": (_kill_valkey, False),
    "everything at once": (_everything, True),
}


@pytest.mark.parametrize("case", FAILURES)
def test_nothing_acknowledged_is_lost_or_doubled_and_all_is_routed(
    case: str, stack: Stack, filing: Filing
) -> None:
    failure, is_noticed = FAILURES[case]
    before = stack.query("SELECT count(*) FROM complaint")[0][0]
    with Load(stack, case.replace(" ", "-"), filing()) as load:
        drive(stack, lambda: len(load.acknowledged) > 30, "the load began")
        failure(stack)
        at_failure = len(load.acknowledged)
        drive(stack, lambda: len(load.acknowledged) > at_failure + 40, "complaints are taken again")
        load.end()
        drive(stack, lambda: load.has_stopped, "what was begun is acknowledged")
    assert load.wrong == []
    assert (load.disturbed > 0) is is_noticed
    drive(stack, lambda: all_routed(stack), "everything is routed")
    drive(stack, lambda: all_ready(stack), "every service is ready")
    assert_each_once(stack, load, before)


def test_without_the_doorbell_complaints_are_taken_and_routed_by_the_sweep(
    stack: Stack, filing: Filing
) -> None:
    stack.servers.stop_valkey()
    try:
        number = stack.post(filing()).json()["number"]
        case = stack.wait_until_routed(number, seconds=10)
        assert case["handling_bureau"]["code"] == "C330100"
        drive(
            stack,
            lambda: readiness(stack.urls["routing_worker"]) == "degraded",
            "the worker says what it misses",
        )
        drive(stack, lambda: readiness(stack.intake) == "degraded", "the intake says what it misses")
    finally:
        stack.servers.start_valkey()
    drive(stack, lambda: readiness(stack.urls["routing_worker"]) == "ready", "the doorbell is heard again")


def test_without_the_database_clients_get_503_and_retry(stack: Stack, filing: Filing) -> None:
    # stopped, not fallen: nobody starts it again meanwhile
    stack.servers.kill_postgres()
    try:
        answer = stack.post(filing(), key="while-away")
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert int(answer.headers["retry-after"]) >= 1
        assert answer.json()["retryable"]
        assert [readiness(stack.urls[name]) for name in ("intake_api", "routing_worker")] == [
            "unavailable"
        ] * 2
    finally:
        stack.servers.start_postgres()
    drive(stack, lambda: all_ready(stack), "every service is ready")
    assert stack.post(filing(), key="while-away").status_code == 201


def test_after_a_restart_of_the_database_the_first_reader_is_answered(stack: Stack, filing: Filing) -> None:
    number = stack.post(filing()).json()["number"]
    figures, dashboard = f"{stack.analytics}/v1/figures/volume?last=1", stack.as_client("dashboard")
    assert stack.http.get(figures, headers=dashboard).status_code == 200
    # nobody asks while it is away, and so every pool holds dead connections
    stack.servers.kill_postgres()
    stack.servers.start_postgres()
    assert stack.http.get(figures, headers=dashboard).status_code == 200
    assert stack.get(f"/v1/complaints/{number}").status_code == 200
