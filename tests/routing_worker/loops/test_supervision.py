"""The worker's loops outlive whatever happens in them."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any

from routing_worker.bell import Bell
from routing_worker.supervision import keep_on

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


def test_a_ring_during_the_work_is_not_swallowed(run: Run) -> None:
    async def _ring_then_wait() -> float:
        bell = Bell()
        await bell.ring("route")
        began = asyncio.get_running_loop().time()
        await bell.wait(5)
        return asyncio.get_running_loop().time() - began

    assert run(_ring_then_wait()) < 1


def test_without_a_ring_the_sweep_has_its_turn(run: Run) -> None:
    async def _wait() -> float:
        began = asyncio.get_running_loop().time()
        await Bell().wait(0.2)
        return asyncio.get_running_loop().time() - began

    assert 0.1 < run(_wait()) < 5
