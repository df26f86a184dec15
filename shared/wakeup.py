"""The doorbell: tells the worker through arq that there may be work. Best effort; the truth is the task table in Postgres.

No caller waits for it or fails because of it: without Valkey, the worker's own sweep finds the work.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from arq.connections import ArqRedis
from arq.worker import Worker, func
from redis.exceptions import RedisError

CONNECT_SECONDS = 1.0
RING_LIMIT_SECONDS = 0.1
GAP_SECONDS = 0.02
"""The least time between two rings of one kind; the last ring is never dropped."""
RETRY_SECONDS = 1.0
POLL_SECONDS = 0.05
LISTEN_SECONDS = 2.0
"""After this time without a ring the connection is tested, so that its state is known."""
JOB = "drain"
UNREACHABLE = (OSError, TimeoutError, RedisError, RuntimeError)
"""RuntimeError: the event loop raises it for a connection that it has closed."""
log = structlog.get_logger()


def _client(url: str) -> ArqRedis:
    """Return a client that connects when it is used. arq's own `create_pool` leaves a connection open where it fails."""
    client: ArqRedis = ArqRedis.from_url(url, socket_connect_timeout=CONNECT_SECONDS)
    return client


async def _close(client: ArqRedis) -> None:
    with contextlib.suppress(*UNREACHABLE):
        await client.aclose(close_connection_pool=True)


class Doorbell:
    """Rings for kinds of work. `ring` returns at once; a separate task sends."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._pool: ArqRedis | None = None
        self._waiting: set[str] = set()
        self._wanted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.reachable = True

    def start(self) -> None:
        """Start the task, on the running event loop."""
        self._task = asyncio.create_task(self._run(), name="doorbell")

    def ring(self, kind: str) -> None:
        """Signal that work of this kind was committed."""
        self._waiting.add(kind)
        self._wanted.set()

    async def close(self) -> None:
        """Stop; the sweep finds the work of rings that were not sent."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self._hang_up()

    async def _run(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LISTEN_SECONDS):
                    await self._wanted.wait()
            self._wanted.clear()
            kinds, self._waiting = self._waiting, set()
            # nothing to ring for: only test the connection
            rung: list[str | None] = [*kinds] or [None]
            for kind in rung:
                await self._send(kind)
            await asyncio.sleep(GAP_SECONDS if self.reachable else RETRY_SECONDS)

    async def _send(self, kind: str | None) -> None:
        try:
            if self._pool is None:
                self._pool = _client(self._url)
            async with asyncio.timeout(RING_LIMIT_SECONDS):
                await (self._pool.ping() if kind is None else self._pool.enqueue_job(JOB, kind))
        except UNREACHABLE as error:
            if self.reachable:
                log.warning("doorbell_unreachable", kind=kind, error=type(error).__name__)
            self.reachable = False
            await self._hang_up()
            if kind is not None:
                # meanwhile the worker sweeps
                self.ring(kind)
        else:
            self.reachable = True

    async def _hang_up(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            await _close(pool)


async def listen(
    url: str, on_ring: Callable[[str], Awaitable[None]], on_connected: Callable[[], None]
) -> None:
    """Listen for rings until Valkey is lost (raises the client's error) or the task is cancelled.

    A ring only says that there may be work: it carries a kind and nothing else, and its result is not stored.
    """

    async def _drain(ctx: dict[Any, Any], *kinds: Any, **_other: Any) -> None:
        del ctx
        for kind in kinds:
            await on_ring(kind)

    pool = _client(url)
    try:
        await pool.ping()
        on_connected()
        worker = Worker(
            functions=[func(_drain, name=JOB, keep_result=0, max_tries=1, timeout=10)],
            redis_pool=pool,
            handle_signals=False,
            poll_delay=POLL_SECONDS,
            max_jobs=4,
        )
        try:
            await worker.async_run()
        finally:
            # what hears a ring at this moment would open a connection once more
            for hearing in worker.tasks.values():
                hearing.cancel()
            await asyncio.gather(*worker.tasks.values(), return_exceptions=True)
            with contextlib.suppress(*UNREACHABLE):
                await worker.close()
    finally:
        # where Valkey is away, the worker leaves its connections open
        await _close(pool)
