"""The queue in Postgres: put, claim, finish, fail. Leases and order use the database's clock.

A worker that lost its lease finishes nothing: `finish` deletes only tasks with its token, and returns their ids.
"""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared import bucket_turns, bulk, database, ids
from shared.database import Database
from shared.models import tasks as models_tasks

ROUTE = "route"
"""Kind of the task of a new case: find its bureau."""
FORWARD = "forward"
"""Kind of the task after acceptance: forward the case to the enterprise."""
ADMIT = "admit"
"""Kind of the task after a supplement: re-evaluate the conditions."""
MERGE = "merge"
"""Kind of the task of a proven repetition: merge it into the case that it names."""
MAX_ATTEMPTS = 8
MAX_EXPIRIES = 3
_FIRST_WAIT = timedelta(seconds=5)
_LONGEST_WAIT = timedelta(hours=1)
_ERROR_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Task:
    """One leased task: its kind, its subject, and the number of earlier attempts."""

    bucket: int
    id: uuid.UUID
    subject_id: uuid.UUID
    attempts: int


@dataclass(frozen=True, slots=True)
class Lease:
    """Tasks that this worker has, until the lease ends or it finishes them."""

    token: uuid.UUID
    tasks: tuple[Task, ...]


def row(bucket: int, kind: str, subject_id: uuid.UUID) -> dict[str, object]:
    """Return the row of a new task, for `additions`."""
    return {"bucket": bucket, "id": ids.uuid7(), "kind": kind, "subject_id": subject_id}


_PUT = bulk.into(models_tasks.task, ("bucket", "id", "kind", "subject_id"), "ON CONFLICT DO NOTHING")


def additions(rows: bulk.Rows) -> bulk.Part:
    """Return the insert of tasks; a subject that has a waiting task of the kind gets no second one."""
    return _PUT, rows


_CONDITION = "t.kind = $1 AND t.state <> 'dead' AND (t.expiries > 0) = $2"
_TURNS = bucket_turns.statement("task", "next_at", f"{_CONDITION} AND t.next_at <= statement_timestamp()")
_CLAIM = f"""
    WITH due AS (
        SELECT t.id FROM task t WHERE t.bucket = $3 AND {_CONDITION} AND t.next_at <= $4
        ORDER BY t.next_at LIMIT $5 FOR UPDATE SKIP LOCKED
    )
    UPDATE task SET
        expiries = task.expiries + (task.state = 'leased')::int,
        state = CASE WHEN task.state = 'leased' AND task.expiries + 1 >= {MAX_EXPIRIES} THEN 'dead' ELSE 'leased' END,
        last_error = CASE WHEN task.state = 'leased' THEN 'the lease ended before the work did' ELSE task.last_error END,
        lease_token = $6,
        next_at = $4 + $7::interval
    FROM due WHERE task.bucket = $3 AND task.id = due.id
    RETURNING task.bucket, task.id, task.subject_id, task.attempts, task.state
"""  # noqa: S608 - our own words


async def claim(db: Database, kind: str, *, size: int, lease: timedelta) -> Lease:
    """Take up to `size` due tasks of a kind under one lease; a task whose lease expired too often becomes dead instead.

    A task whose lease has expired before is taken after all others: it may be what crashes the process.
    """
    token = uuid.uuid4()
    async with db.transaction() as connection:
        rows = await _take(connection, kind, token, lease, size=size, suspect=False)
        if not rows:
            rows = await _take(connection, kind, token, lease, size=1, suspect=True)
    tasks = tuple(row.task for row in rows if row.state == "leased")
    return Lease(token, tasks)


class ClaimedTask(NamedTuple):
    """A task as the claim returns it; it is `leased` or, after too many leases that expired, `dead`."""

    bucket: int
    id: uuid.UUID
    subject_id: uuid.UUID
    attempts: int
    state: str

    @property
    def task(self) -> Task:
        """The task of a lease."""
        return Task(self.bucket, self.id, self.subject_id, self.attempts)


async def _take(
    connection: AsyncConnection, kind: str, token: uuid.UUID, lease: timedelta, *, size: int, suspect: bool
) -> list[ClaimedTask]:
    due = await bucket_turns.read(connection, _TURNS, kind, suspect)

    def _values(bucket: int, count: int) -> tuple[object, ...]:
        return (kind, suspect, bucket, due.moment, count, token, lease)

    rows = await bucket_turns.claim(connection, _CLAIM, due, size, _values)
    return [ClaimedTask(*row) for row in rows]


_GIVE_BACK = """
    UPDATE task SET state = 'ready', lease_token = NULL, next_at = $4
    FROM unnest($1::smallint[], $2::uuid[]) AS mine(bucket, id)
    WHERE task.bucket = mine.bucket AND task.id = mine.id AND task.lease_token = $3
"""


async def give_back(db: Database, lease: Lease) -> None:
    """End a lease early for a stopping process: its tasks can be taken at once, without a counted attempt."""
    values = ([task.bucket for task in lease.tasks], [task.id for task in lease.tasks], lease.token)
    async with db.transaction() as connection:
        await connection.exec_driver_sql(_GIVE_BACK, (*values, await database.moment(connection)))


_FINISH = """
    DELETE FROM task USING unnest($1::smallint[], $2::uuid[]) AS mine(bucket, id)
    WHERE task.bucket = mine.bucket AND task.id = mine.id AND task.lease_token = $3
    RETURNING task.id
"""


async def finish(connection: AsyncConnection, token: uuid.UUID, tasks: Sequence[Task]) -> set[uuid.UUID]:
    """Delete the tasks that this lease still has, and return their ids. Perform the effects of these tasks only."""
    values = ([task.bucket for task in tasks], [task.id for task in tasks], token)
    result = await connection.exec_driver_sql(_FINISH, values)
    return {row.id for row in result}


_RELEASE = text("""
    UPDATE task SET state = CASE WHEN attempts + 1 >= :max_attempts THEN 'dead' ELSE 'ready' END,
        attempts = attempts + 1, lease_token = NULL, last_error = :error, next_at = :next_at
    WHERE bucket = :bucket AND id = :id AND lease_token = :token
      AND NOT EXISTS (SELECT FROM task AS twin WHERE twin.bucket = task.bucket AND twin.kind = task.kind
                      AND twin.subject_id = task.subject_id AND twin.state = 'ready')
    RETURNING state
""")
_DROP = text("DELETE FROM task WHERE bucket = :bucket AND id = :id AND lease_token = :token")


def wait_before(attempt: int) -> timedelta:
    """Return the wait before the next attempt: it doubles from 10 s up to 1 h, ±50 % at random."""
    # 2^20 exceeds the longest wait in any case
    doubled: timedelta = min(_FIRST_WAIT * 2 ** min(attempt, 20), _LONGEST_WAIT)
    return doubled * (0.5 + random.random())  # noqa: S311 - spreads retries, keeps no secret


async def fail(db: Database, token: uuid.UUID, task: Task, error: str) -> str:
    """Give a task back after a failure; return `ready`, or `dead` after the last attempt.

    If a later task for the same work exists, it does the work and this one is deleted (`dropped`).
    """
    key = {"bucket": task.bucket, "id": task.id, "token": token}
    values = {
        "error": error[:_ERROR_LENGTH],
        "max_attempts": MAX_ATTEMPTS,
    }
    async with db.transaction() as connection:
        next_at = await database.moment(connection) + wait_before(task.attempts + 1)
        state: str | None = await connection.scalar(_RELEASE, key | values | {"next_at": next_at})
        if state is None:
            await connection.execute(_DROP, key)
    return state or "dropped"
