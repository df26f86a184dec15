"""The worker's loops outlive whatever happens in them."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy.exc import SQLAlchemyError
from structlog.testing import capture_logs

from routing_worker import supervision
from routing_worker.supervision import keep_on
from shared.errors import UnavailableError

Run = Callable[[Coroutine[Any, Any, Any]], Any]


def test_a_loop_goes_on_after_a_fault_that_nobody_foresaw(run: Run) -> None:
    done: list[int] = []

    async def _work() -> None:
        done.append(len(done))
        if len(done) == 1:
            raise AttributeError("a fault that nobody foresaw")
        await asyncio.sleep(0)

    async def _watch() -> None:
        loop = asyncio.create_task(keep_on("work", _work))
        async with asyncio.timeout(10):
            while len(done) < 3:  # noqa: ASYNC110 - another task fills it
                await asyncio.sleep(0.05)
        loop.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await loop

    run(_watch())
    assert len(done) >= 3


@pytest.mark.parametrize(
    ("error", "level"),
    [
        (UnavailableError("The database does not answer."), "warning"),
        (SQLAlchemyError(), "warning"),
        (ConnectionRefusedError(), "warning"),
        (ZeroDivisionError(), "error"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value,
)
def test_a_failure_of_what_it_depends_on_is_a_warning_and_a_fault_of_ours_an_error(
    error: Exception, level: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "_LONGEST_WAIT_SECONDS", 0.001)
    times: list[None] = []

    async def _work() -> None:
        times.append(None)
        if len(times) <= 3:
            raise error
        raise asyncio.CancelledError

    with capture_logs() as logs, contextlib.suppress(asyncio.CancelledError):
        run(keep_on("work", _work))
    assert [(log["log_level"], log["kind"], log["attempts"]) for log in logs] == [
        (level, "work", 1),
        (level, "work", 2),
        (level, "work", 3),
    ]


def test_waits_grow_and_begin_anew_after_a_success(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "_LONGEST_WAIT_SECONDS", 0.001)
    outcomes = [True, True, False, True]

    async def _work() -> None:
        if not outcomes:
            raise asyncio.CancelledError
        if outcomes.pop(0):
            raise ConnectionRefusedError

    with capture_logs() as logs, contextlib.suppress(asyncio.CancelledError):
        run(keep_on("work", _work))
    assert [log["attempts"] for log in logs] == [1, 2, 1]


def test_a_rest_is_spread_by_half_either_way(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    rests: list[float] = []

    async def _note(seconds: float) -> None:
        rests.append(seconds)

    with monkeypatch.context() as patch:
        patch.setattr(asyncio, "sleep", _note)
        for _ in range(100):
            run(supervision.rest(10.0))
    assert all(5 <= seconds <= 15 for seconds in rests)
    assert max(rests) - min(rests) > 5
