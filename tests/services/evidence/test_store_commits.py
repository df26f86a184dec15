"""Files and rows: no row names an object that was not stored, and no commit that was lost drops one."""

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases.changes import KeyedContext
from services.casework.supplement import CaseEndedError
from services.evidence import holdings
from services.evidence import store as evidence
from services.evidence.sides import Side
from services.evidence.store import Added, Upload
from shared.database import Database
from shared.storage import Storage, StorageUnavailableError
from tests.services.evidence import samples
from tests.services.evidence.samples import picture

Make = Callable[..., str]


Run = Callable[[Coroutine[Any, Any, Any]], Any]


Ask = Callable[..., list[Any]]


Add = Callable[..., Added]


def objects(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "evidence").rglob("*") if path.is_file()]


class Breaking(Storage):
    """A store whose puts fail, or in which something happens between the put and the row."""

    def __init__(self, real: Storage, meanwhile: Callable[[], Coroutine[Any, Any, None]] | None) -> None:
        self._real = real
        self._meanwhile = meanwhile

    async def put(self, key: str, content: bytes) -> None:
        """Store an object, and let something happen."""
        if self._meanwhile is None:
            raise StorageUnavailableError("away")
        await self._real.put(key, content)
        await self._meanwhile()

    async def delete(self, key: str) -> None:
        """Delete an object."""
        await self._real.delete(key)


def test_no_row_names_an_object_that_was_not_stored(
    received: Make, db: Database, run: Run, storage: Storage, filer: Side, context: KeyedContext, ask: Ask
) -> None:
    number = received()
    with pytest.raises(StorageUnavailableError):
        run(evidence.add(db, Breaking(storage, None), number, Upload(None, picture(1)), filer, context))
    assert ask("SELECT * FROM evidence") == []


def test_what_changed_between_the_put_and_the_row_is_seen(
    forwarded: Make,
    db: Database,
    run: Run,
    storage: Storage,
    filer: Side,
    context: KeyedContext,
    ask: Ask,
    tmp_path: Path,
) -> None:
    number = forwarded()

    async def _end() -> None:
        async with db.transaction() as connection:
            await connection.exec_driver_sql("UPDATE complaint SET status = 'WITHDRAWN'")

    with pytest.raises(CaseEndedError):
        run(evidence.add(db, Breaking(storage, _end), number, Upload(None, picture(1)), filer, context))
    assert (ask("SELECT * FROM evidence"), objects(tmp_path)) == ([], [])


class LosingAnswers(Database):
    """A database of which the answer to the second commit is lost."""

    def __init__(self, real: Database) -> None:
        super().__init__(real.engine)
        self._commits = 0

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction."""
        async with self.engine.begin() as connection:
            yield connection
        self._commits += 1
        if self._commits == 2:
            raise OSError("the answer to the commit was lost")


def test_a_row_whose_commit_nobody_was_told_of_keeps_its_object(
    received: Make,
    db: Database,
    run: Run,
    storage: Storage,
    filer: Side,
    context: KeyedContext,
    add: Add,
    take_out: Callable[..., holdings.File],
) -> None:
    number = received()
    with pytest.raises(OSError, match="was lost"):
        run(evidence.add(LosingAnswers(db), storage, number, Upload(None, picture(1)), filer, context))
    again = add(number, filer, picture(1))
    assert again.before
    assert take_out(number, filer, again).content == picture(1)


def test_sealing_a_large_file_leaves_the_loop_to_others(
    received: Make, db: Database, run: Run, storage: Storage, filer: Side, context: KeyedContext
) -> None:
    number = received()
    film = samples.mp4()[:-12] + (12 + 19 * 1024**2).to_bytes(4) + b"mdat" + os.urandom(19 * 1024**2 + 4)
    longest = 0.0

    async def _watch() -> None:
        nonlocal longest
        loop = asyncio.get_running_loop()
        while True:
            before = loop.time()
            await asyncio.sleep(0.001)
            longest = max(longest, loop.time() - before)

    async def _both() -> Added:
        watching = asyncio.create_task(_watch())
        try:
            return await evidence.add(db, storage, number, Upload(None, film), filer, context)
        finally:
            watching.cancel()

    began = time.monotonic()
    added = run(_both())
    assert added.row.media_type == "video/mp4"
    # sealing is most of it
    assert longest < (time.monotonic() - began) / 2
