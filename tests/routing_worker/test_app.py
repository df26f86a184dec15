"""The worker process: its loops run with it, and it says how they are, with and without doorbell and database."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from ops.stack import processes
from routing_worker import app as module
from routing_worker import registry
from shared.settings import Settings
from tests.asgi import Ask, Run, serving
from tests.problems import assert_problem
from tests.running import wait_for

REST = {"SHENSU_SWEEP_SECONDS": 60, "SHENSU_INTERIM_SECONDS": 600, "SHENSU_WATCHDOG_SECONDS": 3600}


def _nowhere(scheme: str) -> str:
    return f"{scheme}://nobody@127.0.0.1:{processes.free_port()}/0"


@contextlib.contextmanager
def _ready(app: FastAPI, run: Run) -> Iterator[Ask]:
    """Serve a worker; give what asks it once all its loops are connected."""
    with serving(app, run) as ask:
        _until(ask, "/readyz", "ready")
        yield ask


def _until(ask: Ask, path: str, status: str) -> Any:
    def _answer() -> Any:
        answer = ask(path)
        return answer if answer.json()["status"] == status else None

    return wait_for(_answer, f"{path} is {status}")


def test_ready_when_database_and_doorbell_answer(settings_of: Callable[..., Settings], run: Run) -> None:
    with _ready(module.create_app(settings_of(**REST)), run) as ask:
        answer = ask("/readyz")
        assert (answer.status_code, answer.json()["database"], answer.json()["doorbell"]) == (200, "up", "up")
        assert ask("/livez").json() == {"status": "alive"}
        assert "shensu_doorbell_up 1.0" in ask("/metrics").text


def test_degraded_without_the_doorbell(settings_of: Callable[..., Settings], run: Run) -> None:
    with serving(module.create_app(settings_of(REDIS_URL=_nowhere("redis"), **REST)), run) as ask:
        answer = ask("/readyz")
    assert (answer.status_code, answer.json()["status"], answer.json()["doorbell"]) == (
        200,
        "degraded",
        "down",
    )


def test_unavailable_without_the_database_but_alive(settings_of: Callable[..., Settings], run: Run) -> None:
    away = settings_of(DATABASE_URL=_nowhere("postgresql"), REDIS_URL=_nowhere("redis"), **REST)
    with serving(module.create_app(away), run) as ask:
        answer = ask("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"status": "unavailable", "database": "down"})
        assert ask("/livez").status_code == 200


def test_a_loop_that_ended_is_named_and_asks_for_a_restart(
    settings_of: Callable[..., Settings], run: Run
) -> None:
    app = module.create_app(settings_of(**REST))
    with _ready(app, run) as ask:
        app.state.loops["figures"].cancel()
        answer = _until(ask, "/livez", "broken")
        assert (answer.status_code, answer.json()["ended"]) == (503, ["figures"])
        assert ask("/readyz").json() == {"status": "unavailable", "ended": ["figures"]}


def test_every_loop_starts_with_the_process_and_ends_with_it(
    settings_of: Callable[..., Settings], run: Run
) -> None:
    app = module.create_app(settings_of(**REST))
    with _ready(app, run) as ask:
        loops: dict[str, asyncio.Task[None]] = app.state.loops
        assert loops.keys() == {name for loop in registry.LOOPS for name in loop.names()}
        assert not any(loop.done() for loop in loops.values())
        assert_problem(ask("/docs"), 404, "not-found")
    assert all(loop.done() for loop in loops.values())


@pytest.mark.parametrize("path", ["/livez", "/metrics"])
def test_its_addresses_take_no_other_method(
    path: str, settings_of: Callable[..., Settings], run: Run
) -> None:
    with _ready(module.create_app(settings_of(**REST)), run) as ask:
        assert_problem(ask(path, method="POST"), 405, "method-not-allowed")
