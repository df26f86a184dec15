"""Loops outlive whatever happens to Postgres or Valkey: after each failure one waits longer, and says so."""

import asyncio
import random
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from shared import wakeup
from shared.errors import ShensuError

_LONGEST_WAIT_SECONDS = 10.0
EXPECTED = (SQLAlchemyError, ShensuError, *wakeup.UNREACHABLE)
"""Failures of what the worker depends on; all others are faults of ours."""
Work = Callable[[], Awaitable[None]]
"""One piece of work of a loop, its rest included."""
log = structlog.get_logger()


async def rest(seconds: float) -> None:
    """Sleep for about so long, spread by half either way, so that several workers do not work at the same moments."""
    await asyncio.sleep(seconds * (0.5 + random.random()))  # noqa: S311 - spreads the work of several workers


async def keep_on(name: str, work: Work) -> None:
    """Repeat the work of a loop for ever; after a failure wait, longer each time, up to ten seconds."""
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
