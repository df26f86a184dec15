"""The deadlines of a case, each explained: its start, its rule and source, what counts, and which days do not."""

from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from services.cases import lookup, stored_deadlines
from services.cases.lookup import Visibility
from services.cases.stored_deadlines import FIXED, Deadline
from services.fields import CivilTime, View
from services.reference import labels
from services.reference.data import ReferenceData
from services.rules.deadlines import schedule
from services.rules.deadlines.counting import SkipReason
from services.rules.deadlines.schedule import DeadlineRules
from services.views import deadline_texts
from services.views.language import Language
from services.views.rendering import Rendering
from shared.database import Database
from shared.vocabulary import DeadlineKind, PauseBasis, Status, Step


class DeadlineState(StrEnum):
    """Where a deadline stands: it runs, has passed, is paused; or how it ended."""

    RUNNING = "RUNNING"
    OVERDUE = "OVERDUE"
    PAUSED = "PAUSED"
    MET = "MET"
    LATE = "LATE"
    MOOT = "MOOT"


class CaseDeadline(View):
    """One deadline of a case."""

    key: DeadlineKind
    name: str
    round: int
    state: DeadlineState
    started_at: CivilTime
    due_at: CivilTime | None = Field(description="Null while it is paused.")
    provisional: bool = Field(description="The calendar of working days does not reach so far yet.")
    movable: bool


class PauseInterval(View):
    """A time in which a deadline was paused; `to` is null while it is."""

    since: CivilTime = Field(serialization_alias="from")
    until: CivilTime | None = Field(serialization_alias="to")
    basis: PauseBasis


class CountedInterval(View):
    """A time that counts."""

    since: CivilTime = Field(serialization_alias="from")
    until: CivilTime = Field(serialization_alias="to")


class SkippedDay(View):
    """A day that does not count, and why."""

    day: date
    code: SkipReason
    text: str = Field(description="The reason in the language of the answer.")


class PlannedReminder(View):
    """A step of the deadline, and its moment."""

    step: Step
    at: CivilTime


class ExplainedDeadline(CaseDeadline):
    """One deadline with its rule, its source, and the days that count. A paused one counts nothing yet."""

    rule: str
    amount: int
    unit: str
    source: str
    deadline_rules: str = Field(description="Version of the rules of deadlines.")
    calendar: str | None = Field(description="Version of the calendar of working days.")
    stopped_at: CivilTime | None
    pauses: list[PauseInterval]
    counted: list[CountedInterval] | None = None
    skipped: list[SkippedDay] | None = None
    reminders: list[PlannedReminder] | None = None


class ExplainedDeadlines(View):
    """All deadlines that a case ever had, oldest first."""

    number: str
    status: Status
    at: CivilTime = Field(description="Moment of the answer.")
    next_due_at: CivilTime | None
    counting: str = Field(description="How days and hours are counted.")
    deadlines: list[ExplainedDeadline]


async def explain(
    db: Database,
    number: str,
    *,
    scope: Visibility,
    reference: ReferenceData,
    language: Language = Language.EN,
) -> ExplainedDeadlines:
    """Return every deadline that a case ever had, oldest first. Raises NotFoundError for a case out of scope."""
    async with db.transaction() as connection:
        row = await lookup.find(connection, number, scope)
        deadlines = await stored_deadlines.of_case(connection, row.bucket, row.id, every=True)
    rendering = Rendering(language, reference)
    return ExplainedDeadlines(
        number=number,
        status=Status(row.status),
        at=row.moment,
        next_due_at=row.next_due_at,
        counting=deadline_texts.COUNTING.in_language(language),
        deadlines=[_explained(deadline, rendering, row.handling_bureau) for deadline in deadlines],
    )


def summary(deadline: Deadline, reference: ReferenceData) -> CaseDeadline:
    """Return one deadline in short."""
    return CaseDeadline(
        key=deadline.key,
        name=labels.coded("deadline", deadline.key.upper(), reference),
        round=deadline.round,
        state=_state(deadline),
        started_at=deadline.started_at,
        due_at=deadline.due_at,
        provisional=deadline.provisional,
        movable=deadline.key not in schedule.UNMOVABLE | schedule.OF_HOTLINE,
    )


def _explained(deadline: Deadline, rendering: Rendering, bureau: str | None) -> ExplainedDeadline:
    reference = rendering.reference
    fields = dict(summary(deadline, reference)) | {
        "name": rendering.name("deadline", deadline.key.upper()),
        "rule": deadline.rule,
        "amount": deadline.amount,
        "unit": deadline.unit,
        "source": _source(deadline, rendering, bureau),
        "deadline_rules": deadline.deadline_version,
        "calendar": deadline.calendar_version,
        "stopped_at": deadline.stopped_at,
        "pauses": [
            PauseInterval(since=_moment(start), until=_moment(end) if end else None, basis=PauseBasis(basis))
            for start, end, basis in deadline.pauses
        ],
    }
    if deadline.paused_at is not None or deadline.due_at is None:
        return ExplainedDeadline(**fields)
    count = stored_deadlines.counted(deadline, reference, bureau).counted
    steps = stored_deadlines.steps_of(deadline, reference, bureau)
    return ExplainedDeadline(
        **fields,
        counted=[CountedInterval(since=each.start, until=each.end) for each in count.intervals],
        skipped=[
            SkippedDay(
                day=each.day,
                code=each.reason,
                text=deadline_texts.SKIPPED[each.reason].in_language(rendering.language),
            )
            for each in count.skipped
        ],
        reminders=[PlannedReminder(step=each.step, at=each.at) for each in steps],
    )


def _moment(written: str) -> datetime:
    return datetime.fromisoformat(written)


def _state(deadline: Deadline) -> DeadlineState:
    if deadline.outcome is not None:
        return DeadlineState(deadline.outcome)
    if deadline.paused_at is not None:
        return DeadlineState.PAUSED
    return DeadlineState.OVERDUE if deadline.is_due else DeadlineState.RUNNING


def _rules(deadline: Deadline, reference: ReferenceData, bureau: str | None) -> DeadlineRules | None:
    """Return the rules by which a deadline was counted: those of the bureau's region only if the amount is theirs."""
    nationwide = reference.deadlines_by_version.get(deadline.deadline_version)
    regional = reference.deadline_rules(deadline.deadline_version, bureau)
    is_theirs = regional.amounts.get(deadline.rule) == (deadline.amount, deadline.unit)
    return regional if nationwide is not None and is_theirs else nationwide


def _source(deadline: Deadline, rendering: Rendering, bureau: str | None) -> str:
    reference = rendering.reference
    if deadline.unit == FIXED:
        return deadline_texts.FIXED_BY_HOTLINE.in_language(rendering.language)
    rules = _rules(deadline, reference, bureau)
    if rules is not None and deadline.rule in rules.sources:
        return rules.sources[deadline.rule]
    region, _, kind = deadline.rule.partition("/")
    hotline_rule = reference.hotline_deadlines.get((region, kind))
    if hotline_rule is not None:
        return hotline_rule.source
    return deadline_texts.RULE_NOT_LOADED.in_language(rendering.language)
