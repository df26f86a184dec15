"""Weighs the conditions anew after a supplement: what now passes every check is taken up; the rest waits for its officer.

The machine takes up, it never refuses; where it does not take up, the officer sees the eight checks as they now stand.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from services.cases import moves, writer
from services.cases.changes import CaseChange, NewEvent, WorkerContext
from services.decisions import decide
from services.merging import detection
from services.merging.detection import Candidate
from services.reference.data import ReferenceData
from services.routing import gathering, repetition
from services.routing.gathering import Gathered
from services.rules import admission
from services.rules.states.verbs import Actor, Verb
from services.tasks import drain, queue
from services.tasks.queue import ADMIT, Lease, Task
from shared.database import Database
from shared.event_kinds import EventKind
from shared.vocabulary import Status


async def admit_batch(db: Database, reference: ReferenceData, *, size: int, lease: timedelta) -> int:
    """Weigh up to `size` supplemented cases; returns how many tasks were taken. Zero: nothing is due."""
    return await drain.drain(db, ADMIT, partial(_together, db, reference), size=size, lease=lease)


async def _together(db: Database, reference: ReferenceData, held: Lease, tasks: Sequence[Task]) -> None:
    async with db.transaction() as connection:
        ours = await queue.finish(connection, held.token, tasks)
        mine = [task for task in tasks if task.id in ours]
        gathered = [
            one for one in await gathering.gather(connection, mine, reference, routed=True) if _waits(one)
        ]
        found = await repetition.earlier(connection, gathered, reference)
        changes = [_change(one, reference, found.get(one.row.id, ())) for one in gathered]
        follow_up = queue.additions(repetition.tasks(changes, found))
        proposals = detection.additions(found, [one.row for one in gathered])
        await writer.apply(connection, changes, WorkerContext(reference), also=[follow_up, proposals])


def _waits(one: Gathered) -> bool:
    return bool(one.row.status == Status.RECEIVED)


def _change(one: Gathered, reference: ReferenceData, repeats: Sequence[Candidate]) -> CaseChange:
    weighed = admission.check(one.facts, reference.admission)
    bureau = reference.jurisdictions.bureaus.get(one.row.handling_bureau or "")
    lets = bureau is not None and bureau.auto_admit and not one.row.triage
    admitted = weighed.passed and lets and not detection.proven(repeats)
    event = NewEvent(
        EventKind.CONDITIONS_WEIGHED,
        decide.admission_record(weighed, reference) | {"reference": reference.version},
    )
    new_events = [event, *repetition.proposed(repeats)]
    if not admitted:
        return CaseChange(case=one.row, actor=Actor.WORKER, new_events=new_events)
    move = moves.check(one.row, Verb.ACCEPT, Actor.WORKER)
    return CaseChange(
        case=one.row, actor=Actor.WORKER, new_events=[*new_events, NewEvent(EventKind.ACCEPTED)], move=move
    )
