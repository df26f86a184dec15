"""Speed of the deadline sweep, against the bare statements for the rows that it writes."""

import asyncio
import statistics
import time
from typing import Any

from bench import batch, costs, report
from bench.report import Line
from bench.stack import INTAKE, WORKER, Stack, running
from ops import migrate
from routing_worker.loops.deadlines import BATCH
from routing_worker.state import ROLE
from services.deadlines import sweep
from services.reference.cache import ReferenceCache
from shared.database import Database

ROUNDS = 5
DEADLINES = 10_000
"""For each round; every round has its own cases."""
FILED = 60_000
"""An eighth of them wait for an officer, and are not swept."""
_WAITING = "SELECT EXISTS (SELECT FROM task) AS waiting"
_CHOOSE = """
    CREATE TABLE chosen AS
    SELECT row_number() OVER (ORDER BY id) - 1 AS place, bucket, id, version FROM complaint WHERE status = 'FORWARDED'
"""
# half of the thirty days has passed: the most frequent step; only the bureau is notified
_HALF = """
    UPDATE case_deadline k SET started_at = started_at - interval '17 days', due_at = due_at - interval '17 days',
        next_check_at = clock_timestamp() - (10000 - place % 10000) * interval '1 ms', last_step = 0
    FROM chosen c WHERE c.bucket = k.bucket AND c.id = k.complaint_id AND k.key = 'total' AND c.place / $1 = $2
"""
# the enterprise did not answer: the level rises, the targets restart, the enterprise is notified
_LATE = """
    UPDATE case_deadline k SET started_at = clock_timestamp() - interval '1 day' - (due_at - started_at),
        due_at = clock_timestamp() - interval '1 day', next_check_at = clock_timestamp() - interval '1 day'
    FROM chosen c WHERE c.bucket = k.bucket AND c.id = k.complaint_id AND k.key = 'enterprise_reply' AND c.place / $1 = $2
"""
_KEEP = """
    CREATE TABLE kept AS
    SELECT row_number() OVER (ORDER BY e.at) - 1 AS place, e.*, k.last_step, k.next_check_at, v.seq, v.kind, v.actor, v.data,
        c.version
    FROM chosen c JOIN escalation e ON e.bucket = c.bucket AND e.complaint_id = c.id
    JOIN case_deadline k ON k.bucket = c.bucket AND k.complaint_id = c.id AND k.key = e.key AND k.round = e.round
    JOIN case_event v ON v.bucket = c.bucket AND v.complaint_id = c.id AND v.kind = 'DEADLINE_REMINDER'
    WHERE c.place / $1 = $2
"""
_UNDO = (
    "DELETE FROM escalation e USING kept k WHERE e.bucket = k.bucket AND e.complaint_id = k.complaint_id",
    "DELETE FROM case_event v USING kept k WHERE v.bucket = k.bucket AND v.complaint_id = k.complaint_id AND v.seq = k.seq",
    "UPDATE complaint c SET version = k.version FROM kept k WHERE c.bucket = k.bucket AND c.id = k.complaint_id",
    """UPDATE case_deadline m SET last_step = 0, next_check_at = clock_timestamp() FROM kept k
       WHERE m.bucket = k.bucket AND m.complaint_id = k.complaint_id AND m.key = k.key AND m.round = k.round""",
    "CREATE UNIQUE INDEX ON kept (place)",
    "VACUUM ANALYZE kept, escalation, case_event, complaint, case_deadline",
)
_BARE = (
    """INSERT INTO escalation (bucket, complaint_id, key, round, step, level_before, level_after, notified_bureaus)
       SELECT bucket, complaint_id, key, round, step, level_before, level_after, notified_bureaus FROM kept
       WHERE place >= $1 AND place < $2""",
    """UPDATE case_deadline m SET last_step = k.last_step, next_check_at = k.next_check_at FROM kept k
       WHERE m.bucket = k.bucket AND m.complaint_id = k.complaint_id AND m.key = k.key AND m.round = k.round
           AND k.place >= $1 AND k.place < $2""",
    """UPDATE complaint c SET version = c.version + 1 FROM kept k
       WHERE c.bucket = k.bucket AND c.id = k.complaint_id AND k.place >= $1 AND k.place < $2""",
    """INSERT INTO case_event (bucket, complaint_id, seq, kind, actor, data)
       SELECT bucket, complaint_id, seq, kind, actor, data FROM kept WHERE place >= $1 AND place < $2""",
)


def measure() -> list[Line]:
    """Measure cases per second of the sweep, one due deadline each, and of the bare statements for its rows, in turn."""
    with running(INTAKE) as stack:
        batch.post(stack, 0, FILED // 1000)
        stack.start(WORKER, wait=False)
        stack.wait(
            lambda: not stack.query(_WAITING)[0]["waiting"], "all are forwarded", seconds=180, every=0.5
        )
        stack.stop(INTAKE, WORKER)
        stack.execute(_CHOOSE)
        swept, bare, late, spent = asyncio.run(_rounds(stack))
    everything = ROUNDS * DEADLINES
    return [
        Line(
            f"{everything:,} due deadlines, about as many as the country has open cases",
            everything / statistics.harmonic_mean(swept),
            "s",
            budget=report.at_most(60, "≤ 60 s"),
        ),
        report.against(
            "the same per second, one deadline per case, against its rows by bare statements",
            "cases/s",
            swept,
            bare,
            report.at_least(0.4, "≥ 40 % of the statements"),
        ),
        Line(
            f"sweep of {DEADLINES:,} deadlines that raise the case to L1 and notify the enterprise",
            late,
            "cases/s",
        ),
        *spent,
    ]


async def _rounds(stack: Stack) -> tuple[list[float], list[float], float, list[Line]]:
    db = Database.connect(migrate.asyncpg_url(stack.addresses.database_url), role=ROLE, pool_size=1)
    connection = await stack.connect()
    try:
        swept, bare = [], []
        spent: list[Line] = []
        for turn in range(ROUNDS):
            await connection.execute(_HALF, DEADLINES, turn)
            await connection.execute("VACUUM ANALYZE complaint, case_deadline")
            rate, spent = await _measured(stack, db, "sweep of half of the time")
            swept.append(rate)
            bare.append(await _bare(connection, turn))
        await connection.execute(_LATE, DEADLINES, 0)
        await connection.execute("VACUUM ANALYZE complaint, case_deadline")
        late, spent_late = await _measured(stack, db, "sweep of late enterprises")
        return swept, bare, late, [*spent, *spent_late]
    finally:
        await connection.close()
        await db.close()


async def _measured(stack: Stack, db: Database, what: str) -> tuple[float, list[Line]]:
    """Sweep; return the cases per second, and what a case costs."""
    # the meter has a loop of its own
    meter = await asyncio.to_thread(costs.Meter, stack, costs.OWN)
    rate = await _sweep(db)
    return rate, await asyncio.to_thread(meter.of_cases, DEADLINES, what)


async def _sweep(db: Database) -> float:
    reference = await ReferenceCache(db).reference()
    swept_cases, began = 0, time.perf_counter()
    while count := await sweep.sweep(db, reference, size=BATCH):
        swept_cases += count
    seconds = time.perf_counter() - began
    if swept_cases != DEADLINES:
        raise RuntimeError(f"{DEADLINES} cases were due, {swept_cases} were swept")
    return swept_cases / seconds


async def _bare(connection: Any, turn: int) -> float:
    await connection.execute("DROP TABLE IF EXISTS kept")
    await connection.execute(_KEEP, DEADLINES, turn)
    for statement in _UNDO:
        await connection.execute(statement)
    began = time.perf_counter()
    for first in range(0, DEADLINES, BATCH):
        async with connection.transaction():
            for statement in _BARE:
                await connection.execute(statement, first, first + BATCH)
    return DEADLINES / (time.perf_counter() - began)
