"""Merges, without an officer, a case whose request proves by itself that it repeats an earlier one.

One case at a time: such cases are few, and each locks two. Quiet where an officer was faster.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import lookup, merges, moves, writer
from services.cases.changes import WorkerContext
from services.merging import merge
from services.merging.merge import MERGED, PROPOSED, MergeError
from services.reference.data import ReferenceData
from services.rules.duplicates import Sign
from services.rules.states.facts import MergeFacts
from services.rules.states.verbs import Actor
from services.tasks import drain, queue
from services.tasks.queue import MERGE, Lease, Task
from shared.database import Database
from shared.models.merging import duplicate_candidate
from shared.vocabulary import ENDED, Status

BY = "worker"


async def merge_batch(db: Database, reference: ReferenceData, *, size: int, lease: timedelta) -> int:
    """Merge up to `size` proven repetitions; returns how many tasks were taken. Zero: nothing is due."""
    return await drain.drain(db, MERGE, partial(_each, db, reference), size=size, lease=lease)


async def _each(db: Database, reference: ReferenceData, batch_lease: Lease, tasks: Sequence[Task]) -> None:
    for task in tasks:
        async with db.transaction() as connection:
            if await queue.finish(connection, batch_lease.token, [task]):
                await _merge(connection, task, WorkerContext(reference))


async def _merge(connection: AsyncConnection, task: Task, context: WorkerContext) -> None:
    pair = duplicate_candidate.c
    statement = select(pair.other_bucket, pair.other_id).where(
        pair.bucket == task.bucket,
        pair.complaint_id == task.subject_id,
        pair.state == PROPOSED,
        pair.evidence.contains([Sign.CITED]),
    )
    pair_row = (await connection.execute(statement)).first()
    if pair_row is None:
        return
    child = await lookup.by_id(connection, task.bucket, task.subject_id, lock=True)
    parent = await lookup.by_id(connection, pair_row.other_bucket, pair_row.other_id, lock=True)
    parent = await merges.follow(connection, parent, lock=True)
    try:
        merge.check_mergeable(child, parent)
    except MergeError:
        # the earlier one ended, or is another enterprise's by now: an officer sees the proposal
        return
    if Status(child.status) in ENDED:
        return
    move = moves.check(child, MergeFacts(has_reason=False, duplicate_evident=True), Actor.WORKER)
    await merge.decide_candidate(connection, child, parent, MERGED, BY)
    changes = await merge.merged(
        connection,
        child,
        parent,
        move=move,
        actor=Actor.WORKER,
        by=BY,
        words=None,
        reference=context.reference,
    )
    await writer.apply(connection, changes, context)
