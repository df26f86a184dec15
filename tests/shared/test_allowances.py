"""The common allowances: counted for all, never beyond the limit, given back, and no matter of waiting without Valkey."""

import asyncio
import socket
import time
import uuid
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from ops.stack import processes
from ops.stack.valkey import Valkey
from shared import allowances
from shared.allowances import Allowances, Block

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    """Return a server of the test's own, not started yet."""
    server = Valkey(tmp_path, processes.free_port())
    yield server
    server.stop()


async def _size(common: Allowances, client: str, limit: int, **take: Any) -> int:
    block = await common.take(client, limit, **{"least": 1, "most": 1} | take)
    assert block is not None
    return block.size


def test_two_processes_together_take_no_more_than_the_limit(valkey: Valkey, run: Run) -> None:
    async def _take() -> list[int]:
        first, second = Allowances(valkey.url), Allowances(valkey.url)
        sizes = [await _size(common, "a", 100, most=30) for _ in range(4) for common in (first, second)]
        # another client is not concerned
        sizes.append(await _size(second, "b", 100, most=30))
        await first.close()
        await second.close()
        return sizes

    valkey.start()
    assert run(_take()) == [30, 30, 30, 10, 0, 0, 0, 0, 30]


def test_a_block_holds_at_least_what_is_needed_or_nothing(valkey: Valkey, run: Run) -> None:
    async def _take() -> list[int]:
        common = Allowances(valkey.url)
        sizes = [await _size(common, "a", 10, least=least, most=8) for least in (7, 4, 3)]
        await common.close()
        return sizes

    valkey.start()
    assert run(_take()) == [7 + 1, 0, 0]


def test_what_is_unused_comes_back_and_what_was_not_counted_is_counted(valkey: Valkey, run: Run) -> None:
    async def _take() -> list[int]:
        common = Allowances(valkey.url)
        block = await common.take("a", 10, least=1, most=10)
        assert block is not None
        left = Block(4, block.minute)
        sizes = [
            await _size(common, "a", 10, most=3, unused=left),
            await _size(common, "a", 10, most=10),
            await _size(common, "b", 10, most=10, spent=7),
        ]
        await common.close()
        return sizes

    valkey.start()
    assert run(_take()) == [3, 1, 3]


def test_the_minute_before_counts_as_far_as_it_reaches(valkey: Valkey, run: Run) -> None:
    async def _take() -> list[int]:
        common = Allowances(valkey.url)
        client = uuid.uuid4().hex
        block = await common.take(client, 10, least=10, most=10)
        assert block is not None
        key = f"shensu:allowance:{client}"
        sizes = []
        for age in (1, 2):
            fields = {"minute": block.minute - age, "count": 60, "last": 0}
            await common._valkey.hset(key, mapping=fields)  # type: ignore[misc] # typed for both kinds of clients
            sizes.append(await _size(common, client, 61, most=100))
        await common.close()
        return sizes

    valkey.start()
    # a whole minute later, and at its first moment at most one of 61
    last, before_last = run(_take())
    assert 1 <= last <= 61
    assert before_last == 61


def test_without_valkey_nobody_waits_and_the_count_is_common_again_afterwards(
    valkey: Valkey, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allowances, "RETRY_SECONDS", 0.02)

    async def _take() -> None:
        common = Allowances(valkey.url)
        began = time.monotonic()
        assert [await common.take("a", 10, least=1, most=1) for _ in range(3)] == [None] * 3
        assert time.monotonic() - began < 0.2
        assert not common.reachable
        valkey.start()
        async with asyncio.timeout(20):
            while not common.reachable:  # noqa: ASYNC110 - a task of its own sets it
                await asyncio.sleep(0.01)
        assert await _size(common, "a", 10) == 1
        valkey.stop()
        assert await common.take("a", 10, least=1, most=1) is None
        await common.close()

    with capture_logs() as logs:
        run(_take())
    events = ["allowances_unreachable", "allowances_common", "allowances_unreachable"]
    assert [log["event"] for log in logs] == events


def test_a_valkey_that_is_silent_holds_nobody_up(run: Run) -> None:
    async def _take() -> float:
        # connections wait in the queue of a socket that nobody serves
        silent = socket.create_server(("127.0.0.1", 0))
        common = Allowances(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        began = time.monotonic()
        for _ in range(100):
            assert await common.take("a", 10, least=1, most=1) is None
        took = time.monotonic() - began
        await common.close()
        silent.close()
        return took

    assert run(_take()) < 0.5
