"""Handing evidence in and taking it out: once, whole, sealed, and each side within its scope."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases.changes import KeyedContext
from services.casework.supplement import CaseEndedError
from services.evidence import holdings
from services.evidence import store as evidence
from services.evidence.kinds import UnsupportedFileError
from services.evidence.sides import Side
from services.evidence.store import Added, TooMuchEvidenceError, Upload
from shared.database import Database
from shared.storage import Storage, StorageUnavailableError
from tests.services.evidence import samples
from tests.services.evidence.samples import picture

Make = Callable[..., str]
Run = Callable[[Coroutine[Any, Any, Any]], Any]
Ask = Callable[..., list[Any]]
Add = Callable[..., Added]
Who = Callable[..., Side]


def objects(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "evidence").rglob("*") if path.is_file()]


@pytest.mark.parametrize("media_type", samples.WHOLE)
def test_a_file_comes_out_as_it_went_in(
    media_type: str, received: Make, add: Add, filer: Side, take_out: Callable[..., holdings.File]
) -> None:
    number = received()
    added = add(number, filer, samples.WHOLE[media_type], name="破损照片.exe")
    assert (added.number, added.before, added.row.source) == (number, False, "FILER")
    file = take_out(number, filer, added)
    assert (file.content, file.media_type, file.name) == (
        samples.WHOLE[media_type],
        media_type,
        "破损照片.exe",
    )


def test_neither_content_nor_name_lies_anywhere_in_the_clear(
    received: Make, add: Add, filer: Side, tmp_path: Path, ask: Ask
) -> None:
    content = samples.jpeg(b"canary-of-the-content" * 20)
    added = add(received(), filer, content, name="canary-of-the-name.jpg")
    [path] = objects(tmp_path)
    stored = path.read_bytes()
    assert b"canary" not in stored
    assert content[:16] not in stored
    assert "canary" not in str(path)
    assert len(stored) > len(content)
    assert added.row.storage_key == f"{path.parent.name}/{path.name}"
    for table in ("evidence", "case_event", "feed_entry", "audit_entry"):
        assert "canary" not in str(ask(f"SELECT {table}::text FROM {table}"))
        assert b"canary".hex() not in str(ask(f"SELECT {table}::text FROM {table}"))


def test_the_same_file_again_is_the_same_evidence(
    received: Make, add: Add, filer: Side, officer: Who, tmp_path: Path, events_of: Callable[[str], list[Any]]
) -> None:
    number, other = received(), received()
    first = add(number, filer, picture(1), name="a.jpg")
    again = add(number, filer, picture(1), name="b.jpg")
    by_officer = add(number, officer(), picture(1))
    assert (again.before, again.row.id, by_officer.row.id) == (True, first.row.id, first.row.id)
    # of another case it is another file
    assert not add(other, filer, picture(1)).before
    assert len(objects(tmp_path)) == 2
    [event] = [event for event in events_of(number) if event.kind == "EVIDENCE_ADDED"]
    assert event.data == {
        "evidence": str(first.row.id),
        "source": "FILER",
        "media_type": "image/jpeg",
        "size": len(picture(1)),
        "sha256": bytes(first.row.sha256).hex()[:12],
    }
    assert (event.actor, event.by) == ("USER", filer.by)


def test_the_same_file_by_many_at_once_is_stored_once(
    db: Database,
    run: Run,
    received: Make,
    filer: Side,
    storage: Storage,
    context: KeyedContext,
    tmp_path: Path,
    ask: Ask,
) -> None:
    number = received()

    async def _all() -> list[Added]:
        return await asyncio.gather(
            *(evidence.add(db, storage, number, Upload(None, picture(1)), filer, context) for _ in range(6))
        )

    added = run(_all())
    assert sum(not file.before for file in added) == 1
    assert len({file.row.id for file in added}) == 1
    assert len(objects(tmp_path)) == 1
    assert ask("SELECT count(*) FROM evidence")[0][0] == 1


def test_different_files_at_once_wait_for_each_other(
    db: Database,
    run: Run,
    received: Make,
    filer: Side,
    storage: Storage,
    context: KeyedContext,
    events_of: Callable[[str], list[Any]],
) -> None:
    number = received()

    async def _all() -> list[Added]:
        uploads = [Upload(None, picture(place)) for place in range(6)]
        return await asyncio.gather(
            *(evidence.add(db, storage, number, upload, filer, context) for upload in uploads)
        )

    assert [file.before for file in run(_all())] == [False] * 6
    seqs = [event.seq for event in events_of(number)]
    assert seqs == list(range(1, len(seqs) + 1))


def test_a_case_holds_so_many_files_and_so_much(
    received: Make, add: Add, filer: Side, ask: Ask, tmp_path: Path
) -> None:
    number = received()
    for place in range(evidence.MOST_FILES):
        add(number, filer, picture(place))
    with pytest.raises(TooMuchEvidenceError, match="fewer or smaller files") as refused:
        add(number, filer, picture(99))
    assert refused.value.members["files"] == evidence.MOST_FILES
    assert len(objects(tmp_path)) == evidence.MOST_FILES
    # what is there already is no file more
    assert add(number, filer, picture(3)).before
    other = received()
    add(other, filer, picture(0))
    ask(
        "UPDATE evidence SET size = :size WHERE complaint_id = (SELECT id FROM complaint WHERE number = :number)",
        number=other,
        size=evidence.MOST_BYTES - len(picture(1)) + 1,
    )
    with pytest.raises(TooMuchEvidenceError):
        add(other, filer, picture(1))


def test_a_kind_that_is_not_taken_leaves_nothing(
    received: Make, add: Add, filer: Side, ask: Ask, tmp_path: Path
) -> None:
    number = received()
    with pytest.raises(UnsupportedFileError):
        add(number, filer, samples.HOSTILE["html"], name="photo.jpg")
    assert (objects(tmp_path), ask("SELECT * FROM evidence")) == ([], [])


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


def test_a_row_whose_commit_was_not_confirmed_keeps_its_object(
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
