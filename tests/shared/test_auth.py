"""The door: what a client may send in a minute."""

import asyncio
from dataclasses import dataclass

import pytest

from shared.errors import InvalidInputError
from shared.http.auth import RateLimitedError, RateLimiter


@dataclass
class _Caller:
    name: str = "a client"
    scopes: frozenset[str] = frozenset()
    per_minute: int = 10


async def _nobody(_key: str) -> _Caller | None:
    return None


def test_a_client_is_held_to_its_minute() -> None:
    async def _send() -> None:
        limiter = RateLimiter()
        await limiter.check(_Caller(), cost=10)
        with pytest.raises(RateLimitedError) as refused:
            await limiter.check(_Caller())
        assert refused.value.retry_after is not None
        await limiter.check(_Caller(name="another"))

    asyncio.run(_send())


def test_what_would_never_be_admitted_is_no_matter_of_waiting() -> None:
    async def _send() -> None:
        with pytest.raises(InvalidInputError) as refused:
            await RateLimiter().check(_Caller(), cost=11)
        assert not refused.value.retryable

    asyncio.run(_send())
