"""Keeps loops running when Postgres or Valkey fails: after each failure a loop waits longer, and logs it."""

import asyncio
import random
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from shared import wakeup
from shared.errors import ShensuError

_LONGEST_WAIT_SECONDS = 10.0
EXPECTED = (SQLAlchemyError, ShensuError, *wakeup.UNREACHABLE)
"""Failures of Postgres and Valkey; all other exceptions are faults of the worker."""
Work = Callable[[], Awaitable[None]]
"""One round of a loop, including its rest."""
log = structlog.get_logger()


async def rest(seconds: float) -> None:
    """Sleep for about `seconds`, ±50 % at random, so that several workers do not work at the same moments."""
    await asyncio.sleep(seconds * (0.5 + random.random()))  # noqa: S311 - spreads the work of several workers


async def keep_on(name: str, work: Work) -> None:
    """Repeat the work of a loop for ever; after each failure wait longer, up to ten seconds."""
    failures = 0
    while True:
        try:
            await work()
            failures = 0
        except Exception as error:  # noqa: BLE001 - a process edge: the loop goes on whatever happens
            failures += 1
            wait = min(0.25 * 2**failures, _LONGEST_WAIT_SECONDS) * (0.5 + random.random())  # noqa: S311 - spreads retries
            report = log.warning if isinstance(error, EXPECTED) else log.error
            report("loop_failed", kind=name, seconds=round(wait, 2), attempts=failures, exc_info=error)
            await asyncio.sleep(wait)
