"""Replies as they are stored: whose they are, the words sealed with them, and how they are shown."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import TypedDict

from services.cases import lookup, merges
from services.cases.case_row import CaseRow
from shared import clock, serialisation
from shared.database import Database
from shared.models.carriers import reply
from shared.privacy.keyring import KeyRing
from shared.vocabulary import FailingLink, OtherProcedure


class StoredReply(TypedDict):
    """A reply as it is stored, with its words; `missing` are the fields that a complete one has besides."""

    reply_seq: int
    received_at: datetime
    reply_ref: str
    complete: bool
    missing: list[str]
    late: bool
    untruthful: bool
    responsibility_admitted: bool | None
    responsible_unit: str | None
    responsible_link: FailingLink | None
    compensation_fen: int | None
    paid_on: date | None
    other_procedure: OtherProcedure | None
    facts: str | None
    action: str | None
    contact_log: str | None
    attachments: list[str]


def author(carrier_code: str) -> str:
    """Return how a carrier stands in events and replies, as in carrier:ZTO."""
    return f"carrier:{carrier_code}"


class ReplyWords(TypedDict):
    """What an enterprise writes, sealed with its reply; `attachments` are ids of evidence."""

    facts: str | None
    action: str | None
    contact_log: str | None
    attachments: list[str]


class ReplyRow(NamedTuple):
    """The row of a reply; its words are sealed, `missing` are the fields that a complete one has besides."""

    bucket: int
    complaint_id: uuid.UUID
    seq: int
    reply_ref: str
    fingerprint: bytes
    at: datetime
    by: str
    complete: bool
    missing: list[str]
    late: bool
    untruthful: bool
    responsibility_admitted: bool | None
    responsible_unit: str | None
    responsible_link: FailingLink | None
    compensation_fen: int | None
    paid_on: date | None
    other_procedure: OtherProcedure | None
    sealed: bytes


_SELECT = select(*(reply.c[name] for name in ReplyRow._fields))


async def of_cases(connection: AsyncConnection, cases: Sequence[CaseRow]) -> list[ReplyRow]:
    """Return the replies to some cases, oldest first."""
    keys = {(case.bucket, case.id) for case in cases}
    statement = _SELECT.where(tuple_(reply.c.bucket, reply.c.complaint_id).in_(keys))
    rows = await connection.execute(statement.order_by(reply.c.at, reply.c.seq))
    return [ReplyRow._make(row) for row in rows]


def binding(complaint_id: uuid.UUID, seq: int) -> bytes:
    """Return what the words of a reply are bound to."""
    return b"reply|" + complaint_id.bytes + seq.to_bytes(4)


async def listed(db: Database, carrier_code: str, number: str, ring: KeyRing) -> list[StoredReply]:
    """Return the replies that a carrier sent to one of its cases, oldest first. Raises NotFoundError."""
    async with db.transaction() as connection:
        named = await lookup.find(connection, number, lookup.of_carrier(carrier_code))
        case = await merges.follow_of_carrier(connection, named)
        rows = await of_cases(connection, [named, case])
    # a case that changed its enterprise keeps the replies of the one before from the one after
    return [shown(row, ring) for row in rows if row.by == author(carrier_code)]


async def of_case(
    connection: AsyncConnection, bucket: int, complaint_id: uuid.UUID, ring: KeyRing
) -> list[StoredReply]:
    """Return the replies to a case, oldest first, with their texts, for a caller who may read the case."""
    statement = _SELECT.where(reply.c.bucket == bucket, reply.c.complaint_id == complaint_id)
    rows = await connection.execute(statement.order_by(reply.c.seq))
    return [shown(ReplyRow._make(row), ring) for row in rows]


def shown(row: ReplyRow, ring: KeyRing) -> StoredReply:
    """Return a stored reply with its words."""
    words: ReplyWords = serialisation.from_text(
        ring.unseal(bytes(row.sealed), bound_to=binding(row.complaint_id, row.seq))
    )
    return {
        "reply_seq": row.seq,
        "received_at": row.at.astimezone(clock.SHANGHAI),
        "reply_ref": row.reply_ref,
        "complete": row.complete,
        "missing": row.missing,
        "late": row.late,
        "untruthful": row.untruthful,
        "responsibility_admitted": row.responsibility_admitted,
        "responsible_unit": row.responsible_unit,
        "responsible_link": row.responsible_link,
        "compensation_fen": row.compensation_fen,
        "paid_on": row.paid_on,
        "other_procedure": row.other_procedure,
        **words,
    }
