"""Facts equal a recount of the cases, after any change and any interleaving; nothing marked, nothing written."""

import asyncio
import random
import uuid
from collections.abc import Callable, Coroutine
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import DBAPIError

from services.figures import recount, refresh, state
from services.figures.refresh import NOTHING
from shared import clock
from shared.database import Database
from shared.models import figures
from shared.models.cases import complaint
from shared.models.figures import dirty_day
from tests.services.figures.casework import at, case, closed, merged, put
from tests.services.figures.recounting import assert_facts_equal_cases, facts

Run = Callable[[Coroutine[Any, Any, Any]], Any]


def _random_cases(seed: int, count: int) -> list[dict[str, Any]]:
    drawn = random.Random(seed)  # noqa: S311 - the same cases every time, no secret
    rows = []
    for _ in range(count):
        received = at("2020-12-20 00:00") + timedelta(minutes=drawn.randrange(120 * 24 * 60))
        changes: dict[str, Any] = {
            "province": drawn.choice(("110000", "440000", "000000")),
            "channel": drawn.choice(("WEB", "WECHAT")),
            "level": drawn.choice(("L0", "L1")),
            "carrier_code": drawn.choice(("ZTO", "STO")),
            "issue_code": drawn.choice(("DELAY", "DAMAGE")),
            "issue_detail_code": drawn.choice((None, "BACKLOG")),
            "bucket": drawn.randrange(64),
            "id": uuid.UUID(int=drawn.getrandbits(128)),
        }
        if drawn.random() < 0.3:
            rows.append(case(received, **changes))
            continue
        if drawn.random() < 0.1:
            rows.append(merged(received, **changes))
            continue
        outcome = {
            "responsibility": drawn.choice(("ENTERPRISE", "NONE")),
            "reply_overdue": drawn.random() < 0.1,
            "satisfied_administration": drawn.choice((None, True, False)),
            "satisfied_enterprise": drawn.choice((None, True, False)),
            "reply_untruthful": drawn.random() < 0.1,
            "recovered_fen": drawn.randrange(10_000),
        }
        rows.append(closed(received, received + timedelta(hours=drawn.randrange(900)), **changes, **outcome))
    return rows


def test_nothing_marked_nothing_written(db: Database, run: Run) -> None:
    assert run(refresh.refresh(db)) == NOTHING
    assert run(state.current(db)) == state.NEVER


def test_facts_equal_a_recount_of_the_cases(db: Database, run: Run) -> None:
    async def check() -> None:
        await put(db, *_random_cases(1, 300))
        first = await refresh.refresh(db)
        assert first.days > 50
        assert first.months >= 4
        await assert_facts_equal_cases(db)

    run(check())


def test_facts_follow_every_change(db: Database, run: Run) -> None:
    async def check() -> None:
        rows = _random_cases(2, 60)
        await put(db, *rows)
        await refresh.refresh(db)
        # a case is routed to another province and raised: its old cells must vanish
        changed = rows[:20]
        async with db.transaction() as connection:
            await connection.execute(
                update(complaint)
                .where(complaint.c.id.in_([row["id"] for row in changed]))
                .values(province="650000", level="L3")
            )
            days = {
                clock.civil_day(row[name])
                for row in changed
                for name in ("received_at", "accepted_at", "closed_at")
                if row[name]
            }
            await connection.execute(insert(dirty_day), [{"day": day} for day in days])
        await refresh.refresh(db)
        await assert_facts_equal_cases(db)

    run(check())


def test_many_marks_of_one_month_recount_it_once(db: Database, run: Run) -> None:
    async def check() -> None:
        await put(db, *(case(at(f"2021-03-{day:02d} 12:00")) for day in range(1, 32)))
        await put(db, case(at("2021-03-05 13:00")))
        done = await refresh.refresh(db)
        assert (done.days, done.months) == (31, 1)
        assert await refresh.refresh(db) == NOTHING

    run(check())


def test_a_change_that_commits_after_the_marks_were_taken_is_counted_next_time(
    db: Database, run: Run
) -> None:
    async def check() -> None:
        await put(db, case(at("2021-03-01 12:00")))
        async with db.transaction() as late:
            await late.execute(insert(complaint), case(at("2021-03-01 13:00")))
            await late.execute(insert(dirty_day), {"day": date(2021, 3, 1)})
            await refresh.refresh(db)
            assert [cell["received"] for cell in (await facts(db, figures.daily_fact)).values()] == [1]
        assert (await refresh.refresh(db)).days == 1
        await assert_facts_equal_cases(db)

    run(check())


def test_refreshes_at_once_lose_nothing(db: Database, run: Run) -> None:
    async def write() -> None:
        for row in _random_cases(3, 40):
            await put(db, row)

    async def check() -> None:
        await asyncio.gather(write(), *(refresh.refresh(db) for _ in range(4)))
        await refresh.refresh(db)
        await assert_facts_equal_cases(db)

    run(check())


def test_marks_come_back_when_a_refresh_fails(
    db: Database, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def check() -> None:
        await put(db, case(at("2021-03-01 12:00")))
        with monkeypatch.context() as broken:
            broken.setattr(recount, "from_facts", lambda: ("SELECT 1 / 0, $1::date[], $2::date[]",))
            with pytest.raises(DBAPIError, match="division by zero"):
                await refresh.refresh(db)
        assert (await refresh.refresh(db)).days == 1

    run(check())


def test_rebuild_repairs_facts_that_were_tampered_with(db: Database, run: Run) -> None:
    async def check() -> None:
        await put(db, *_random_cases(4, 50))
        await refresh.refresh(db)
        async with db.transaction() as connection:
            await connection.execute(text("UPDATE circular_fact SET closed = closed + 7"))
            await connection.execute(text("DELETE FROM daily_fact WHERE channel = 'WEB'"))
            await connection.execute(
                text("UPDATE monthly_fact SET month = month - interval '5 years' WHERE carrier_code = 'STO'")
            )
        await refresh.rebuild(db)
        await assert_facts_equal_cases(db)

    run(check())
