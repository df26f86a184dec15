"""Forwards accepted cases in batches: the case moves, the enterprise's deadline starts, its message is in its feed.

Quiet where a case was forwarded meanwhile. A case whose respondent is not known, or not supervised, stays where it is:
an officer names the respondent, and the deadlines of claiming and forwarding see that nobody forgets it.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import case_row, writer
from services.cases.case_row import CaseRow
from services.cases.changes import WorkerContext
from services.decisions import machine_steps
from services.reference.data import ReferenceData
from services.tasks import drain, queue
from services.tasks.queue import FORWARD, Lease, Task
from shared.database import Database
from shared.models.cases import complaint
from shared.vocabulary import Status


async def forward_batch(db: Database, reference: ReferenceData, *, size: int, lease: timedelta) -> int:
    """Forward up to `size` accepted cases; returns how many tasks were taken. Zero: nothing is due."""
    return await drain.drain(db, FORWARD, partial(_together, db, reference), size=size, lease=lease)


async def _together(db: Database, reference: ReferenceData, lease: Lease, tasks: Sequence[Task]) -> None:
    async with db.transaction() as connection:
        ours = await queue.finish(connection, lease.token, tasks)
        cases = await _accepted(connection, [task for task in tasks if task.id in ours])
        changes = [machine_steps.forwarded(case, reference) for case in cases]
        await writer.apply(connection, changes, WorkerContext(reference))
    for change in changes:
        machine_steps.report_forwarded(change)


async def _accepted(connection: AsyncConnection, tasks: Sequence[Task]) -> Sequence[CaseRow]:
    ids = [task.subject_id for task in tasks]
    buckets = sorted({task.bucket for task in tasks})
    statement = (
        select(*case_row.columns(CaseRow))
        .where(
            complaint.c.bucket.in_(buckets), complaint.c.id.in_(ids), complaint.c.status == Status.ACCEPTED
        )
        .order_by(complaint.c.bucket, complaint.c.id)
        .with_for_update()
    )
    return case_row.build(CaseRow, await connection.execute(statement))
