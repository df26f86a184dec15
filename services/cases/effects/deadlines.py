"""The deadlines that a move of a case ends and starts: those of its states, and the total again after a reopening."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from services.cases.changes import WorkerContext
from services.cases.planned_case import PlannedCase
from services.cases.stored_deadlines import MET, MOOT
from services.rules.deadlines import schedule
from services.rules.states.table import Move
from services.rules.states.verbs import Verb
from shared import bulk
from shared.vocabulary import ENDED, DeadlineKind, Status

_SHOWN: Mapping[DeadlineKind, str] = MappingProxyType(
    {
        DeadlineKind.ENTERPRISE_REPLY: "reply_due_at",
        DeadlineKind.REWORK_REPLY: "reply_due_at",
        DeadlineKind.MEDIATION_ANSWER: "answer_due_at",
        DeadlineKind.SUPPLEMENT: "supplement_due_at",
    }
)
"""How messages name the due moments that outsiders have to keep."""
_ANSWERED = frozenset({Status.CLOSED, Status.REFUSED})


def follow(cases: Sequence[PlannedCase], context: WorkerContext) -> Sequence[bulk.Part]:
    """End the deadline of the state that a case leaves, start that of the state that it enters."""
    for planned in cases:
        if planned.move is not None:
            for key, outcome in _ended(planned, planned.move):
                planned.stop(key, outcome)
            _start(planned, planned.move, context)
        planned.shown = {
            _SHOWN[started.key]: started.due_at for started in planned.starts if started.key in _SHOWN
        }
    return ()


def _ended(planned: PlannedCase, move: Move) -> Iterable[tuple[DeadlineKind, str]]:
    """Return the deadlines that a move ends: that of the state it leaves, and at the end of a case all of them."""
    left = planned.rules.states.deadlines.get(move.source) if move.source is not None else None
    if move.target not in ENDED:
        # while the user is asked, the decision on acceptance is paused instead of ending
        return () if left is None or move.verb is Verb.REQUEST_SUPPLEMENT else ((left, MET),)
    decided = MET if move.target in _ANSWERED else MOOT
    kept = {left, DeadlineKind.TOTAL, DeadlineKind.HOTLINE_SIGN, DeadlineKind.HOTLINE_ANSWER}
    return [(key, decided if key in kept else MOOT) for key in DeadlineKind]


def _start(planned: PlannedCase, move: Move, context: WorkerContext) -> None:
    """Start the deadline of the state that a move enters, and of a case that is opened again the total."""
    case, reference = planned.case, context.reference
    begun: list[tuple[DeadlineKind, datetime]] = []
    entered = planned.rules.states.deadlines.get(move.target)
    # the decision on acceptance began with the receipt and runs on; an undone merge gives back what ran before
    if entered is not None and move.verb not in {Verb.UNMERGE, Verb.SUPPLEMENT}:
        begun.append((entered, case.moment))
    if move.verb in {Verb.REOPEN, Verb.REDO}:
        # the earlier answer does not hold: the statute counts from the receipt, as ever
        begun.append((DeadlineKind.TOTAL, case.received_at))
    if begun:
        rules, timetable = reference.deadline_rules_for(planned), reference.timetable(planned.handling_bureau)
        for key, at in begun:
            planned.restart(schedule.start(key, at, timetable, rules))
