"""The recount: each case at its own moments, by the days of Shanghai, a merged one where it is handled."""

from collections.abc import Callable, Coroutine
from datetime import date
from typing import Any

from sqlalchemy import insert, update

from services.figures import refresh
from shared import clock
from shared.database import Database
from shared.models import figures
from shared.models.cases import complaint
from shared.models.figures import dirty_day
from tests.services.figures.casework import at, case, moments, put
from tests.services.figures.recounting import assert_facts_equal_cases, facts

Run = Callable[[Coroutine[Any, Any, Any]], Any]


def test_a_merged_case_counts_where_it_is_handled_and_again_when_the_merge_is_undone(
    db: Database, run: Run
) -> None:
    async def received() -> int:
        await refresh.refresh(db)
        await assert_facts_equal_cases(db)
        return sum(cell["received"] for cell in (await facts(db, figures.circular_fact)).values())

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
            key[0]: measures["received"] for key, measures in (await facts(db, figures.circular_fact)).items()
        }
        assert months == {date(2021, 2, 1): 1, date(2021, 3, 1): 1}

    run(check())
