"""What the machine does with a decision: it routes a case, accepts it if every check passes, and forwards it.

Pure, so that the worker and the intake do the same: the intake in the transaction that stores a complaint, where no other
case bears on it, the worker for all others.
"""

from collections.abc import Sequence
from datetime import date

from prometheus_client import Counter

from services.cases import moves
from services.cases.case_row import CaseHead
from services.cases.case_update import CaseUpdate
from services.cases.changes import CaseChange, NewEvent
from services.decisions import alarms, document
from services.decisions.decide import RoutingDecision
from services.reference.data import ReferenceData
from services.rules.deadlines import schedule
from services.rules.deadlines.schedule import StartedDeadline
from services.rules.facts import CaseFacts
from services.rules.states.facts import ForwardingFacts
from services.rules.states.verbs import Actor, Verb
from shared import bulk, clock
from shared.event_kinds import EventKind
from shared.vocabulary import ENDED, Level, Status

ROUTED = Counter("shensu_cases_routed", "Cases routed", ["rule"])
FORWARDED = Counter("shensu_cases_forwarded", "Cases forwarded to enterprises", ["carrier"])


def routed(
    case: CaseHead,
    facts: CaseFacts,
    decision: RoutingDecision,
    reference: ReferenceData,
    *,
    proven_repetition: bool = False,
    proposals: Sequence[NewEvent] = (),
) -> CaseChange:
    """Return the change that routes a case, and accepts it where the decision and the bureau allow.

    `proven_repetition`: the case repeats an earlier one for certain, and waits to be merged. `proposals` are events that
    propose earlier cases to an officer.
    """
    placed, level = decision.placed, decision.level.decision.level
    # a case that was withdrawn at once is placed and counted, but nothing of it is decided any more
    admission = decision.admission if case.status == Status.RECEIVED else None
    new_events = [NewEvent(EventKind.ROUTED, document.build(facts, decision, reference))]
    move = None
    if admission is not None and _is_admitted(decision, reference) and not proven_repetition:
        move = moves.check(case, Verb.ACCEPT, Actor.WORKER)
        new_events.append(NewEvent(EventKind.ACCEPTED))
    elif admission is not None:
        data = {
            "proposed_ground": admission.proposed_ground,
            "place_uncertain": placed.triage,
            "bureau": placed.handling,
        }
        new_events.append(NewEvent(EventKind.WAITS_FOR_OFFICER, data))
    new_events += proposals
    columns: CaseUpdate = {
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


def _is_admitted(decision: RoutingDecision, reference: ReferenceData) -> bool:
    """Tell whether the machine accepts the case: every check passed, and the bureau allows it (its policy)."""
    return decision.admits and reference.jurisdictions.bureaus[decision.placed.handling].auto_admit


def _targets(case: CaseHead, level: Level, bureau: str, reference: ReferenceData) -> list[StartedDeadline]:
    """Return the deadlines that begin with the bureau: the targets of the level."""
    if Status(case.status) in ENDED:
        return []
    rules = reference.deadline_rules_for(case)
    timetable = reference.timetable(bureau)
    return list(schedule.targets(level, case.moment, timetable, rules).values())


def _days(case: CaseHead) -> set[date]:
    # province and level are dimensions of every day on which the case counts
    return {clock.civil_day(case.received_at), clock.civil_day(case.moment)}


def respondent_in_scope(carrier_code: str, reference: ReferenceData) -> bool:
    """Tell whether a case of this enterprise can be forwarded: it is known, and supervised."""
    carrier = reference.carriers.get(carrier_code)
    return carrier is not None and carrier.in_scope


def forwarded(case: CaseHead, reference: ReferenceData) -> CaseChange:
    """Return the change that forwards an accepted case, or leaves it to an officer, who names the respondent."""
    if not respondent_in_scope(case.carrier_code, reference):
        waits = NewEvent(
            EventKind.WAITS_FOR_OFFICER, {"reason_code": "respondent-unknown", "bureau": case.handling_bureau}
        )
        return CaseChange(case=case, actor=Actor.WORKER, new_events=[waits])
    move = moves.check(case, ForwardingFacts(respondent_in_scope=True), Actor.WORKER)
    return CaseChange(case=case, actor=Actor.WORKER, new_events=[NewEvent(EventKind.FORWARDED)], move=move)


def next_change(reference: ReferenceData, change: CaseChange, case: CaseHead) -> CaseChange | None:
    """Return the change that follows a change at once: a case that was accepted by it is forwarded; else None."""
    return (
        forwarded(case, reference) if change.move is not None and change.status is Status.ACCEPTED else None
    )


def report_routed(decision: RoutingDecision, number: str) -> None:
    """Count a decision that was committed, and raise the alarm for every rule that failed in it."""
    ROUTED.labels(decision.placed.rule).inc()
    alarms.report(decision.placed, number)


def report_forwarded(change: CaseChange) -> None:
    """Count a change by `forwarded` that was committed."""
    if change.move is not None:
        FORWARDED.labels(change.case.carrier_code).inc()
