"""Forwards accepted cases in batches: the case moves, the enterprise's deadline starts, its notice lies in its feed.

Quiet where a case was forwarded meanwhile. A case whose respondent is not known, or not supervised, stays where it is:
an officer names the respondent, and the deadlines of claiming and forwarding see that nobody forgets it.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from prometheus_client import Counter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import case_row, moves, writer
from services.cases.case_row import CaseRow
from services.cases.changes import CaseChange, NewEvent, WorkerContext
from services.reference.data import ReferenceData
from services.rules.states.facts import ForwardingFacts
from services.rules.states.verbs import Actor
from services.tasks import drain, queue
from services.tasks.queue import FORWARD, Lease, Task
from shared.database import Database
from shared.event_kinds import EventKind
from shared.models.cases import complaint
from shared.vocabulary import Status

FORWARDED = Counter("shensu_cases_forwarded", "Cases handed on to enterprises", ["carrier"])


async def forward_batch(db: Database, reference: ReferenceData, *, size: int, lease: timedelta) -> int:
    """Forward up to `size` accepted cases; returns how many tasks were taken. Zero: nothing is due."""
    return await drain.drain(db, FORWARD, partial(_together, db, reference), size=size, lease=lease)


async def _together(db: Database, reference: ReferenceData, lease: Lease, tasks: Sequence[Task]) -> None:
    async with db.transaction() as connection:
        ours = await queue.finish(connection, lease.token, tasks)
        cases = await _accepted(connection, [task for task in tasks if task.id in ours])
        changes = [_change(case, reference) for case in cases]
        await writer.apply(connection, changes, WorkerContext(reference))
    for change in changes:
        if change.move is not None:
            FORWARDED.labels(change.case.carrier_code).inc()


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


def respondent_in_scope(carrier_code: str, reference: ReferenceData) -> bool:
    """Tell whether a case of this enterprise can be forwarded: it is known, and supervised."""
    carrier = reference.carriers.get(carrier_code)
    return carrier is not None and carrier.in_scope


def _change(case: CaseRow, reference: ReferenceData) -> CaseChange:
    in_scope = respondent_in_scope(case.carrier_code, reference)
    if not in_scope:
        waits = NewEvent(
            EventKind.WAITS_FOR_OFFICER, {"because": "respondent-unknown", "bureau": case.handling_bureau}
        )
        return CaseChange(case=case, actor=Actor.WORKER, new_events=[waits])
    move = moves.check(case, ForwardingFacts(respondent_in_scope=True), Actor.WORKER)
    return CaseChange(case=case, actor=Actor.WORKER, new_events=[NewEvent(EventKind.FORWARDED)], move=move)
