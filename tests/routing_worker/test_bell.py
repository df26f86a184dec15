"""Bells: a ring wakes a loop once, rings together count as one, and other loops are woken beside it."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from prometheus_client import REGISTRY

from ops.stack import processes
from ops.stack.servers import Addresses
from routing_worker import bell as module
from routing_worker.bell import Bell
from shared import wakeup
from shared.wakeup import Doorbell

Run = Callable[[Coroutine[Any, Any, Any]], Any]


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


def test_rings_together_wake_once(run: Run) -> None:
    async def _ring() -> tuple[bool, bool]:
        bell = Bell()
        await bell.ring("route")
        await bell.ring("forward")
        first = bell.rung.is_set()
        await bell.wait(5)
        return first, bell.rung.is_set()

    assert run(_ring()) == (True, False)


def test_a_ring_of_a_kind_wakes_whom_it_names_beside(run: Run) -> None:
    deliveries = Bell()
    bell = Bell(beside={"forward": deliveries})
    run(bell.ring("route"))
    assert not deliveries.rung.is_set()
    run(bell.ring("forward"))
    assert deliveries.rung.is_set()


def test_the_doorbell_rings_it_and_is_shown_while_it_is_heard(addresses: Addresses, run: Run) -> None:
    async def _hear() -> tuple[bool, float | None]:
        bell, doorbell = Bell(), Doorbell(addresses.redis_url)
        doorbell.start()
        listener = asyncio.create_task(module.listen(addresses.redis_url, bell))
        doorbell.ring("route")
        async with asyncio.timeout(10):
            await bell.rung.wait()
        heard = bell.is_heard, REGISTRY.get_sample_value("shensu_doorbell_up")
        listener.cancel()
        await asyncio.gather(listener, return_exceptions=True)
        await doorbell.close()
        assert not bell.is_heard
        return heard

    assert run(_hear()) == (True, 1)
    assert REGISTRY.get_sample_value("shensu_doorbell_up") == 0


def test_a_doorbell_that_is_away_is_a_failure_of_the_loop(run: Run) -> None:
    bell = Bell()
    with pytest.raises(wakeup.UNREACHABLE):
        run(module.listen(f"redis://127.0.0.1:{processes.free_port()}/0", bell))
    assert not bell.is_heard
