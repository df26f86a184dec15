"""The queue for operators: lists of tasks, and two actions on a dead task: retry and delete."""

import uuid
from datetime import datetime
from typing import cast

from sqlalchemy import delete, exists, func, select, update
from typing_extensions import TypedDict

from services import audit
from shared import database
from shared.database import Database
from shared.errors import NotFoundError
from shared.models.tasks import task


class TaskCount(TypedDict):
    """How many tasks there are of a kind and state, and since when the oldest waits."""

    kind: str
    state: str
    count: int
    oldest: datetime


class ListedTask(TypedDict):
    """A task, as operators see it."""

    id: uuid.UUID
    kind: str
    state: str
    attempts: int
    expiries: int
    next_at: datetime
    last_error: str | None
    subject_id: uuid.UUID
    created_at: datetime


async def counts(db: Database) -> list[TaskCount]:
    """Return the number of tasks of each kind and state, and since when the oldest waits."""
    statement = (
        select(
            task.c.kind,
            task.c.state,
            func.count().label("count"),
            func.min(task.c.created_at).label("oldest"),
        )
        .group_by(task.c.kind, task.c.state)
        .order_by(task.c.kind, task.c.state)
    )
    async with db.transaction() as connection:
        rows = (await connection.execute(statement)).mappings().all()
    return cast("list[TaskCount]", [dict(row) for row in rows])


async def list_tasks(
    db: Database, *, state: str | None = None, kind: str | None = None, limit: int = 100
) -> list[ListedTask]:
    """Return tasks, the earliest due first; error texts are our own and hold no personal data."""
    statement = (
        select(
            task.c.id,
            task.c.kind,
            task.c.state,
            task.c.attempts,
            task.c.expiries,
            task.c.next_at,
            task.c.last_error,
            task.c.subject_id,
            task.c.created_at,
        )
        .order_by(task.c.next_at)
        .limit(limit)
    )
    if state is not None:
        statement = statement.where(task.c.state == state)
    if kind is not None:
        statement = statement.where(task.c.kind == kind)
    async with db.transaction() as connection:
        rows = (await connection.execute(statement)).mappings().all()
    return cast("list[ListedTask]", [dict(row) for row in rows])


async def requeue(db: Database, task_id: uuid.UUID, *, actor: str) -> bool:
    """Retry a dead task, with its attempts reset.

    Returns False if a later task for the same work waits already: the dead one is deleted. Raises NotFoundError if
    no dead task has this id.
    """
    dead = (task.c.id == task_id, task.c.state == "dead")
    twin = task.alias("twin")
    waits_anew = exists().where(
        twin.c.bucket == task.c.bucket,
        twin.c.kind == task.c.kind,
        twin.c.subject_id == task.c.subject_id,
        twin.c.state == "ready",
    )
    async with db.transaction() as connection:
        moment = await database.moment(connection)
        again = (
            update(task)
            .where(*dead, ~waits_anew)
            .values(state="ready", attempts=0, expiries=0, lease_token=None, next_at=moment)
        )
        requeued = (await connection.execute(again)).rowcount
        # a later task for the same work exists: it does the work, and the dead one can be deleted
        dropped = 0 if requeued else (await connection.execute(delete(task).where(*dead))).rowcount
        if not requeued and not dropped:
            raise NotFoundError(f"no dead task {task_id}; `python -m ops task list --state dead` lists them")
        await audit.record(connection, actor=actor, act="task.requeue", subject=str(task_id), data={})
    return requeued > 0


async def discard(db: Database, task_id: uuid.UUID, *, actor: str) -> None:
    """Delete a dead task for good. Raises NotFoundError if no dead task has this id."""
    statement = (
        delete(task)
        .where(task.c.id == task_id, task.c.state == "dead")
        .returning(task.c.kind, task.c.subject_id)
    )
    async with db.transaction() as connection:
        row = (await connection.execute(statement)).one_or_none()
        if row is None:
            raise NotFoundError(f"no dead task {task_id}; `python -m ops task list --state dead` lists them")
        data = {"kind": row.kind, "subject": str(row.subject_id)}
        await audit.record(connection, actor=actor, act="task.discard", subject=str(task_id), data=data)
