"""What the facts must be, counted in tests from the cases without the statements under test."""

from collections import Counter
from typing import Any

from sqlalchemy import Table, select

from shared import clock
from shared.database import Database
from shared.models import figures
from shared.models.cases import complaint

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


async def facts(db: Database, table: Table) -> dict[tuple[Any, ...], Counter[str]]:
    """Return the cells of a table of facts."""
    keys = [column.name for column in table.primary_key]
    async with db.transaction() as connection:
        rows = (await connection.execute(select(table))).mappings().all()
    return {
        tuple(row[key] for key in keys): Counter({name: row[name] for name in figures.MEASURES})
        for row in rows
    }


async def assert_facts_equal_cases(db: Database) -> None:
    """Assert that every table of facts says what the cases say."""
    for table in TABLES:
        assert await facts(db, table) == await _recounted(db, table), table.name
