"""Who acts on which case: the desk of a call, the case that it has locked, and whether it may."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases.changing import Case, Change, Happening, Setting
from services.clients import Caller
from services.handling.officers import Officer
from services.reference.book import Book
from services.rules import workflow
from services.rules.clocks import DeadlineRules, Started
from services.rules.counting import Timetable
from services.rules.facts import Bureau
from services.rules.guards import Known
from services.rules.workflow import Actor, Move, Verb
from shared import bulk, clock
from shared.errors import ConflictError, FieldError, InvalidInputError, ShensuError
from shared.vocabulary import BureauLevel, Clock, Status


class NotYourCaseError(ShensuError):
    """The case can be seen, but this bureau does not handle it."""

    status: ClassVar[int] = 403
    code: ClassVar[str] = "not-your-case"
    title: ClassVar[str] = "Another bureau handles this case"


class ClaimedByAnotherError(ConflictError):
    """Another officer works this case; it has to be released first, or a supervisor steps in."""

    code: ClassVar[str] = "claimed-by-another"
    title: ClassVar[str] = "Another officer works this case"


class NoDeskError(ShensuError):
    """The key belongs to no bureau, and so to no desk."""

    status: ClassVar[int] = 403
    code: ClassVar[str] = "no-desk"
    title: ClassVar[str] = "The key belongs to no bureau"


@dataclass(frozen=True, slots=True)
class Desk:
    """A bureau's desk in one call: its key, its bureau, and the officer who was named."""

    caller: Caller
    bureau: Bureau
    officer: Officer

    @property
    def actor(self) -> Actor:
        """As whom the officer moves cases."""
        return Actor.SUPERVISOR if self.officer.is_supervisor else Actor.REVIEWER

    @property
    def by(self) -> str:
        """Who it was, for events and the audit trail."""
        return f"{self.bureau.code}/{self.officer.id}"


def bureau_of(caller: Caller, book: Book) -> Bureau:
    """Return the bureau that a key belongs to. Raises NoDeskError if there is none."""
    bureau = book.jurisdictions.bureaus.get(caller.bureau_code or "")
    if bureau is None:
        raise NoDeskError("This operation needs a key that is bound to a bureau; ask the operator for one.")
    return bureau


class Who(StrEnum):
    """Which bureaus may do something with a case."""

    HANDLER = "HANDLER"
    SUPERIOR = "SUPERIOR"
    EITHER = "EITHER"


@dataclass(frozen=True, slots=True)
class Acting:
    """One step of a desk on a case that its transaction has locked."""

    connection: AsyncConnection
    case: Case
    desk: Desk
    setting: Setting

    @property
    def book(self) -> Book:
        """The reference data in force."""
        return self.setting.book

    @property
    def timetable(self) -> Timetable:
        """When the handling bureau works."""
        return self.book.timetable(self.case.handling_bureau)

    @property
    def rules(self) -> DeadlineRules:
        """The deadline rules under which the case was received."""
        return self.book.deadlines_by_version.get(self.case.deadline_version, self.book.deadlines)


@dataclass(frozen=True, slots=True)
class Done:
    """What a step changes: cases, rows of other tables, and what the answer tells besides."""

    changes: Sequence[Change]
    also: Sequence[bulk.Part] = ()
    told: Mapping[str, Any] = field(default_factory=dict)


Step = Callable[[Acting, Any], Awaitable[Done]]


def checked(act: Acting, verb: Verb, known: Known | None = None, *, target: Status | None = None) -> Move:
    """Return the move of a verb for this officer and this case. Raises IllegalMoveError or ConditionsNotMetError."""
    return workflow.check(verb, Status(act.case.status), act.desk.actor, known, target=target)


def check_past(pointer: str, given: datetime | date | None, moment: datetime) -> None:
    """Raise InvalidInputError for something that is said to have happened, and lies in the future."""
    now = moment if isinstance(given, datetime) else clock.civil_day(moment)
    if given is not None and given > now:
        fault = FieldError(
            pointer, "in-the-future", "give the time at which it happened; leave a promise out"
        )
        raise InvalidInputError("That has not happened yet; see errors.", [fault])


_NO_COLUMNS: Mapping[str, Any] = MappingProxyType({})


def change(
    act: Acting,
    *happenings: Happening,
    move: Move | None = None,
    stops: Sequence[Clock] = (),
    starts: Sequence[Started | None] = (),
    columns: Mapping[str, Any] = _NO_COLUMNS,
) -> Change:
    """Return a change of the case at hand by the officer at hand; limits that a version does not know start nothing."""
    started = [one for one in starts if one is not None]
    return Change(
        case=act.case, actor=act.desk.actor, by=act.desk.by, happenings=happenings, move=move, columns=columns,
        stops=stops, starts=started,
    )  # fmt: skip


class Act(NamedTuple):
    """A verb of the desk: the form of its request, its step, who may do it, and what it is in a sentence."""

    form: type[BaseModel]
    step: Step
    who: Who
    summary: str
    claims: bool = True
    """Whether doing it makes an unclaimed case the officer's own."""


def check_right(act: Act, case: Case, desk: Desk, book: Book) -> None:
    """Raise NotYourCaseError or ClaimedByAnotherError where this desk may not do it."""
    if case.handling_bureau is None:
        raise NotYourCaseError("The case waits to be assigned; this usually takes less than a second.")
    handles = case.handling_bureau == desk.bureau.code
    above = is_above(desk.bureau, case, book)
    allowed = {Who.HANDLER: handles, Who.SUPERIOR: above, Who.EITHER: handles or above}[act.who]
    if not allowed:
        raise NotYourCaseError(
            f"The case is handled by {case.handling_bureau}; "
            f"this step is for {'its superiors' if act.who is Who.SUPERIOR else 'that bureau'}."
        )
    stranger = case.claimed_by is not None and case.claimed_by != desk.by
    if act.claims and handles and stranger and not desk.officer.is_supervisor:
        raise ClaimedByAnotherError(
            f"{case.claimed_by} works this case; it is released by that officer or a supervisor."
        )


def is_above(bureau: Bureau, case: Case, book: Book) -> bool:
    """Tell whether a bureau is a superior of the one that handles a case, or supervises it."""
    if case.handling_bureau == bureau.code:
        return False
    if bureau.level is BureauLevel.NATIONAL or case.supervising_bureau == bureau.code:
        return True
    handling = book.jurisdictions.bureaus.get(case.handling_bureau or "")
    return handling is not None and handling.parent == bureau.code
