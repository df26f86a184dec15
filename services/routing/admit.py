"""Re-evaluates the conditions after a supplement: a case that now passes every check is accepted; the rest wait.

The machine accepts, it never refuses; where it does not accept, the officer sees the eight checks as they now stand.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from services.cases import moves, writer
from services.cases.changes import CaseChange, NewEvent, WorkerContext
from services.decisions import decide, document, machine_steps
from services.decisions.decide import CaseDecision
from services.merging import detection
from services.merging.detection import Candidate
from services.reference.data import ReferenceData
from services.routing import gathering, repetition
from services.routing.gathering import Gathered
from services.rules.states.verbs import Actor, Verb
from services.tasks import drain, queue
from services.tasks.queue import ADMIT, Lease, Task
from shared.database import Database
from shared.event_kinds import EventKind
from shared.vocabulary import Status


async def admit_batch(db: Database, reference: ReferenceData, *, size: int, lease: timedelta) -> int:
    """Re-evaluate up to `size` supplemented cases; returns how many tasks were claimed. Zero: nothing is due."""
    return await drain.drain(db, ADMIT, partial(_together, db, reference), size=size, lease=lease)


async def _together(db: Database, reference: ReferenceData, lease: Lease, tasks: Sequence[Task]) -> None:
    async with db.transaction() as connection:
        ours = await queue.finish(connection, lease.token, tasks)
        mine = [task for task in tasks if task.id in ours]
        routed = await gathering.gather(connection, mine, reference, routed=True)
        cases = [case for case in routed if case.row.status == Status.RECEIVED]
        repeats = await repetition.earlier(connection, cases, reference)
        changes = [_change(case, reference, repeats.get(case.row.id, ())) for case in cases]
        merges = queue.additions(repetition.tasks(changes, repeats))
        proposals = detection.additions(repeats, [case.row for case in cases])
        forwarded = await writer.apply(
            connection,
            changes,
            WorkerContext(reference),
            also=[merges, proposals],
            next_change=partial(machine_steps.next_change, reference),
        )
    for change in forwarded:
        machine_steps.report_forwarded(change)


def _change(case: Gathered, reference: ReferenceData, repeats: Sequence[Candidate]) -> CaseChange:
    admission = decide.readmit(case.facts, reference)
    bureau = reference.jurisdictions.bureaus.get(case.row.handling_bureau or "")
    allowed = bureau is not None and bureau.auto_admit and not case.row.triage
    admitted = admission.passed and allowed and not detection.proven(repeats)
    decision = document.build(case.facts, CaseDecision(admission=admission), reference)
    new_events = [NewEvent(EventKind.CONDITIONS_REEVALUATED, decision), *repetition.proposed(repeats)]
    if not admitted:
        return CaseChange(case=case.row, actor=Actor.WORKER, new_events=new_events)
    move = moves.check(case.row, Verb.ACCEPT, Actor.WORKER)
    return CaseChange(
        case=case.row, actor=Actor.WORKER, new_events=[*new_events, NewEvent(EventKind.ACCEPTED)], move=move
    )
