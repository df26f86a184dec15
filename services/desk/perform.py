"""One verb of the desk on one case, or on many: lock, check right and version, write the step, record it in the audit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import structlog
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

from services import audit
from services.access import officers
from services.access.clients import Caller
from services.cases import lookup, moves, writer
from services.cases.case_row import CaseRow
from services.cases.case_update import CaseUpdate
from services.cases.changes import CaseChange, KeyedContext, NewEvent
from services.casework import session, steps
from services.casework.answers import CaseState
from services.casework.session import DeskSession
from services.casework.steps import StepContext, VerbSpec
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
class VerbCall:
    """One call of a verb: the case, its version as the desk read it, the verb and the form."""

    number: str
    version: int
    spec: VerbSpec
    verb: str
    form: BaseModel


@dataclass(frozen=True, slots=True)
class VerbOutcome:
    """The result of a call: the number of the case, its new version, and the answer."""

    number: str
    version: int
    answer: CaseState


async def desk_of(db: Database, caller: Caller, officer_id: str, context: KeyedContext) -> DeskSession:
    """Return the desk of a call. Raises NoDeskError or UnknownOfficerError."""
    bureau = session.bureau_of(caller, context.reference)
    async with db.transaction() as connection:
        return DeskSession(caller, bureau, await officers.find(connection, bureau.code, officer_id))


async def perform(db: Database, call: VerbCall, desk: DeskSession, context: KeyedContext) -> VerbOutcome:
    """Perform one call. Raises NotFoundError, StaleVersionError, the errors of right, or what the step refuses."""
    async with db.transaction() as connection:
        case = await lookup.find(connection, call.number, lookup.of_bureau(desk.bureau), lock=True)
        if case.version != call.version:
            raise StaleVersionError(
                f"The case has version {case.version} by now; read it and decide again.",
                members={"version": case.version},
            )
        steps.check_right(call.spec, case, desk, context.reference)
        result = await call.spec.step(StepContext(connection, case, desk, context), call.form)
        changes = [_claimed(change, call.spec, case, desk) for change in result.changes]
        await writer.apply(connection, changes, context, also=result.also)
        await audit.record(
            connection,
            actor=desk.by,
            act=f"desk.{call.verb}",
            subject=case.number,
            data={"key": desk.caller.name},
        )
        after = await lookup.by_id(connection, case.bucket, case.id)
    answer = call.spec.answer.model_validate(_state(after, desk) | dict(result.answer))
    return VerbOutcome(case.number, after.version, answer)


def _claimed(change: CaseChange, spec: VerbSpec, case: CaseRow, desk: DeskSession) -> CaseChange:
    """Claim an unclaimed case for the officer who performs a step; a case that has ended is not claimed."""
    mine = change.case.id == case.id
    if change.status in ENDED:
        return change
    takes = spec.claims and mine and case.claimed_by is None and case.handling_bureau == desk.bureau.code
    if not takes or "claimed_by" in change.columns:
        return change
    columns: CaseUpdate = {**change.columns, "claimed_by": desk.by, "claimed_at": case.moment}
    new_events = [NewEvent(EventKind.CLAIMED, {"by": desk.by}), *change.new_events]
    return replace(change, columns=columns, new_events=new_events)


def _state(case: CaseRow, desk: DeskSession) -> dict[str, object]:
    """Return what every answer has: the case as it now stands, with the moves that this officer may make next."""
    return {
        "number": case.number,
        "status": case.status,
        "level": case.level,
        "version": case.version,
        "handling_bureau": case.handling_bureau,
        "claimed_by": case.claimed_by,
        "next_due_at": case.next_due_at,
        "allowed": moves.allowed(case, desk.actor),
    }


async def perform_many(
    db: Database, calls: Sequence[VerbCall], desk: DeskSession, context: KeyedContext
) -> list[VerbOutcome | ShensuError]:
    """Perform many calls, each for itself: one that fails never harms another. The results have the order of the calls."""
    outcomes: list[VerbOutcome | ShensuError] = []
    for call in calls:
        try:
            outcomes.append(await perform(db, call, desk, context))
        except ShensuError as error:
            outcomes.append(error)
        except SQLAlchemyError:
            log.exception("desk_act_failed", kind=call.verb)
            outcomes.append(InternalError("The step could not be stored; it is logged. Send it again."))
    return outcomes
