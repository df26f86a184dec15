"""A change and the change that follows it at once are written together, as two transactions would leave them."""

from services.cases import planned_case, planning
from services.cases.case_row import CaseHead
from services.cases.changes import CaseChange, NewEvent, WorkerContext
from services.cases.planned_case import PlannedCase
from services.cases.stored_deadlines import MET, MOOT
from services.cases.work_orders import Order
from services.reference.data import ReferenceData
from services.rules.deadlines.schedule import StartedDeadline
from services.rules.states.verbs import Actor
from shared.event_kinds import EventKind
from shared.vocabulary import DeadlineKind
from tests.services.case_rows import RECEIVED, head

FIRST = Order(head().id, head().bucket, "330100", "A1", signed=False, finished=False, due_at=None)
SECOND = FIRST._replace(order_no="A2", signed=True)


def _started(key: DeadlineKind) -> StartedDeadline:
    return StartedDeadline(
        key=key,
        rule=key,
        amount=1,
        unit="workday",
        started_at=RECEIVED,
        due_at=RECEIVED,
        next_check_at=RECEIVED,
        provisional=False,
        deadline_version="2020",
        calendar_version="1",
    )


def _noted(case: CaseHead, **change: object) -> CaseChange:
    values = {"actor": Actor.WORKER, "new_events": (NewEvent(EventKind.NOTE),), **change}
    return CaseChange(case=case, **values)  # type: ignore[arg-type] # of any type, by name


def _planned(case: CaseHead, **change: object) -> PlannedCase:
    return planned_case.plan(_noted(case, **change), ())


def test_what_follows_at_once_sees_the_case_as_it_is_after_the_change(reference: ReferenceData) -> None:
    seen: list[CaseHead] = []

    def _next(change: CaseChange, case: CaseHead) -> CaseChange | None:
        seen.append(case)
        return _noted(case, columns={"level": "L2"}) if change.columns else None

    case, other = head(), head()
    changes = [_noted(case, columns={"province": "330000"}), _noted(other)]
    plans = planning.plan(changes, WorkerContext(reference), next_change=_next)
    assert [(row.province, row.version - case.version) for row in seen] == [
        ("330000", 1),
        (other.province, 1),
    ]
    assert plans.cases[0].columns == {"province": "330000", "level": "L2"}
    assert [len(planned.new_events) for planned in plans.cases] == [2, 1]
    assert [change.columns for change in plans.followed] == [{"level": "L2"}]
    [events] = [rows for insert, rows in plans.parts if insert.target == "case_event"]
    assert sorted(row["seq"] for row in events) == sorted(  # type: ignore[type-var] # of any type, by name
        [case.version + 1, case.version + 2, other.version + 1]
    )


def test_a_deadline_that_begins_and_ends_in_one_moment_is_not_written() -> None:
    planned = _planned(head())
    planned.start(_started(DeadlineKind.CLAIM))
    planned.restart(_started(DeadlineKind.FORWARD))
    planned.start(_started(DeadlineKind.TOTAL))
    later = _planned(head(), stops=[DeadlineKind.CLAIM, DeadlineKind.FORWARD, DeadlineKind.ACCEPTANCE])
    later.restart(_started(DeadlineKind.ENTERPRISE_REPLY))
    planned.extend(later)
    assert [begun.key for begun in planned.starts] == [DeadlineKind.TOTAL, DeadlineKind.ENTERPRISE_REPLY]
    # rounds that ran before are ended all the same
    assert planned.outcomes == {
        DeadlineKind.FORWARD: MOOT,
        DeadlineKind.CLAIM: MET,
        DeadlineKind.ACCEPTANCE: MET,
        DeadlineKind.ENTERPRISE_REPLY: MOOT,
    }


def test_orders_are_signed_for_once_by_two_changes(reference: ReferenceData) -> None:
    case = head(hotline_orders=2)
    claimed = _noted(case, new_events=(NewEvent(EventKind.CLAIMED),))
    plans = planning.plan(
        [claimed],
        WorkerContext(reference),
        {case.id: [FIRST, SECOND]},
        lambda _change, after: _noted(after, new_events=(NewEvent(EventKind.CLAIMED),)),
    )
    [planned] = plans.cases
    kinds = [event.kind for event in planned.new_events]
    assert kinds == [EventKind.CLAIMED, EventKind.ORDER_SIGNED, EventKind.CLAIMED]
    assert planned.order_stamp is not None
    assert planned.order_stamp.signed == {"330100/A1"}
