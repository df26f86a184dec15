"""Costs stay flat: no statement of intake and worker reads more rows because more cases are stored.

The plans are those of prepared statements, over twenty thousand cases with statistics. A statement searches a growing table
by an index only, and by more than columns that many rows share. It may read all of a partial index whose rows go again:
checks, open cases, waiting messages.
"""

import re
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from services.deadlines import recalculation, sweep, watchdog
from services.delivery import delivery_queue, endpoints, feeds
from services.delivery.delivery_queue import DeliveryResult
from services.figures import refresh
from services.hotline import interim
from services.intake.preparation import IntakeContext, Prepared
from services.merging import proven
from services.reference.data import ReferenceData
from services.routing import admit, forward, route
from services.surges import warning
from shared import database
from shared.database import Database
from tests.services.intake.paths import fast_path

Run = Callable[..., Any]
Ask = Callable[..., list[Any]]
SYNTHETIC = Path(__file__).parents[2] / "bench"
AROUND_CASES = Path(__file__).with_name("around_cases.sql")
FILLS = ("synthetic.sql", "synthetic_deadlines.sql")
CASES, OPEN = 20_000, 500
LEASE = timedelta(minutes=5)
GROWING = {
    "case_deadline",
    "case_event",
    "complaint",
    "complaint_party",
    "delivery",
    "escalation",
    "feed_entry",
    "request_key",
}
SHARED_BY_MANY = {"audience", "bucket", "carrier_code", "client_id", "endpoint_id", "era", "kind", "status"}
"""Columns by which alone nothing is searched: the more cases are stored, the more rows have the same value."""
PASSING = {
    "ix_case_deadline_check",
    "ix_case_deadline_provisional",
    "ix_complaint_open",
    "ix_delivery_due",
    "ix_delivery_order",
}
"""Partial indexes of what still waits: their rows go, and so they do not grow with what is stored."""
_READS_OR_WRITES = re.compile(r"\s*(?:WITH|SELECT|INSERT|UPDATE|DELETE)\b")
_PARAMETERS = "SELECT cardinality(parameter_types) FROM pg_prepared_statements WHERE name = 'explained'"
_COLUMN = re.compile(r"\(*\b(?:\w+\.)?(\w+)\)?(?:::\w+)? (?:=|<|>|<=|>=|IS) ")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch, statements: Callable[[], Any]) -> Iterator[Callable[[], list[str]]]:
    """Return a function that lists the statements that were sent in the test, each once."""
    plain = Database.statement
    alone: list[str] = []

    async def _statement(self: Database, sql: str, *parameters: Any) -> Any:
        alone.append(sql)
        return await plain(self, sql, *parameters)

    each = database.each

    async def _each(connection: AsyncConnection, sql: str, rows: Any) -> Any:
        alone.append(sql)
        return await each(connection, sql, rows)

    monkeypatch.setattr(Database, "statement", _statement)
    monkeypatch.setattr(database, "each", _each)
    with statements() as listened:
        yield lambda: list(dict.fromkeys([*listened, *alone]))


@pytest.fixture
def work(
    db: Database, run: Run, reference: ReferenceData, intake_context: IntakeContext
) -> Callable[[], None]:
    """Return a function that lets every loop of the worker do its round."""
    ring = intake_context.ring

    async def _round() -> None:
        for batch in (route.route_batch, admit.admit_batch, forward.forward_batch, proven.merge_batch):
            await batch(db, reference, size=500, lease=LEASE)
        await sweep.sweep(db, reference, size=500)
        await watchdog.watch(db, reference, size=500)
        await recalculation.catch_up(db, reference, most=500)
        await interim.answer_batch(db, reference, ring, size=500)
        await warning.warn(db, reference, size=500)
        await refresh.refresh(db)
        for endpoint_id in await delivery_queue.due(db):
            lease = await delivery_queue.take(db, ring, endpoint_id, size=100, lease=LEASE)
            assert lease is not None
            done = [
                DeliveryResult(taken.bucket, taken.id, "DELIVERED", 1, timedelta(0), 204, None)
                for taken in lease.taken
            ]
            async with db.transaction() as connection:
                await delivery_queue.record(connection, lease.token, done)
        page = await feeds.page(db, "carrier:ZTO", after=None, limit=1, ring=ring)
        await feeds.page(db, "carrier:ZTO", after=page["next"], limit=1, ring=ring)

    return lambda: run(_round())


@pytest.fixture
def explained(db: Database, run: Run) -> Callable[[str], Iterator[dict[str, Any]]]:
    """Return a function that yields the nodes of the plan of a prepared statement."""

    async def _plan(sql: str) -> dict[str, Any]:
        async with db.engine.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            assert driver is not None
            # the plan for values that are not known, as a prepared statement has it after some executions
            await driver.execute(f"SET plan_cache_mode = force_generic_plan; PREPARE explained AS {sql}")
            count = await driver.fetchval(_PARAMETERS)
            values = f"({', '.join(['NULL'] * count)})" if count else ""
            [explained] = await driver.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE explained{values}")
            await driver.execute("DEALLOCATE explained; RESET plan_cache_mode")
        plan: dict[str, Any] = explained["Plan"]
        return plan

    def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
        yield node
        for child in node.get("Plans", ()):
            yield from _nodes(child)

    return lambda sql: _nodes(run(_plan(sql)))


@pytest.fixture
def fill(db: Database, run: Run, ask: Ask) -> Callable[[], None]:
    """Return a function that stores many cases, with what belongs to them, and collects statistics."""
    client = uuid.uuid4()

    async def _synthetic() -> None:
        async with db.transaction() as connection:
            cases, deadlines = ((SYNTHETIC / name).read_text("utf-8") for name in FILLS)
            await connection.exec_driver_sql(cases, (0, CASES, client, OPEN))
            await connection.exec_driver_sql(f"{deadlines} AND c.client_id = $1", (client,))

    def _fill() -> None:
        run(_synthetic())
        for sql in AROUND_CASES.read_text("utf-8").split(";")[:-1]:
            ask(sql, client=client)
        ask("ANALYZE " + ", ".join(sorted(GROWING)))

    return _fill


def _fault(node: dict[str, Any]) -> str | None:
    """Return what is wrong with a node of a plan: it reads more rows where more cases are stored."""
    table, index = node.get("Relation Name"), node.get("Index Name")
    if node["Node Type"] == "Seq Scan" and table in GROWING:
        return f"{table} is read whole"
    if index is None or index in PASSING or not any(f"_{name}" in index for name in GROWING):
        return None
    columns = set(_COLUMN.findall(node.get("Index Cond", "")))
    if columns <= SHARED_BY_MANY:
        return f"{index} is searched by no more than {sorted(columns)}"
    return None


def test_no_statement_reads_more_where_more_is_stored(
    db: Database,
    run: Run,
    ask: Ask,
    reference: ReferenceData,
    intake_context: IntakeContext,
    prepare: Callable[..., Prepared],
    store: Callable[..., list[str]],
    work: Callable[[], None],
    fill: Callable[[], None],
    sent: Callable[[], list[str]],
    explained: Callable[[str], Iterator[dict[str, Any]]],
) -> None:
    registered = {"audience": "carrier:ZTO", "url": "https://example.org/", "actor": "tests"}
    run(endpoints.register(db, intake_context.ring, development=False, **registered))
    item = {"item": {"waybill": "75312345678901"}}
    [first] = store([prepare(**item)])
    work()
    store([prepare(**item, cites=first), prepare(urgency=["NETWORK_STOPPAGE"])])
    taken = run(fast_path(db, reference).take([prepare(item={"waybill": "75312345678902"})]))
    assert len(taken.answers) == 1
    work()
    ask("UPDATE case_deadline SET next_check_at = started_at WHERE next_check_at IS NOT NULL")
    work()
    listened = [sql for sql in sent() if _READS_OR_WRITES.match(sql)]
    assert len(listened) > 50
    fill()
    faults = {
        (fault, " ".join(sql.split()))
        for sql in listened
        for node in explained(sql)
        if (fault := _fault(node)) is not None
    }
    assert sorted(faults) == []


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("SELECT FROM complaint WHERE external_ref IS NULL", "complaint is read whole"),
        ("SELECT FROM complaint WHERE bucket = $1", "pk_complaint is searched by no more than ['bucket']"),
        ("SELECT FROM complaint WHERE bucket = $1 AND id = $2", None),
        ("SELECT count(*) FROM case_deadline WHERE next_check_at < $1", None),
    ],
)
def test_a_plan_that_grows_is_seen(
    sql: str,
    fault: str | None,
    fill: Callable[[], None],
    explained: Callable[[str], Iterator[dict[str, Any]]],
) -> None:
    fill()
    assert next(filter(None, map(_fault, explained(sql))), None) == fault
