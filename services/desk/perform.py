"""One act of a desk, or many: the case is locked, the right and the version are checked, the step is written and audited."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import structlog
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

from services import audit
from services.access import officers
from services.access.clients import Caller
from services.cases import lookup, moves, writer
from services.cases.case_row import CaseRow
from services.cases.changes import CaseChange, KeyedContext, NewEvent
from services.casework import session, steps
from services.casework.session import DeskSession
from services.casework.steps import StepContext, VerbSpec
from shared import clock
from shared.database import Database
from shared.errors import InternalError, ShensuError
from shared.event_kinds import EventKind
from shared.vocabulary import ENDED

log = structlog.get_logger()


class StaleVersionError(ShensuError):
    """The case was changed since the version that the request names."""

    status: ClassVar[int] = 412
    code: ClassVar[str] = "version-mismatch"
    title: ClassVar[str] = "The case was changed meanwhile"


@dataclass(frozen=True, slots=True)
class Call:
    """One act that is asked for: the case, its version as the desk read it, the verb and the form."""

    number: str
    version: int
    act: VerbSpec
    verb: str
    form: BaseModel


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an act: the case's number, its version afterwards, and the answer's body."""

    number: str
    version: int
    body: dict[str, Any]


async def desk_of(db: Database, caller: Caller, officer_id: str, context: KeyedContext) -> DeskSession:
    """Return the desk of a call. Raises NoDeskError or UnknownOfficerError."""
    bureau = session.bureau_of(caller, context.reference)
    async with db.transaction() as connection:
        return DeskSession(caller, bureau, await officers.find(connection, bureau.code, officer_id))


async def perform(db: Database, call: Call, desk: DeskSession, context: KeyedContext) -> Outcome:
    """Do one act. Raises NotFoundError, StaleVersionError, the errors of right, or what the step refuses."""
    async with db.transaction() as connection:
        case = await lookup.find(connection, call.number, lookup.of_bureau(desk.bureau), lock=True)
        if case.version != call.version:
            raise StaleVersionError(
                f"The case has version {case.version} by now; read it again and decide anew.",
                members={"version": case.version},
            )
        steps.check_right(call.act, case, desk, context.reference)
        done = await call.act.step(StepContext(connection, case, desk, context), call.form)
        changes = [_claimed(change, call.act, case, desk) for change in done.changes]
        await writer.apply(connection, changes, context, also=done.also)
        await audit.record(
            connection,
            actor=desk.by,
            act=f"desk.{call.verb}",
            subject=case.number,
            data={"key": desk.caller.name},
        )
        after = await lookup.by_id(connection, case.bucket, case.id)
    return Outcome(case.number, after.version, _answer(after, desk) | dict(done.answer))


def _claimed(change: CaseChange, act: VerbSpec, case: CaseRow, desk: DeskSession) -> CaseChange:
    """Make an unclaimed case the officer's own by what the officer does with it; one that ended is nobody's."""
    mine = change.case.id == case.id
    if change.status in ENDED:
        return change
    takes = act.claims and mine and case.claimed_by is None and case.handling_bureau == desk.bureau.code
    if not takes or "claimed_by" in change.columns:
        return change
    columns = {**change.columns, "claimed_by": desk.by, "claimed_at": case.moment}
    new_events = [NewEvent(EventKind.CLAIMED, {"by": desk.by}), *change.new_events]
    return replace(change, columns=columns, new_events=new_events)


def _answer(case: CaseRow, desk: DeskSession) -> dict[str, Any]:
    """Return what every answer says of the case as it now is, with the steps that this officer may take next."""
    return {
        "number": case.number,
        "status": case.status,
        "level": case.level,
        "version": case.version,
        "handling_bureau": case.handling_bureau,
        "claimed_by": case.claimed_by,
        "next_due_at": case.next_due_at.astimezone(clock.SHANGHAI) if case.next_due_at else None,
        "allowed": moves.allowed(case, desk.actor),
    }


async def perform_many(
    db: Database, calls: Sequence[Call], desk: DeskSession, context: KeyedContext
) -> list[Outcome | ShensuError]:
    """Do many acts, each for itself: one that fails never harms another. The answers stand in the order of the calls."""
    answers: list[Outcome | ShensuError] = []
    for call in calls:
        try:
            answers.append(await perform(db, call, desk, context))
        except ShensuError as error:
            answers.append(error)
        except SQLAlchemyError:
            log.exception("desk_act_failed", kind=call.verb)
            answers.append(InternalError("The act could not be stored; it is logged. Do it again."))
    return answers
