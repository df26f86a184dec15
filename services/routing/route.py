"""Routes a batch of cases and forwards what is accepted: reads facts, decides by pure rules, one statement per table."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from services.cases import writer
from services.cases.changes import CaseChange, WorkerContext
from services.decisions import decide, machine_steps
from services.decisions.decide import RoutingDecision
from services.merging import detection
from services.merging.detection import Candidate
from services.reference.data import ReferenceData
from services.routing import gathering, repetition
from services.routing.gathering import Gathered
from services.tasks import drain, queue
from services.tasks.queue import ROUTE, Lease, Task
from shared.database import Database


async def route_batch(db: Database, reference: ReferenceData, *, size: int, lease: timedelta) -> int:
    """Route up to `size` waiting cases; returns how many tasks were claimed. Zero: nothing is due.

    A case whose routing fails is found by bisecting the batch, given back to be tried later, and harms no other.
    """
    return await drain.drain(db, ROUTE, partial(_together, db, reference), size=size, lease=lease)


async def _together(db: Database, reference: ReferenceData, lease: Lease, tasks: Sequence[Task]) -> None:
    async with db.transaction() as connection:
        ours = await queue.finish(connection, lease.token, tasks)
        cases = await gathering.gather(connection, [task for task in tasks if task.id in ours], reference)
        decisions = [(case, decide.route(case.facts, reference)) for case in cases]
        repeats = await repetition.earlier(connection, cases, reference)
        changes = [
            _change(case, decision, reference, repeats.get(case.row.id, ())) for case, decision in decisions
        ]
        proposals = detection.additions(repeats, [case.row for case in cases])
        merges = queue.additions(repetition.tasks(changes, repeats))
        forwarded = await writer.apply(
            connection,
            changes,
            WorkerContext(reference),
            also=[merges, proposals],
            next_change=partial(machine_steps.next_change, reference),
        )
    for case, decision in decisions:
        machine_steps.report_routed(decision, case.row.number)
    for change in forwarded:
        machine_steps.report_forwarded(change)


def _change(
    case: Gathered, decision: RoutingDecision, reference: ReferenceData, repeats: Sequence[Candidate]
) -> CaseChange:
    return machine_steps.routed(
        case.row,
        case.facts,
        decision,
        reference,
        proven_repetition=detection.proven(repeats),
        proposals=repetition.proposed(repeats),
    )
