"""What another level brings with it: targets, copies, its event. Legal deadlines move for no level (rulebook 8 [P]).

One way for all who change it: an officer, the sweep of deadlines, a warning, a hotline that supervises.
"""

from collections.abc import Iterable
from typing import NamedTuple

from services.cases.case_row import CaseHead
from services.cases.case_update import CaseUpdate
from services.cases.changes import EventData, NewEvent
from services.cases.stored_deadlines import Deadline
from services.cases.words import Words
from services.reference.data import ReferenceData
from services.rules import levels
from services.rules.deadlines import schedule
from services.rules.deadlines.schedule import Retargeted, Since
from shared import bulk
from shared.event_kinds import EventKind
from shared.vocabulary import ENDED, Level, Status


class Levelled(NamedTuple):
    """The parts of a `CaseChange` that another level makes."""

    event: NewEvent
    columns: CaseUpdate
    targets: Retargeted


_UNTOUCHED = Retargeted((), [])


def changed(
    case: CaseHead,
    after: Level,
    deadlines: Iterable[Deadline],
    reference: ReferenceData,
    data: EventData,
    words: Words | None = None,
) -> Levelled:
    """Return what becomes of a case with another level; `data` and `words` say why, `deadlines` are those that run."""
    before = Level(case.level)
    kind = EventKind.LEVEL_RAISED if after > before else EventKind.LEVEL_LOWERED
    event = NewEvent(kind, {"from": before, "to": after, **data}, words)
    if Status(case.status) in ENDED:
        return Levelled(event, {"level": after}, _UNTOUCHED)
    columns: CaseUpdate = {
        "level": after,
        "copied_to": bulk.array_literal(
            levels.copied_bureaus(after, case.handling_bureau, case.province, reference.jurisdictions)
        ),
    }
    if case.routed_at is None:
        # targets begin with the bureau, at the level that the case has by then
        return Levelled(event, columns, _UNTOUCHED)
    since = Since(case.moment, case.routed_at, {deadline.key: deadline.due_at for deadline in deadlines})
    rules = reference.deadline_rules_for(case)
    timetable = reference.timetable(case.handling_bureau)
    return Levelled(
        event, columns, schedule.retargeted(after, since, timetable, rules, raised=after > before)
    )
