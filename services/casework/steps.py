"""One step on a case: its context, its result, and the row of the table of verbs."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from pydantic import BaseModel
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import moves, stored_deadlines
from services.cases.case_row import CaseRow
from services.cases.case_update import CaseUpdate
from services.cases.changes import CaseChange, KeyedContext, NewEvent
from services.cases.words import Words
from services.casework.answers import CaseState
from services.casework.session import (
    AllowedBureau,
    ClaimedByAnotherError,
    DeskSession,
    NotYourCaseError,
    is_above,
)
from services.reference.data import ReferenceData
from services.rules.deadlines.counting import Timetable
from services.rules.deadlines.schedule import DeadlineRules, StartedDeadline
from services.rules.states.facts import FreeVerb, MoveFacts
from services.rules.states.table import Move
from shared import bulk, clock
from shared.errors import ConflictError, FieldError, InvalidInputError
from shared.models.carriers import reply
from shared.vocabulary import (
    ENDED,
    DeadlineKind,
    Status,
)


class NotOpenError(ConflictError):
    """The case has ended: nobody works it any more."""

    code = "case-not-open"
    title = "The case has ended"


@dataclass(frozen=True, slots=True)
class StepContext:
    """One step of a desk on a case that its transaction has locked."""

    connection: AsyncConnection
    case: CaseRow
    desk: DeskSession
    context: KeyedContext

    @property
    def reference(self) -> ReferenceData:
        """The reference data in force."""
        return self.context.reference

    def words(self, **texts: str | None) -> Words | None:
        """Return words by name, to be written with an event; None where there are none."""
        return self.context.words(**texts)

    @property
    def timetable(self) -> Timetable:
        """When the handling bureau works."""
        return self.reference.timetable(self.case.handling_bureau)

    @property
    def rules(self) -> DeadlineRules:
        """The deadline rules under which the case was received."""
        return self.reference.deadline_rules_for(self.case)


@dataclass(frozen=True, slots=True)
class StepResult:
    """What a step changes: cases, rows of other tables, and what the answer tells besides."""

    changes: Sequence[CaseChange]
    also: Sequence[bulk.Part] = ()
    answer: Mapping[str, object] = field(default_factory=dict)


def not_open(act: StepContext, why: str) -> NotOpenError:
    """Return the refusal of a step on a case that has ended: why, the status, and what leads on from it."""
    return NotOpenError(moves.advice(act.case, act.desk.actor, why), members=dict(moves.position(act.case)))


VerbStep = Callable[[StepContext, Any], Awaitable[StepResult]]


def checked_move(act: StepContext, step: MoveFacts | FreeVerb, *, target: Status | None = None) -> Move:
    """Return the move of this case by this officer. Raises IllegalMoveError or ConditionsNotMetError."""
    return moves.check(act.case, step, act.desk.actor, target=target)


def check_not_future(pointer: str, time: datetime | date | None, moment: datetime) -> None:
    """Raise InvalidInputError if the time of a past event is in the future."""
    now = moment if isinstance(time, datetime) else clock.civil_day(moment)
    if time is not None and time > now:
        fault = FieldError(
            pointer, "in-the-future", "give the time at which it happened; leave a promise out"
        )
        raise InvalidInputError("That has not happened yet; see errors.", [fault])


def change(
    act: StepContext,
    *new_events: NewEvent,
    move: Move | None = None,
    stops: Sequence[DeadlineKind] = (),
    starts: Sequence[StartedDeadline | None] = (),
    columns: CaseUpdate | None = None,
) -> CaseChange:
    """Return a change of the step's case by its officer; deadlines that the case's version does not have are not started."""
    started = [deadline for deadline in starts if deadline is not None]
    return CaseChange(
        case=act.case,
        actor=act.desk.actor,
        by=act.desk.by,
        new_events=new_events,
        move=move,
        columns=columns if columns is not None else {},
        stops=stops,
        starts=started,
    )


class VerbSpec(NamedTuple):
    """A verb of the desk: form, step, allowed bureau, id and summary of its operation, and the model of its answer."""

    form: type[BaseModel]
    step: VerbStep
    who: AllowedBureau
    operation: str
    summary: str
    claims: bool = True
    """Whether doing it makes an unclaimed case the officer's own."""
    answer: type[CaseState] = CaseState


def check_right(act: VerbSpec, case: CaseRow, desk: DeskSession, reference: ReferenceData) -> None:
    """Raise NotYourCaseError or ClaimedByAnotherError where this desk may not do it."""
    if case.handling_bureau is None:
        raise NotYourCaseError("The case waits to be assigned; this usually takes less than a second.")
    handles = case.handling_bureau == desk.bureau.code
    above = is_above(desk.bureau, case, reference)
    allowed = {
        AllowedBureau.HANDLER: handles,
        AllowedBureau.SUPERIOR: above,
        AllowedBureau.EITHER: handles or above,
    }[act.who]
    if not allowed:
        raise NotYourCaseError(
            f"The case is handled by {case.handling_bureau}; "
            f"this step is for {'its superiors' if act.who is AllowedBureau.SUPERIOR else 'that bureau'}."
        )
    stranger = case.claimed_by is not None and case.claimed_by != desk.by
    if act.claims and handles and stranger and not desk.officer.is_supervisor:
        raise ClaimedByAnotherError(
            f"{case.claimed_by} works this case; it is released by that officer or a supervisor."
        )


async def has_passed(act: StepContext, *keys: DeadlineKind) -> bool:
    """Tell whether one of these deadlines of the case runs and has passed."""
    deadlines = await stored_deadlines.of_case(act.connection, act.case.bucket, act.case.id)
    return any(deadline.key in keys and deadline.has_passed(act.case.moment) for deadline in deadlines)


def check_open(act: StepContext) -> None:
    """Raise NotOpenError where the case has ended."""
    if Status(act.case.status) in ENDED:
        raise not_open(act, "it has ended, and a step on it is not possible")


async def mark_reply_untruthful(act: StepContext) -> CaseUpdate:
    """Mark the latest reply untruthful (答复不属实): the circular counts it against the enterprise."""
    latest = (
        reply.c.bucket == act.case.bucket,
        reply.c.complaint_id == act.case.id,
        reply.c.seq == act.case.reply_seq,
    )
    await act.connection.execute(update(reply).where(*latest).values(untruthful=True))
    return {"reply_untruthful": True}
