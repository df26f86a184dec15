"""The recount: each case at its own moments, by the days of Shanghai, a merged one where it is handled."""

from collections import Counter
from collections.abc import Callable, Coroutine
from datetime import date
from typing import Any

from sqlalchemy import Table, insert, select, update

from services.figures import refresh
from shared import clock
from shared.database import Database
from shared.models import figures
from shared.models.cases import complaint
from shared.models.figures import dirty_day
from tests.services.figures.casework import at, case, moments, put

Run = Callable[[Coroutine[Any, Any, Any]], Any]
TABLES = (figures.daily_fact, figures.monthly_fact, figures.channel_fact, figures.circular_fact)


def _measures(row: dict[str, Any]) -> list[tuple[Any, dict[str, int]]]:
    """Say, independently of the statements under test, what a case adds at each of its moments."""
    valid = row["responsibility"] == "ENTERPRISE"
    counted = [(row["received_at"], {"received": 1})]
    if row["accepted_at"]:
        counted.append((row["accepted_at"], {"accepted": 1}))
    if row["closed_at"]:
        ending = {
            "closed": 1,
            "valid": int(valid),
            "satisfied_administration": int(valid and row["satisfied_administration"] is True),
            "satisfied_enterprise": int(valid and row["satisfied_enterprise"] is True),
            "reply_overdue": int(row["reply_overdue"]),
            "reply_untruthful": int(row["reply_untruthful"]),
            "recovered_fen": row["recovered_fen"],
        }
        counted.append((row["closed_at"], ending))
    return counted


async def _recounted(db: Database, table: Table) -> dict[tuple[Any, ...], Counter[str]]:
    period, *dimensions = [column.name for column in table.primary_key]
    cells: dict[tuple[Any, ...], Counter[str]] = {}
    async with db.transaction() as connection:
        rows = (await connection.execute(select(complaint))).mappings().all()
    # one dispute counts once, wherever its repetitions came in
    for row in (row for row in rows if row["status"] != "MERGED"):
        for moment, measures in _measures(dict(row)):
            day = clock.civil_day(moment)
            first = day if period == "day" else day.replace(day=1)
            key = (first, *(row[name] or "" for name in dimensions))
            cells.setdefault(key, Counter()).update(measures)
    return cells


async def _facts(db: Database, table: Table) -> dict[tuple[Any, ...], Counter[str]]:
    keys = [column.name for column in table.primary_key]
    async with db.transaction() as connection:
        rows = (await connection.execute(select(table))).mappings().all()
    return {
        tuple(row[key] for key in keys): Counter({name: row[name] for name in figures.MEASURES})
        for row in rows
    }


async def _assert_facts_equal_cases(db: Database) -> None:
    for table in TABLES:
        assert await _facts(db, table) == await _recounted(db, table), table.name


def test_a_merged_case_counts_where_it_is_handled_and_again_when_the_merge_is_undone(
    db: Database, run: Run
) -> None:
    async def received() -> int:
        await refresh.refresh(db)
        await _assert_facts_equal_cases(db)
        return sum(cell["received"] for cell in (await _facts(db, figures.circular_fact)).values())

    async def write(child: dict[str, Any], **values: Any) -> None:
        async with db.transaction() as connection:
            await connection.execute(update(complaint).where(complaint.c.id == child["id"]).values(values))
            days = [{"day": clock.civil_day(moment)} for moment in moments(child)]
            await connection.execute(insert(dirty_day), days)

    async def check() -> None:
        parent = case(at("2021-03-01 12:00"), channel="PHONE_12305")
        child = case(at("2021-03-09 12:00"), channel="HOTLINE_12345", accepted_at=at("2021-03-10 12:00"))
        await put(db, parent, child)
        assert await received() == 2
        into = {"merged_into_bucket": 0, "merged_into": parent["id"], "merged_from": "ACCEPTED"}
        await write(child, status="MERGED", **into)
        assert await received() == 1
        await write(child, status="ACCEPTED", **dict.fromkeys(into))
        assert await received() == 2

    run(check())


def test_days_are_those_of_shanghai(db: Database, run: Run) -> None:
    async def check() -> None:
        await put(db, case(at("2021-02-28 23:59:59")), case(at("2021-03-01 00:00:00")))
        await refresh.refresh(db)
        months = {
            key[0]: measures["received"]
            for key, measures in (await _facts(db, figures.circular_fact)).items()
        }
        assert months == {date(2021, 2, 1): 1, date(2021, 3, 1): 1}

    run(check())
