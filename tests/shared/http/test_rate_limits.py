"""What a client may send in a minute: by one process, by several over Valkey, and without Valkey."""

import asyncio
import time
import uuid
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ops.stack import processes
from ops.stack.valkey import Valkey
from shared import allowances
from shared.allowances import Allowances, Block
from shared.errors import InvalidInputError
from shared.http.rate_limits import RateLimitedError, RateLimiter

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@dataclass
class _Caller:
    per_minute: int = 10
    client_id: uuid.UUID = field(default_factory=uuid.uuid4)


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    """Return a running server of the test's own."""
    server = Valkey(tmp_path, processes.free_port())
    server.start()
    yield server
    server.stop()


async def _admitted(limiter: RateLimiter, caller: _Caller, times: int, cost: int = 1) -> int:
    """Return how much of so many requests was admitted."""
    admitted = 0
    for _ in range(times):
        try:
            await limiter.check(caller, cost)
        except RateLimitedError:
            continue
        admitted += cost
    return admitted


def test_a_client_sends_no_more_than_its_rate_in_a_minute(run: Run) -> None:
    async def _send() -> None:
        limiter, caller = RateLimiter(), _Caller()
        await limiter.check(caller, cost=10)
        with pytest.raises(RateLimitedError) as refused:
            await limiter.check(caller)
        assert refused.value.retry_after == 5
        await limiter.check(_Caller())

    run(_send())


def test_what_would_never_be_admitted_is_no_matter_of_waiting(run: Run) -> None:
    async def _send() -> None:
        with pytest.raises(InvalidInputError) as refused:
            await RateLimiter().check(_Caller(), cost=11)
        assert not refused.value.retryable

    run(_send())


def test_a_minute_later_a_client_may_send_again(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [time.monotonic()]
    monkeypatch.setattr("shared.http.rate_limits.time.monotonic", lambda: moment[0])

    async def _send() -> list[int]:
        limiter, caller = RateLimiter(), _Caller(per_minute=600)
        sent = [await _admitted(limiter, caller, 601)]
        for seconds in (30, 90, 200):
            moment[0] += seconds
            sent.append(await _admitted(limiter, caller, 601))
        return sent

    first, soon, later, last = run(_send())
    assert (first, last) == (600, 600)
    assert soon <= 300
    assert later <= 600


@pytest.mark.parametrize("limit", [3, 10, 600, 6000])
def test_two_processes_admit_the_limit_together(limit: int, valkey: Valkey, run: Run) -> None:
    async def _send() -> int:
        common = [Allowances(valkey.url) for _ in range(2)]
        limiters, caller = [RateLimiter(each, processes=2) for each in common], _Caller(per_minute=limit)
        sent = [_admitted(limiter, caller, limit // 4 + 1) for limiter in limiters for _ in range(8)]
        admitted = sum(await asyncio.gather(*sent))
        for each in common:
            await each.close()
        return admitted

    assert limit * 0.95 <= run(_send()) <= limit


def test_batches_and_single_requests_share_the_limit(valkey: Valkey, run: Run) -> None:
    async def _send() -> int:
        common = [Allowances(valkey.url) for _ in range(2)]
        limiters, caller = [RateLimiter(each, processes=2) for each in common], _Caller(per_minute=1000)
        admitted = sum(
            await asyncio.gather(
                _admitted(limiters[0], caller, 3, cost=400), _admitted(limiters[1], caller, 700)
            )
        )
        for each in common:
            await each.close()
        return admitted

    assert 600 <= run(_send()) <= 1000


def test_most_requests_ask_nobody(valkey: Valkey, run: Run) -> None:
    class _Counting(Allowances):
        taken = 0

        async def take(self, *args: Any, **kwargs: Any) -> Block | None:
            self.taken += 1
            return await super().take(*args, **kwargs)

    async def _send() -> int:
        common = _Counting(valkey.url)
        limiter, caller = RateLimiter(common, processes=2), _Caller(per_minute=60_000)
        assert await _admitted(limiter, caller, 5000) == 5000
        taken = common.taken
        # a client that sends on after a refusal asks rarely, too
        poor = _Caller(per_minute=1)
        assert await _admitted(limiter, poor, 500) == 1
        await common.close()
        return max(taken, common.taken - taken)

    assert run(_send()) < 30


def test_without_valkey_each_process_admits_its_share_at_once(
    valkey: Valkey, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allowances, "RETRY_SECONDS", 0.02)

    async def _send() -> None:
        common = [Allowances(valkey.url) for _ in range(2)]
        limiters, caller = [RateLimiter(each, processes=2) for each in common], _Caller(per_minute=600)
        await limiters[0].check(caller)
        valkey.stop()
        began = time.monotonic()
        alone = [await _admitted(limiter, caller, 400) for limiter in limiters]
        assert time.monotonic() - began < 1
        # blocks that were taken before may still be used, within a twentieth
        assert alone[0] + 1 <= 300 + 15
        assert alone[1] == 300
        valkey.start()
        async with asyncio.timeout(20):
            while not all(each.reachable for each in common):  # noqa: ASYNC110 - tasks of their own set it
                await asyncio.sleep(0.01)
        # what the shares admitted is counted for all again; the new server knows nothing of the first request
        assert sum([await _admitted(limiter, caller, 400) for limiter in limiters]) <= 301
        assert await _admitted(limiters[0], _Caller(per_minute=8), 20) == 8
        for each in common:
            await each.close()

    run(_send())


def test_a_batch_above_the_share_is_admitted_when_nothing_else_was(run: Run) -> None:
    async def _send() -> None:
        limiter, caller = RateLimiter(processes=4), _Caller(per_minute=1000)
        await limiter.check(caller, cost=1000)
        with pytest.raises(RateLimitedError):
            await limiter.check(caller)

    run(_send())
