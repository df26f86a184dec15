"""Feeds: every entry once and in one order, nothing that may still get company before it, and on after a restore."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ops.doctor import CheckState, HealthCheckResult, Patient, examine
from services.delivery import feeds, snapshot_horizon
from services.requests.cursors import CursorError
from shared.database import Database
from shared.privacy.keyring import KeyRing
from tests.services.delivery.alone import _connected, reference_cache  # noqa: F401 - fixtures of this module
from tests.services.delivery.conftest import ZTO, Case, Run

Cases = Callable[[int], list[Case]]
Tell = Callable[..., None]
Ask = Callable[..., list[Any]]
Read = Callable[..., tuple[list[str], str]]


@pytest.fixture
def read(db: Database, run: Run, ring: KeyRing) -> Read:
    """Return a function that pulls a feed to its end; returns the ids and the last cursor."""

    def _read(after: str | None = None, *, limit: int = 3, audience: str = ZTO) -> tuple[list[str], str]:
        ids: list[str] = []
        while True:
            page = run(feeds.page(db, audience, after=after, limit=limit, ring=ring))
            ids += [item["id"] for item in page["items"]]
            after = page["next"]
            if not page["items"]:
                return ids, page["next"]

    return _read


def test_an_empty_feed_has_a_cursor_that_later_gives_everything(cases: Cases, tell: Tell, read: Read) -> None:
    nothing, beginning = read()
    assert nothing == []
    [case] = cases(1)
    tell(case, 2, 3, 4, 5)
    tell(case, 2, to="carrier:YTO")
    ids, end = read(beginning)
    assert ids == [f"{case.number}:{ZTO}:{seq}" for seq in (2, 3, 4, 5)]
    assert read(end) == ([], end)
    assert read(limit=500)[0] == ids
    assert read(audience="carrier:YTO")[0] == [f"{case.number}:carrier:YTO:2"]


def test_words_are_opened_for_the_reader(
    cases: Cases, tell: Tell, db: Database, run: Run, ring: KeyRing
) -> None:
    tell(*cases(1), 2, answer="已赔偿用户。")
    [item] = run(feeds.page(db, ZTO, after=None, limit=5, ring=ring))["items"]
    assert item["data"]["texts"] == {"answer": "已赔偿用户。"}


def test_a_cursor_of_another_audience_or_of_nothing_is_refused(
    cases: Cases, tell: Tell, read: Read, ask: Ask
) -> None:
    tell(*cases(1), 2)
    _, end = read()
    with pytest.raises(CursorError):
        read(end, audience="carrier:YTO")
    with pytest.raises(CursorError):
        read("no cursor")
    ask("TRUNCATE delivery, feed_entry")
    with pytest.raises(CursorError):
        read(end)


@pytest.fixture
def slow(db: Database, run: Run) -> Iterator[AsyncConnection]:
    """Return a connection of a writer that takes its time."""
    connection = run(db.engine.connect().start())
    yield connection
    run(connection.close())


def test_what_commits_late_is_shown_in_its_place_and_nothing_before_it_is_settled(
    cases: Cases, tell: Tell, read: Read, slow: AsyncConnection, run: Run
) -> None:
    early, late = cases(2)
    entry = {"b": late.bucket, "i": late.id, "a": ZTO, "d": f'{{"number": "{late.number}"}}'}
    run(
        slow.execute(
            text(
                "INSERT INTO feed_entry (bucket, complaint_id, audience, seq, type, data) VALUES (:b, :i, :a, 2, 'x', :d)"
            ),
            entry,
        )
    )
    tell(early, 2)
    # the later transaction has committed, but one before it may still
    assert read()[0] == []
    run(slow.commit())
    assert read()[0] == [f"{late.number}:{ZTO}:2", f"{early.number}:{ZTO}:2"]


def test_two_statements_a_page_whatever_its_size(
    cases: Cases, tell: Tell, db: Database, run: Run, ring: KeyRing, statements: Callable[[], Any]
) -> None:
    for case in cases(20):
        tell(case, 2, 3)
    first = run(feeds.page(db, ZTO, after=None, limit=1, ring=ring))
    with statements() as sent:
        page = run(feeds.page(db, ZTO, after=first["next"], limit=500, ring=ring))
    assert len(page["items"]) == 39
    assert len(sent) == 2


@pytest.fixture
def restored(ask: Ask) -> Iterator[Callable[[], None]]:
    """Return a function that does to the entries what a restore does: their transactions lie ahead of this server's."""

    def _restore() -> None:
        ask("UPDATE feed_entry SET xid = (xid::text::bigint + 1000000000)::text::xid8")

    yield _restore
    ask("ALTER TABLE feed_entry ALTER COLUMN era SET DEFAULT 0")


def test_after_a_restore_readers_go_on_where_they_were(
    cases: Cases,
    tell: Tell,
    read: Read,
    restored: Callable[[], None],
    db: Database,
    run: Run,
    ring: KeyRing,
    ask: Ask,
) -> None:
    made = cases(9)
    for case in made[:6]:
        tell(case, 2)
    everything, _ = read()
    half_way = run(feeds.page(db, ZTO, after=None, limit=3, ring=ring))["next"]
    restored()
    # written before anybody noticed
    tell(made[6], 2)
    assert run(feeds.ahead(db)) == 6
    # what was restored is shown to nobody, and nobody misses it for what is new
    assert read(half_way)[0] == []
    assert run(feeds.rebase(db, actor="tests")) == 6
    tell(made[7], 2)
    new = [f"{case.number}:{ZTO}:2" for case in made[6:8]]
    assert read(half_way)[0] == everything[3:] + new
    assert read()[0] == everything + new
    assert run(feeds.ahead(db)) == 0
    # once is enough
    assert run(feeds.rebase(db, actor="tests")) == 0
    [entry] = ask("SELECT actor, data FROM audit_entry WHERE act = 'feed.rebase'")
    assert (entry.actor, entry.data) == ("tests", {"era": 1, "ahead": 6, "written_since": 1})
    # and a second restore does no harm to the order of the first
    restored()
    assert run(feeds.rebase(db, actor="tests")) == 2
    tell(made[8], 2)
    assert read(half_way)[0] == [*everything[3:], *new, f"{made[8].number}:{ZTO}:2"]


def test_the_doctor_tells_of_a_restore_and_of_what_holds_the_feeds_back(
    cases: Cases,
    tell: Tell,
    restored: Callable[[], None],
    db: Database,
    run: Run,
    key_path: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    patient = Patient(db, "redis://127.0.0.1:1/0", key_path)

    def _feeds() -> CheckState:
        findings: list[HealthCheckResult] = run(examine(patient))
        return next(each.state for each in findings if each.check == "feeds")

    tell(*cases(1), 2)
    assert _feeds() is CheckState.OK
    restored()
    assert _feeds() is CheckState.FAIL
    run(feeds.rebase(db, actor="tests"))
    assert _feeds() is CheckState.OK
    monkeypatch.setattr(snapshot_horizon, "LONG", snapshot_horizon.LONG * 0)

    async def _writing() -> CheckState:
        async with db.transaction() as connection:
            await connection.execute(text("SELECT pg_current_xact_id()"))
            findings = await examine(patient)
        return next(finding.state for finding in findings if finding.check == "feeds")

    assert run(_writing()) is CheckState.WARN
    assert _feeds() is CheckState.OK


def test_what_lies_ahead_of_the_horizon_is_not_read(
    cases: Cases, tell: Tell, restored: Callable[[], None], db: Database, run: Run
) -> None:
    for case in cases(50):
        tell(case, *range(2, 12))
    restored()

    async def _plan() -> str:
        async with db.engine.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            await driver.execute(f"ANALYZE feed_entry; PREPARE page AS {feeds._PAGE}")
            beginning = f"'{ZTO}', -1, '0', -1, '00000000-0000-0000-0000-000000000000', 0, 100"
            rows = await driver.fetch(f"EXPLAIN (ANALYZE) EXECUTE page({beginning})")
            await driver.execute("DEALLOCATE page")
        return "\n".join(row[0] for row in rows)

    plan = run(_plan())
    assert "ix_feed_entry_reading" in plan
    assert "Rows Removed by Filter" not in plan
