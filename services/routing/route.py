"""Routes a batch of cases: reads their facts, decides by pure rules, writes with one statement per table."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from prometheus_client import Counter

from services.cases import moves, writer
from services.cases.changes import CaseChange, NewEvent, WorkerContext
from services.decisions import alarms, decide
from services.decisions.decide import Routed
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
    """Route up to `size` waiting cases; returns how many tasks were taken. Zero: nothing is due.

    A case whose routing fails is found by halving the batch, given back to be tried later, and harms no other.
    """
    return await drain.drain(db, ROUTE, partial(_together, db, reference), size=size, lease=lease)


async def _together(db: Database, reference: ReferenceData, held: Lease, tasks: Sequence[Task]) -> None:
    async with db.transaction() as connection:
        ours = await queue.finish(connection, held.token, tasks)
        gathered = await gathering.gather(connection, [task for task in tasks if task.id in ours], reference)
        decided = [(one, decide.decide(one.facts, reference, live=True)) for one in gathered]
        found = await repetition.earlier(connection, gathered, reference)
        changes = [_change(one, routed, reference, found.get(one.row.id, ())) for one, routed in decided]
        proposals = detection.additions(found, [one.row for one in gathered])
        follow_up = queue.additions(repetition.tasks(changes, found))
        await writer.apply(connection, changes, WorkerContext(reference), also=[follow_up, proposals])
    for one, routed in decided:
        _tell(one, routed)


def _is_admitted(routed: Routed, reference: ReferenceData) -> bool:
    """Tell whether the worker takes the case up: every check passed, and the bureau lets it (its policy)."""
    return routed.admits and reference.jurisdictions.bureaus[routed.jurisdiction.handling].auto_admit


def _change(
    one: Gathered, routed: Routed, reference: ReferenceData, repeats: Sequence[Candidate]
) -> CaseChange:
    case, placed = one.row, routed.jurisdiction
    # a case that was withdrawn at once is placed and counted, but nothing of it is decided any more
    admission = routed.admission if case.status == Status.RECEIVED else None
    new_events = [NewEvent(EventKind.ROUTED, decide.as_record(one.facts, routed, reference))]
    move = None
    if admission is not None and _is_admitted(routed, reference) and not detection.proven(repeats):
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
    # the initial level is one of the triggers: a level only ever rises by itself
    level = routed.level.level if routed.level is not None else Level(case.level)
    columns = {
        "level": level,
        "handling_bureau": placed.handling,
        "supervising_bureau": placed.supervising,
        "province": placed.province,
        "triage": placed.triage,
        "copied_to": bulk.array_literal(routed.copied_to),
        "routed_at": case.moment,
    }
    return CaseChange(
        case=case,
        actor=Actor.WORKER,
        new_events=new_events,
        move=move,
        columns=columns,
        starts=_limits(case, level, placed.handling, reference),
        days=_days(case),
    )


def _limits(case: RoutedCase, level: Level, bureau: str, reference: ReferenceData) -> list[StartedDeadline]:
    """Return the deadlines that begin with the bureau: the targets of the level."""
    if Status(case.status) in ENDED:
        return []
    rules = reference.deadline_rules_for(case)
    timetable = reference.timetable(bureau)
    return list(schedule.targets(level, case.moment, timetable, rules).values())


def _days(case: RoutedCase) -> set[date]:
    # province and level are dimensions of every day on which the case counts
    return {clock.civil_day(case.received_at), clock.civil_day(case.moment)}


def _tell(one: Gathered, routed: Routed) -> None:
    ROUTED.labels(routed.jurisdiction.rule).inc()
    alarms.tell(routed.jurisdiction, one.row.number)
