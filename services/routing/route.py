"""Routes a batch of cases: reads their facts, decides by pure rules, writes with one statement per table."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from prometheus_client import Counter

from services.cases import moves, writer
from services.cases.changes import CaseChange, NewEvent, WorkerContext
from services.decisions import alarms, decide, document
from services.decisions.decide import RoutingDecision
from services.merging import detection
from services.merging.detection import Candidate
from services.reference.data import ReferenceData
from services.routing import gathering, repetition
from services.routing.gathering import Gathered, RoutedCase
from services.rules.deadlines import schedule
from services.rules.deadlines.schedule import StartedDeadline
from services.rules.states.verbs import Actor, Verb
from services.tasks import drain, queue
from services.tasks.queue import ROUTE, Lease, Task
from shared import bulk, clock
from shared.database import Database
from shared.event_kinds import EventKind
from shared.vocabulary import ENDED, Level, Status

ROUTED = Counter("shensu_cases_routed", "Cases routed", ["rule"])


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
        follow_up = queue.additions(repetition.tasks(changes, repeats))
        await writer.apply(connection, changes, WorkerContext(reference), also=[follow_up, proposals])
    for case, decision in decisions:
        _report(case, decision)


def _is_admitted(decision: RoutingDecision, reference: ReferenceData) -> bool:
    """Tell whether the worker accepts the case: every check passed, and the bureau allows it (its policy)."""
    return decision.admits and reference.jurisdictions.bureaus[decision.placed.handling].auto_admit


def _change(
    routed_case: Gathered,
    decision: RoutingDecision,
    reference: ReferenceData,
    repeats: Sequence[Candidate],
) -> CaseChange:
    case, placed, level = routed_case.row, decision.placed, decision.level.decision.level
    # a case that was withdrawn at once is placed and counted, but nothing of it is decided any more
    admission = decision.admission if case.status == Status.RECEIVED else None
    new_events = [NewEvent(EventKind.ROUTED, document.build(routed_case.facts, decision, reference))]
    move = None
    if admission is not None and _is_admitted(decision, reference) and not detection.proven(repeats):
        move = moves.check(case, Verb.ACCEPT, Actor.WORKER)
        new_events.append(NewEvent(EventKind.ACCEPTED))
    elif admission is not None:
        data = {
            "proposed_ground": admission.proposed_ground,
            "place_uncertain": placed.triage,
            "bureau": placed.handling,
        }
        new_events.append(NewEvent(EventKind.WAITS_FOR_OFFICER, data))
    new_events += repetition.proposed(repeats)
    columns = {
        "level": level,
        "handling_bureau": placed.handling,
        "supervising_bureau": placed.supervising,
        "province": placed.province,
        "triage": placed.triage,
        "copied_to": bulk.array_literal(decision.level.copied_to),
        "routed_at": case.moment,
    }
    return CaseChange(
        case=case,
        actor=Actor.WORKER,
        new_events=new_events,
        move=move,
        columns=columns,
        starts=_targets(case, level, placed.handling, reference),
        days=_days(case),
    )


def _targets(case: RoutedCase, level: Level, bureau: str, reference: ReferenceData) -> list[StartedDeadline]:
    """Return the deadlines that begin with the bureau: the targets of the level."""
    if Status(case.status) in ENDED:
        return []
    rules = reference.deadline_rules_for(case)
    timetable = reference.timetable(bureau)
    return list(schedule.targets(level, case.moment, timetable, rules).values())


def _days(case: RoutedCase) -> set[date]:
    # province and level are dimensions of every day on which the case counts
    return {clock.civil_day(case.received_at), clock.civil_day(case.moment)}


def _report(case: Gathered, decision: RoutingDecision) -> None:
    ROUTED.labels(decision.placed.rule).inc()
    alarms.report(decision.placed, case.row.number)
