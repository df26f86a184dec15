"""An enterprise acknowledges that it has what was last handed over to it."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import TypedDict

from services.access.clients import Caller
from services.carriers import stored_replies
from services.cases import lookup, outbox, writer
from services.cases.case_row import CaseRow
from services.cases.changes import CaseChange, KeyedContext, NewEvent
from services.cases.outbox import CARRIER
from services.rules.states.verbs import Actor
from shared.clock import in_civil_time
from shared.database import Database
from shared.errors import ConflictError
from shared.event_kinds import EventKind
from shared.models.cases import case_event
from shared.vocabulary import ENDED, Status

HANDED_OVER = (EventKind.FORWARDED, EventKind.REWORK)


ACKNOWLEDGED = EventKind.ACKNOWLEDGED


class NothingToAcknowledgeError(ConflictError):
    """The case has ended; nobody waits for an acknowledgement any more."""

    code: ClassVar[str] = "case-ended"
    title: ClassVar[str] = "The case has ended"


class Acknowledgement(TypedDict):
    """The case as it stands, and when the enterprise acknowledged it last."""

    number: str
    status: Status
    acknowledged_at: datetime | None


def audience_of(caller: Caller) -> str:
    """Return the audience that a carrier's key belongs to."""
    return outbox.audience(CARRIER, carrier_of(caller))


def carrier_of(caller: Caller) -> str:
    """Return the enterprise that a carrier's key belongs to."""
    assert caller.carrier_code is not None  # noqa: S101 - a key with the scope carrier:exchange has one
    return caller.carrier_code


async def acknowledge(db: Database, number: str, *, caller: Caller, context: KeyedContext) -> Acknowledgement:
    """Note that the enterprise has what was last handed to it; again, it changes nothing.

    Raises NotFoundError, or NothingToAcknowledgeError for a case that ended before.
    """
    code = carrier_of(caller)
    async with db.transaction() as connection:
        case = await lookup.find(connection, number, lookup.of_carrier(code), lock=True)
        at = case.acknowledged_at
        if not await _is_acknowledged(connection, case):
            if Status(case.status) in ENDED:
                raise NothingToAcknowledgeError(
                    f"The case is {case.status}: nothing waits to be acknowledged.",
                    members={"case_status": case.status},
                )
            at = case.moment
            change = CaseChange(
                case=case,
                actor=Actor.ENTERPRISE,
                by=stored_replies.author(code),
                new_events=[NewEvent(ACKNOWLEDGED)],
                columns={"acknowledged_at": at},
            )
            await writer.apply(connection, [change], context)
    return {"number": number, "status": Status(case.status), "acknowledged_at": in_civil_time(at)}


async def _is_acknowledged(connection: AsyncConnection, case: CaseRow) -> bool:
    columns = case_event.c
    latest = (
        select(columns.kind)
        .where(
            columns.bucket == case.bucket,
            columns.complaint_id == case.id,
            columns.kind.in_((*HANDED_OVER, ACKNOWLEDGED)),
        )
        .order_by(columns.seq.desc())
        .limit(1)
    )
    return await connection.scalar(latest) == ACKNOWLEDGED
