"""The cache: reads once, follows a new version, and holds on to its reference while the database is away."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete

from services.reference import data as reference_data
from services.reference import files, loader
from services.reference.cache import ReferenceCache, ReferenceNotLoadedError
from shared.database import Database
from shared.models import reference as tables

Edit = Callable[[str, str, str], Path]
Run = Callable[..., Any]

ALWAYS = timedelta(0)
NOWHERE = "postgresql+asyncpg://nobody@127.0.0.1:9/nothing"


def test_the_book_is_that_of_the_files(
    db: Database, run: Run, packaged: reference_data.ReferenceData
) -> None:
    reference = run(ReferenceCache(db).reference())
    assert reference.regions == packaged.regions
    assert reference.successors == packaged.successors
    assert reference.carriers == packaged.carriers
    assert reference.calendar.days == packaged.calendar.days
    assert reference.deadlines_by_version == packaged.deadlines_by_version
    assert reference.jurisdictions == packaged.jurisdictions
    assert reference.codes == packaged.codes
    assert reference.addresses.match("浙江省杭州市西湖区").code == "330106"


def test_the_book_is_read_once_for_all_who_ask(db: Database, run: Run) -> None:
    reference_cache = ReferenceCache(db)

    async def ask_together() -> list[reference_data.ReferenceData]:
        return await asyncio.gather(*(reference_cache.reference() for _ in range(20)))

    first, *others = run(ask_together())
    assert all(other is first for other in others)


def test_an_unchanged_version_keeps_the_book_and_a_new_one_replaces_it(
    db: Database, run: Run, edited: Edit
) -> None:
    reference_cache = ReferenceCache(db, max_age=ALWAYS)
    before = run(reference_cache.reference())
    assert run(reference_cache.reference()) is before
    run(loader.load(db, edited("carriers.csv", "中通快递,ZTO Express", "中通,ZTO Express"), actor="test"))
    after = run(reference_cache.reference())
    assert after.version == before.version + 1
    assert after.carriers["ZTO"].name_zh == "中通"
    run(loader.load(db, actor="test"))


def test_within_its_age_nothing_is_asked(db: Database, run: Run, edited: Edit) -> None:
    reference_cache = ReferenceCache(db, max_age=timedelta(hours=1))
    before = run(reference_cache.reference())
    run(loader.load(db, edited("carriers.csv", "中通快递,ZTO Express", "中通,ZTO Express"), actor="test"))
    assert run(reference_cache.reference()) is before
    run(loader.load(db, actor="test"))


def test_nothing_loaded_is_said_so(db: Database, run: Run) -> None:
    async def forget() -> None:
        async with db.transaction() as connection:
            await connection.execute(delete(tables.reference_state))

    run(forget())
    with pytest.raises(ReferenceNotLoadedError, match="ops reference load"):
        run(ReferenceCache(db).reference())
    assert run(loader.load(db, actor="test")).changed


def test_a_book_at_hand_outlives_the_database(run: Run) -> None:
    away = Database.connect(NOWHERE)
    reference_cache = ReferenceCache(away, max_age=ALWAYS)
    with pytest.raises(OSError):  # noqa: PT011 - whatever the system says of a closed port
        run(reference_cache.reference())
    reference = reference_data.build(1, "held", files.read(files.PACKAGED).values())
    reference_cache._reference = reference
    assert run(reference_cache.reference()) is reference
    run(away.close())
