"""Joins posts that arrive together into one transaction; each is answered only after the commit.

No timer: a writer takes what has gathered while the one before it was at work, so a lonely post waits for nobody and
a crowd shares its commits.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable

import structlog

from services.intake import accept
from services.intake.fast_path import FastPath
from services.intake.preparation import Prepared
from services.requests.answers import Accepted, Answer
from shared.database import Database
from shared.errors import InternalError, ShensuError, UnavailableError

WRITERS = 2
MOST_TOGETHER = 512
MOST_WAITING = 5_000
log = structlog.get_logger()


class GroupCommit:
    """A queue of prepared filings and the writers that empty it."""

    def __init__(
        self,
        db: Database,
        *,
        fast_path: FastPath | None,
        on_commit: Callable[[Iterable[Answer]], None],
    ) -> None:
        self._db = db
        self._fast_path = fast_path
        self._on_commit = on_commit
        self._waiting: deque[tuple[Prepared, asyncio.Future[Answer]]] = deque()
        self._wanted = asyncio.Semaphore(0)
        self._writers: list[asyncio.Task[None]] = []
        self._closing = False

    def start(self) -> None:
        """Begin to write, on the running loop."""
        self._writers = [
            asyncio.create_task(self._write(), name=f"writer-{place}") for place in range(WRITERS)
        ]

    async def accept(self, prepared: Prepared) -> Accepted:
        """Store one filing with whatever else is waiting; returns after the commit. Raises the filing's own error."""
        if self._closing or len(self._waiting) >= MOST_WAITING:
            raise UnavailableError(
                "Complaints cannot be stored at this moment; send it again.", retry_after=1
            )
        answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((prepared, answered))
        self._wanted.release()
        answer = await answered
        if isinstance(answer, ShensuError):
            raise answer
        return answer

    async def close(self) -> None:
        """Store waiting and current filings, then stop; later filings are refused."""
        self._closing = True
        for _ in self._writers:
            self._wanted.release()
        await asyncio.gather(*self._writers)

    async def _write(self) -> None:
        while True:
            await self._wanted.acquire()
            together = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_TOGETHER))]
            if together:
                await self._flush(together)
            elif self._closing:
                return

    async def _flush(self, together: list[tuple[Prepared, asyncio.Future[Answer]]]) -> None:
        answers: list[Answer]
        try:
            answers = await accept.accept_many(
                self._db, [prepared for prepared, _ in together], self._fast_path
            )
        except Exception:
            # a process edge: a fault of ours must answer those who wait, not leave them waiting
            log.exception("flush_failed", count=len(together))
            answers = [
                InternalError("Something went wrong on our side; it is logged. Send the same request again.")
            ] * len(together)
        else:
            self._on_commit(answers)
        for (_, answered), answer in zip(together, answers, strict=True):
            if not answered.done():
                answered.set_result(answer)
