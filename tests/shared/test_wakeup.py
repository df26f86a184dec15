"""The doorbell: a ring reaches the listener, returns at once, and is no failure while nobody is there."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from ops.stack import processes
from ops.stack.valkey import Valkey
from shared import wakeup
from shared.wakeup import Doorbell

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    """Return a server of the test's own, not started yet."""
    server = Valkey(tmp_path, processes.free_port())
    yield server
    server.stop()


@contextlib.asynccontextmanager
async def _listening(url: str) -> AsyncIterator[asyncio.Queue[str]]:
    """Listen at the bell; give the kinds as they come."""
    kinds: asyncio.Queue[str] = asyncio.Queue()
    connected = asyncio.Event()
    listener = asyncio.create_task(wakeup.listen(url, kinds.put, connected.set))
    try:
        await connected.wait()
        yield kinds
    finally:
        listener.cancel()
        await asyncio.gather(listener, return_exceptions=True)


async def _until_reachable(bell: Doorbell, *, state: bool) -> None:
    while bell.reachable is not state:  # noqa: ASYNC110 - the bell's own task sets it
        await asyncio.sleep(0.01)


def test_every_kind_that_was_rung_reaches_the_listener(valkey: Valkey, run: Run) -> None:
    async def _ring() -> set[str]:
        bell = Doorbell(valkey.url)
        bell.start()
        async with asyncio.timeout(10), _listening(valkey.url) as kinds:
            for _ in range(20):
                bell.ring("route")
            bell.ring("forward")
            rung = {await kinds.get(), await kinds.get()}
            await bell.close()
        return rung

    valkey.start()
    assert run(_ring()) == {"route", "forward"}


def test_a_ring_while_nobody_is_there_fails_nothing_and_is_rung_later(
    valkey: Valkey, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wakeup, "RETRY_SECONDS", 0.02)

    async def _ring() -> str:
        bell = Doorbell(valkey.url)
        bell.start()
        began = time.monotonic()
        bell.ring("route")
        assert time.monotonic() - began < 1
        async with asyncio.timeout(20):
            await _until_reachable(bell, state=False)
            valkey.start()
            async with _listening(valkey.url) as kinds:
                kind = await kinds.get()
            await _until_reachable(bell, state=True)
            await bell.close()
        return kind

    with capture_logs() as logs:
        assert run(_ring()) == "route"
    assert [log["event"] for log in logs] == ["doorbell_unreachable"]


def test_a_listener_fails_when_nobody_is_there(valkey: Valkey, run: Run) -> None:
    connected: list[None] = []

    async def _ignore(_kind: str) -> None:
        return

    with pytest.raises(wakeup.UNREACHABLE):
        run(wakeup.listen(valkey.url, _ignore, lambda: connected.append(None)))
    assert connected == []


def test_a_listener_that_loses_the_bell_while_it_is_rung_fails_and_is_not_cancelled(
    valkey: Valkey, run: Run
) -> None:
    async def _lose() -> None:
        rung = asyncio.Event()

        async def _work_for_long(_kind: str) -> None:
            rung.set()
            await asyncio.sleep(60)

        bell = Doorbell(valkey.url)
        bell.start()
        bell.ring("route")
        async with asyncio.timeout(20):
            listener = asyncio.create_task(wakeup.listen(valkey.url, _work_for_long, lambda: None))
            await rung.wait()
            await bell.close()
            valkey.stop()
            await listener

    valkey.start()
    # the loops of the worker go on after these errors; a cancelled loop ends
    with pytest.raises(wakeup.UNREACHABLE):
        run(_lose())


def test_a_bell_that_was_never_started_closes(valkey: Valkey, run: Run) -> None:
    async def _close() -> None:
        bell = Doorbell(valkey.url)
        bell.ring("route")
        await bell.close()

    run(_close())
