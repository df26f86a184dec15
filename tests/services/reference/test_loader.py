"""Loading into the database: whole or not at all, once per change, and deadlines recalculated again."""

import asyncio
import dataclasses
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from services.cases import stored_deadlines
from services.deadlines import recalculation
from services.reference import cache, checks, files, loader
from services.reference.data import ReferenceData
from services.reference.files import InvalidReferenceError
from services.rules.deadlines import schedule
from shared import ids
from shared.database import Database
from shared.models import access, cases, deadlines
from shared.models import reference as tables

Edit = Callable[[str, str, str], Path]
Run = Callable[..., Any]


async def _reference(db: Database) -> ReferenceData:
    async with db.transaction() as connection:
        return await cache.read(connection)


async def _count(db: Database, statement: Any) -> int:
    async with db.transaction() as connection:
        return int(await connection.scalar(statement) or 0)


@pytest.fixture(autouse=True)
def _put_back(db: Database, run: Run) -> Any:
    """Leave the packaged data behind: reference data outlives a test."""
    yield
    run(loader.load(db, actor="test"))


def test_loading_the_same_again_changes_nothing(db: Database, run: Run) -> None:
    before = run(_reference(db))
    report = run(loader.load(db, actor="test"))
    assert not report.changed
    assert report.version == before.version == run(_reference(db)).version
    assert report.counts["region"] > 6000


def test_a_change_makes_a_version_and_an_entry_of_who_made_it(db: Database, run: Run, edited: Edit) -> None:
    before = run(_reference(db))
    folder = edited("carriers.csv", "中通快递,ZTO Express", "中通,ZTO Express")
    report = run(loader.load(db, folder, actor="li"))
    assert report.changed
    assert report.version == before.version + 1
    assert run(_reference(db)).carriers["ZTO"].name_zh == "中通"
    entry = access.audit_entry.c
    written = func.count()
    query = select(written).where(
        entry.act == "reference.load", entry.actor == "li", entry.subject == str(report.version)
    )
    assert run(_count(db, query)) == 1


def test_what_disappears_is_marked_and_comes_back(db: Database, run: Run, edited: Edit) -> None:
    edited("carriers.csv", "ARAMEX,aramex,Aramex,Aramex,Aramex,Aramex,EXPRESS,true\n", "")
    folder = edited("regions.csv", "429004,仙桃市,COUNTY,420000,420000,,in_force,1994,\n", "")
    aliases = (folder / "region_aliases.csv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in aliases if ",429004," not in line]
    (folder / "region_aliases.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    moved = (folder / "region_succession.csv").read_text(encoding="utf-8").splitlines()
    stay = [line for line in moved if not line.endswith(",429004")]
    (folder / "region_succession.csv").write_text("\n".join(stay) + "\n", encoding="utf-8")

    run(loader.load(db, folder, actor="test"))
    reference = run(_reference(db))
    assert "ARAMEX" not in reference.carriers
    assert "429004" not in reference.regions
    retired = select(func.count()).where(tables.carrier.c.retired, tables.carrier.c.code == "ARAMEX")
    abolished = select(func.count()).where(
        tables.region.c.status == "abolished", tables.region.c.code == "429004"
    )
    assert run(_count(db, retired)) == run(_count(db, abolished)) == 1

    run(loader.load(db, actor="test"))
    reference = run(_reference(db))
    assert "ARAMEX" in reference.carriers
    assert "429004" in reference.regions


def test_a_faulty_file_writes_nothing(db: Database, run: Run, edited: Edit) -> None:
    before = run(_reference(db))
    folder = edited("issues.csv", "FALSE_SIGN,DELIVERY_SERVICE", "FALSE_SIGN,NOTHING")
    edited("carriers.csv", "中通快递,ZTO Express", "中通,ZTO Express")
    with pytest.raises(InvalidReferenceError):
        run(loader.load(db, folder, actor="test"))
    after = run(_reference(db))
    assert (after.version, after.carriers["ZTO"]) == (before.version, before.carriers["ZTO"])


def test_two_who_load_at_once_make_one_version(db: Database, run: Run, edited: Edit) -> None:
    before = run(_reference(db))
    folder = edited("carriers.csv", "中通快递,ZTO Express", "中通,ZTO Express")

    async def twice() -> list[loader.LoadReport]:
        return await asyncio.gather(*(loader.load(db, folder, actor=name) for name in ("li", "wang")))

    reports = run(twice())
    assert sorted(report.changed for report in reports) == [False, True]
    assert {report.version for report in reports} == {before.version + 1}


def _case(received_at: datetime, started: schedule.IntakeDeadlines, **changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "bucket": 7,
        "id": ids.uuid7(),
        "number": f"{received_at:%Y%m%d}07{ids.uuid7().int % 10**6:06d}0",
        "client_id": ids.uuid7(),
        "scope": "live",
        "channel": "WEB",
        "status": "RECEIVED",
        "level": "L0",
        "business": "EXPRESS",
        "business_type": "EXPRESS",
        "carrier_code": "ZTO",
        "issue_code": "DELAY",
        "taxonomy_version": 1,
        "role": "SENDER",
        "agent_authorised": False,
        "elements_complete": True,
        "goods": "ORDINARY",
        "urgency": [],
        "other_procedure": "NONE",
        "received_at": received_at,
        "total_due_at": started.total.due_at,
        "next_due_at": started.acceptance.due_at,
        "deadline_version": started.total.deadline_version,
    }
    return row | changes


async def _store(db: Database, stored: list[tuple[dict[str, Any], schedule.IntakeDeadlines]]) -> None:
    async with db.transaction() as connection:
        for row, started in stored:
            await connection.execute(insert(cases.complaint).values(row))
            ended = (
                {"stopped_at": row["closed_at"], "outcome": "MET", "next_check_at": None}
                if "closed_at" in row
                else {}
            )
            for deadline in (started.acceptance, started.total):
                values = {"round": 1, **stored_deadlines.row(row["bucket"], row["id"], deadline), **ended}
                await connection.execute(insert(deadlines.case_deadline).values(values))


async def _acceptance_by_id(db: Database) -> Mapping[Any, Any]:
    statement = select(
        deadlines.case_deadline, cases.complaint.c.next_due_at, cases.complaint.c.total_due_at
    ).join(cases.complaint, cases.complaint.c.id == deadlines.case_deadline.c.complaint_id)
    async with db.transaction() as connection:
        rows = (
            await connection.execute(statement.where(deadlines.case_deadline.c.key == "acceptance"))
        ).all()
    return {row.complaint_id: row for row in rows}


def _with_2027(folder: Path) -> Path:
    """Add January 2027 to the table: the first to the third are holidays, Saturday the ninth is worked."""
    lines = []
    for number in range(1, 32):
        weekend = datetime(2027, 1, number, tzinfo=UTC).isoweekday() > 5
        worked = number == 9 or not (weekend or number <= 3)
        lines.append(f"2027-01-{number:02d},{str(worked).lower()},a test\n")
    with (folder / "workdays.csv").open("a", encoding="utf-8") as file:
        file.writelines(lines)
    return folder


def test_provisional_deadlines_are_computed_again_when_the_year_is_loaded(
    db: Database, run: Run, edited: Edit
) -> None:
    reference = run(_reference(db))
    # five days after Sunday 27 December end on Friday 1 January, which the table does not know yet
    waiting = datetime(2026, 12, 27, 8, tzinfo=UTC)
    settled = datetime(2026, 11, 2, 8, tzinfo=UTC)
    of_waiting = schedule.intake_deadlines(waiting, reference.timetable(None), reference.deadlines)
    of_settled = schedule.intake_deadlines(settled, reference.timetable(None), reference.deadlines)
    assert of_waiting.provisional
    assert not of_settled.provisional
    open_case, closed, certain = (
        _case(waiting, of_waiting),
        _case(waiting, of_waiting, status="CLOSED", closed_at=waiting + timedelta(days=1)),
        _case(settled, of_settled),
    )
    later = waiting + timedelta(days=60)
    of_later = schedule.intake_deadlines(later, reference.timetable(None), reference.deadlines)
    beyond = _case(later, of_later)
    run(
        _store(db, [(open_case, of_waiting), (closed, of_waiting), (certain, of_settled), (beyond, of_later)])
    )

    run(loader.load(db, _with_2027(edited("policies.json", "{", "{")), actor="test"))
    recalculated = run(recalculation.recalculate_all(db))
    after, newer = run(_acceptance_by_id(db)), run(_reference(db)).calendar.version
    assert recalculated == 2
    recalculated = after[open_case["id"]]
    # 1 to 3 January are holidays: the deadline moves to the end of Monday the fourth
    assert recalculated.due_at == recalculated.next_due_at == datetime(2027, 1, 4, 16, tzinfo=UTC)
    assert (recalculated.provisional, recalculated.calendar_version) == (False, newer)
    assert recalculated.next_check_at < recalculated.due_at
    assert recalculated.total_due_at == of_waiting.total.due_at
    assert after[beyond["id"]].provisional
    assert after[closed["id"]].calendar_version == reference.calendar.version
    assert after[certain["id"]].calendar_version == reference.calendar.version
    run(loader.load(db, edited("policies.json", "{", "{"), actor="test"))
    assert run(recalculation.recalculate_all(db)) == 0


def test_a_case_keeps_the_deadline_rules_it_was_received_under(db: Database, run: Run, edited: Edit) -> None:
    reference = run(_reference(db))
    received = datetime(2026, 12, 30, 8, tzinfo=UTC)
    rules = reference.deadlines_by_version["2014"]
    started = schedule.intake_deadlines(received, reference.timetable(None), rules)
    case = _case(received, started)
    run(_store(db, [(case, started)]))
    run(loader.load(db, _with_2027(edited("policies.json", "{", "{")), actor="test"))
    run(recalculation.recalculate_all(db))
    # two working days after 30 December: the 31st and Monday the fourth
    recalculated = run(_acceptance_by_id(db))[case["id"]]
    assert (recalculated.due_at, recalculated.deadline_version) == (
        datetime(2027, 1, 4, 16, tzinfo=UTC),
        "2014",
    )


def test_the_calendar_is_named_by_its_last_day_and_its_content(edited: Edit) -> None:
    packaged = loader.calendar_version(files.read(files.PACKAGED))
    assert packaged.startswith("2026-12-31.")
    changed = files.read(edited("workdays.csv", "2021-06-15,true", "2021-06-15,false"))
    checks.check(changed)
    assert loader.calendar_version(changed) != packaged


def test_a_report_is_a_plain_value(db: Database, run: Run) -> None:
    report = dataclasses.asdict(run(loader.load(db, actor="test")))
    assert set(report) == {"version", "changed", "counts"}
