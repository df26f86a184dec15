"""The 12345 government hotline: whose deadline holds for an order, and what our states mean to a hotline (rulebook 11).

A hotline's own deadline may be shorter than the law's 30 days; then an interim answer meets it, and the case continues [P].
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from services.rules.deadlines import schedule
from services.rules.deadlines.counting import UNITS, Timetable, civil_day
from services.rules.deadlines.schedule import FIXED, ComputedDeadline, StartedDeadline
from services.rules.facts import Region
from shared.vocabulary import CloseReason, DeadlineKind, Level, RefusalGround, Status, Step

EVERYWHERE = "000000"
"""The region of deadlines that hold where a region has none of its own."""
SIGN = "SIGN"
"""The kind under which the table of deadlines keeps how soon an order is signed for (签收)."""
OWN_RULE = "order"
"""The rule of a deadline that an order brought with it."""
VERSION = "hotline"
"""Stands where a deadline of ours names its version of the deadline rules."""


class OrderKind(StrEnum):
    """What the caller wants of the hotline (来电类别): 咨询 求助 投诉 举报 建议."""

    CONSULT = "CONSULT"
    HELP = "HELP"
    COMPLAIN = "COMPLAIN"
    REPORT = "REPORT"
    SUGGEST = "SUGGEST"


DEMANDS = frozenset({OrderKind.HELP, OrderKind.COMPLAIN})
"""Kinds that ask something of an enterprise. The others are taken too, but only an officer takes one up as a complaint."""


class OrderUrgency(StrEnum):
    """The hotline's light (紧急程度): 一般 紧急 特急."""

    NORMAL = "NORMAL"
    URGENT = "URGENT"
    EXTRA_URGENT = "EXTRA_URGENT"


LEVELS: Mapping[OrderUrgency, Level] = MappingProxyType(
    {
        OrderUrgency.NORMAL: Level.NORMAL,
        OrderUrgency.URGENT: Level.ATTENTION,
        OrderUrgency.EXTRA_URGENT: Level.KEY,
    }
)
"""The least level of an order by its light, a project rule [P]; the triggers of rulebook 8 raise it further."""


class HotlineDeadlineRule(NamedTuple):
    """How long a region's hotline gives for an order of a kind, and where that stands."""

    amount: int
    unit: str
    source: str


class FixedDeadline(NamedTuple):
    """A deadline that holds for one order: by which rule, and how long or until when."""

    rule: str
    amount: int
    unit: str
    due_at: datetime | None = None


def deadline_for(
    region: str,
    kind: str,
    rules: Mapping[tuple[str, str], HotlineDeadlineRule],
    regions: Mapping[str, Region],
) -> FixedDeadline | None:
    """Return the deadline of a region for a kind of order: its own, else its city's, its province's, that of all regions.

    `rule` of the result names the row of the table, as in 440000/HELP.
    """
    division = regions.get(region)
    places = (
        region,
        division.city if division else None,
        division.province if division else None,
        EVERYWHERE,
    )
    for place in places:
        rule = rules.get((place, kind)) if place is not None else None
        if rule is not None and rule.unit in UNITS:
            return FixedDeadline(f"{place}/{kind}", rule.amount, rule.unit)
    return None


class StartedOrderDeadline(NamedTuple):
    """A hotline's deadline that runs, and the moment at which an interim answer goes out if there is no other by then."""

    started: StartedDeadline
    interim_at: datetime


def begin(
    key: DeadlineKind, deadline: FixedDeadline, started_at: datetime, timetable: Timetable
) -> StartedOrderDeadline:
    """Start a hotline's deadline. In days it does not roll: what rolls by our law need not roll by the hotline's."""
    if deadline.due_at is not None:
        computed = schedule.fixed(started_at, deadline.due_at, timetable)
    else:
        computed = schedule.compute(started_at, key, deadline.amount, deadline.unit, timetable, rolls=False)
    counted, steps = computed
    unit = FIXED if deadline.due_at is not None else deadline.unit
    started = StartedDeadline(
        key,
        deadline.rule,
        deadline.amount,
        unit,
        started_at,
        counted.due_at,
        steps[0].at,
        counted.provisional,
        VERSION,
        timetable.calendar.version,
    )
    return StartedOrderDeadline(started, interim_at(computed))


_SHORT = 0.8


def interim_at(deadline: ComputedDeadline) -> datetime:
    """Return when an interim answer is due: with one working day left, of a deadline too short for that at 80 % [P]."""
    last_day = (reminder.at for reminder in deadline.steps if reminder.step is Step.LAST_DAY)
    return next(last_day, None) or deadline.counted.moment_at(_SHORT)


class OrderState(StrEnum):
    """How an order stands, in the hotline's words."""

    WAITING = "WAITING"
    HANDLING = "HANDLING"
    REDOING = "REDOING"
    RETURNED = "RETURNED"
    ANSWERED = "ANSWERED"
    FINISHED = "FINISHED"
    WITHDRAWN = "WITHDRAWN"


NAMES: Mapping[OrderState, str] = MappingProxyType(
    {
        OrderState.WAITING: "待签收",
        OrderState.HANDLING: "办理中",
        OrderState.REDOING: "重新办理",
        OrderState.RETURNED: "已退单",
        OrderState.ANSWERED: "已答复",
        OrderState.FINISHED: "已办结",
        OrderState.WITHDRAWN: "已撤单",
    }
)
STATES: Mapping[Status, OrderState] = MappingProxyType(
    {
        Status.RECEIVED: OrderState.WAITING,
        Status.AWAITING_SUPPLEMENT: OrderState.HANDLING,
        Status.REFUSED: OrderState.RETURNED,
        # an order follows the case that goes on; while it is being moved, it is being handled
        Status.MERGED: OrderState.HANDLING,
        Status.ACCEPTED: OrderState.HANDLING,
        Status.FORWARDED: OrderState.HANDLING,
        Status.REPLIED: OrderState.HANDLING,
        Status.REWORK: OrderState.HANDLING,
        Status.MEDIATING: OrderState.HANDLING,
        Status.MEDIATION_PROPOSED: OrderState.HANDLING,
        Status.CLOSED: OrderState.ANSWERED,
        Status.WITHDRAWN: OrderState.WITHDRAWN,
        Status.TRANSFERRED: OrderState.RETURNED,
    }
)
"""What the status of a case means to the hotline whose order follows it (rulebook 11.3)."""


class OrderMarks(NamedTuple):
    """What was done with the order itself, whatever becomes of its case."""

    signed: bool
    returned: bool
    finished: bool
    withdrawn: bool
    redone: bool


def state_of(status: Status, marks: OrderMarks) -> OrderState:
    """Return how an order stands: by what was done with it, else by its case."""
    if marks.withdrawn:
        return OrderState.WITHDRAWN
    if marks.finished:
        return OrderState.FINISHED
    if marks.returned:
        return OrderState.RETURNED
    state = STATES[status]
    if state is OrderState.WAITING and marks.signed:
        state = OrderState.HANDLING
    return OrderState.REDOING if state is OrderState.HANDLING and marks.redone else state


class ReturnReason(StrEnum):
    """Why an order goes back (退单): 非本单位职责 不符合受理前提 材料要素不全 重复 其他."""

    NOT_OURS = "NOT_OURS"
    PRECONDITION = "PRECONDITION"
    INCOMPLETE = "INCOMPLETE"
    DUPLICATE = "DUPLICATE"
    OTHER = "OTHER"


RETURNED_FOR: Mapping[RefusalGround, ReturnReason] = MappingProxyType(
    {
        RefusalGround.OUT_OF_SCOPE: ReturnReason.NOT_OURS,
        RefusalGround.IN_OTHER_PROCEDURE: ReturnReason.NOT_OURS,
        RefusalGround.NOT_COMPLAINED_TO_ENTERPRISE: ReturnReason.PRECONDITION,
        RefusalGround.ENTERPRISE_WINDOW_OPEN: ReturnReason.PRECONDITION,
        RefusalGround.NO_CLEAR_RESPONDENT: ReturnReason.INCOMPLETE,
        RefusalGround.MISSING_ELEMENTS: ReturnReason.INCOMPLETE,
        RefusalGround.AGENT_NOT_AUTHORISED: ReturnReason.INCOMPLETE,
        RefusalGround.NOT_INTERESTED_PARTY: ReturnReason.OTHER,
        RefusalGround.DUPLICATE: ReturnReason.DUPLICATE,
        RefusalGround.TIME_BARRED: ReturnReason.OTHER,
        RefusalGround.FALSE_INFORMATION: ReturnReason.OTHER,
    }
)
"""The refusal of a case in the hotline's words; the ground itself goes along."""


class VisitResult(StrEnum):
    """What came of the hotline's own return visit: 满意 基本满意 不满意 无法回访 无人接听."""

    SATISFIED = "SATISFIED"
    BASICALLY_SATISFIED = "BASICALLY_SATISFIED"
    DISSATISFIED = "DISSATISFIED"
    UNREACHABLE = "UNREACHABLE"
    NO_ANSWER = "NO_ANSWER"


SATISFIED: Mapping[VisitResult, bool | None] = MappingProxyType(
    {
        VisitResult.SATISFIED: True,
        VisitResult.BASICALLY_SATISFIED: True,
        VisitResult.DISSATISFIED: False,
        VisitResult.UNREACHABLE: None,
        VisitResult.NO_ANSWER: None,
    }
)
"""Whether the user is satisfied; None: nobody was reached. That 基本满意 counts as satisfied is a project rule [P]."""


class RedoRefusal(StrEnum):
    """Why a case is not done again: its answer stands, and a supervisor may still reopen it."""

    REDONE_BEFORE = "REDONE_BEFORE"
    IN_OTHER_PROCEDURE = "IN_OTHER_PROCEDURE"


def redo_refused(redone: int, close_reason: str | None) -> RedoRefusal | None:
    """Return why a closed case is not sent back to its enterprise, or None: it is, once (rulebook 11.3)."""
    if redone:
        return RedoRefusal.REDONE_BEFORE
    return RedoRefusal.IN_OTHER_PROCEDURE if close_reason == CloseReason.IN_OTHER_PROCEDURE else None


def interim_words(bureau: str, status: str, total_due_at: datetime, now: datetime) -> str:
    """Return the neutral interim answer: where the case stands and by when the law wants it answered. Names no person."""
    if total_due_at <= now:
        return f"您反映的事项由{bureau}办理，目前状态：{status}。法定答复期限已届满，正在督促尽快办结，结果将另行答复。"
    last = civil_day(total_due_at - timedelta(microseconds=1))
    return (
        f"您反映的事项由{bureau}办理，目前状态：{status}。"
        f"依照《邮政法》第六十五条，最迟于{last.year}年{last.month}月{last.day}日答复。"
    )
