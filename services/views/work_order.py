"""How an order stands, for its own hotline: in its words and ours, with deadlines, answers, and its persons masked."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, NotRequired, cast

from pydantic import JsonValue
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import TypedDict

from services.cases import merges, outbox, parties
from services.cases.order_row import OrderRow
from services.fields import CloseReasonCode
from services.hotline import locked_order, order_rows
from services.reference.data import ReferenceData
from services.reference.labels import CodeName
from services.rules.hotline import OrderKind
from services.rules.notices import TO_HOTLINE
from services.views.client_case import bureau, masked
from shared.clock import in_civil_time
from shared.database import Database
from shared.errors import NotFoundError
from shared.event_kinds import EventKind
from shared.privacy.keyring import KeyRing
from shared.vocabulary import FailingLink, Level, Responsibility, Status

HIDDEN = "***"
"""Replaces the caller's data of a confidential order."""

# the order and the case that it follows, which since a merge need not be the complaint that it made
_ORDER = text("""
    SELECT o.*, mine.number AS own_number, mine.confidential, p.sealed, c.number, c.status, c.level, c.handling_bureau,
        c.carrier_code, c.total_due_at, c.close_reason, c.responsibility, c.responsible_unit, c.failing_link,
        c.recovered_fen, c.refusal_ground, c.version,
        (SELECT k.due_at FROM case_deadline k WHERE k.bucket = mine.bucket AND k.complaint_id = mine.id
            AND k.key = 'hotline_sign' AND k.round = 1) AS sign_due_at
    FROM hotline_order o
    JOIN complaint mine ON mine.bucket = o.complaint_bucket AND mine.id = o.complaint_id
    JOIN complaint_party p ON p.bucket = mine.bucket AND p.complaint_id = mine.id
    JOIN complaint c ON c.bucket = o.case_bucket AND c.id = o.case_id
    WHERE o.bucket = :bucket AND o.region = :region AND o.order_no = :order_no
""")
# of the case of the order and those that it was merged into; messages of other cases, or from before, are excluded
_MESSAGES = text(f"""
    WITH RECURSIVE {merges.MERGE_PATH}
    SELECT f.complaint_id, f.audience, f.seq, f.type, f.at, f.data, f.sealed FROM merge_path p
    JOIN feed_entry f ON f.bucket = p.bucket AND f.complaint_id = p.id
    WHERE f.audience = :audience AND f.type = ANY (:types) ORDER BY f.at, f.seq
""")  # noqa: S608 - our own number
_KINDS = (
    EventKind.SUPPLEMENT_REQUESTED,
    EventKind.REFUSED,
    EventKind.ORDER_RETURNED,
    EventKind.TRANSFERRED,
    EventKind.EXTENSION_REQUESTED,
    EventKind.INTERIM_ANSWER,
    EventKind.CLOSED,
    EventKind.FINDING_CHANGED,
    EventKind.REDO_REFUSED,
)
"""Events whose words and codes the hotline gets; what of them, stands in `services.rules.notices`."""
_SHOWS = {
    TO_HOTLINE[kind].type: tuple(
        name
        for other in _KINDS
        if TO_HOTLINE[other].type == TO_HOTLINE[kind].type
        for name in TO_HOTLINE[other].shows
    )
    for kind in _KINDS
}
"""What is shown by type of message: an order is returned for more than one reason."""


class OrderFinding(TypedDict):
    """The finding of a closed case."""

    close_reason: CloseReasonCode | None
    responsibility: Responsibility | None
    responsible_unit: str | None
    failing_link: FailingLink | None
    recovered_fen: int


class OrderDeadlineView(TypedDict):
    """The deadlines of the hotline beside that of the law: the first moments at which they have passed."""

    sign_due_at: datetime | None
    answer_due_at: datetime | None
    extension: str | None
    extension_requested_to: datetime | None
    total_due_at: datetime


class OrderMoments(TypedDict):
    """When the order came and what happened to it; null: it did not."""

    received_at: datetime
    signed_at: datetime | None
    returned_at: datetime | None
    interim_at: datetime | None
    answered_at: datetime | None
    finished_at: datetime | None
    withdrawn_at: datetime | None
    urged_at: datetime | None
    supervised_at: datetime | None


class OrderMessage(TypedDict):
    """One message to the hotline, with the codes and words of its type."""

    type: str
    at: datetime
    items: NotRequired[list[str]]
    supplement_due_at: NotRequired[str | None]
    message: NotRequired[str]
    ground: NotRequired[str | None]
    legal_basis: NotRequired[str | None]
    return_reason: NotRequired[str | None]
    office: NotRequired[str | None]
    reason: NotRequired[str]
    extend_to: NotRequired[str | None]
    total_due_at: NotRequired[str | None]
    answer: NotRequired[str]
    close_reason: NotRequired[str | None]
    responsibility: NotRequired[str | None]
    responsible_unit: NotRequired[str | None]
    failing_link: NotRequired[str | None]
    recovered_fen: NotRequired[int | None]
    reason_code: NotRequired[str | None]


class WorkOrderView(TypedDict):
    """One work order as it stands."""

    order_no: str
    region: str
    parent_order_no: str | None
    kind: OrderKind
    state: CodeName
    number: str
    handled_as: str
    status: CodeName
    level: Level
    handling_bureau: CodeName | None
    carrier_code: str | None
    deadlines: OrderDeadlineView
    moments: OrderMoments
    urged: int
    redone: int
    return_reason: str | None
    refusal_ground: str | None
    finding: OrderFinding | None
    messages: list[OrderMessage]
    persons: dict[str, dict[str, str]]
    version: int


async def find(
    db: Database, region: str, order_no: str, *, reference: ReferenceData, ring: KeyRing
) -> WorkOrderView:
    """Return one order as it stands. Raises NotFoundError for any that is not of the region, existing or not."""
    locked_order.check_number(order_no)
    async with db.transaction() as connection:
        row = await _order(connection, region, order_no)
        keys = {
            "buckets": [row.complaint_bucket],
            "ids": [row.complaint_id],
            "types": list(_SHOWS),
            "audience": outbox.audience(outbox.HOTLINE, region),
        }
        messages = [_Message._make(row) for row in await connection.execute(_MESSAGES, keys)]
    state = locked_order.state_of(row, Status(row.status))
    return {
        "order_no": row.order_no,
        "region": row.region,
        "parent_order_no": row.parent_order_no,
        "kind": OrderKind(row.kind),
        "state": order_rows.named_state(state),
        "number": row.own_number,
        "handled_as": row.number,
        "status": _named("status", row.status, reference),
        "level": Level(row.level),
        "handling_bureau": bureau(row.handling_bureau, reference),
        "carrier_code": row.carrier_code or None,
        "deadlines": _deadlines(row),
        "moments": _moments(row),
        "urged": row.urged,
        "redone": row.redone,
        "return_reason": row.return_reason,
        "refusal_ground": row.refusal_ground,
        "finding": _finding(row) if row.status == Status.CLOSED else None,
        "messages": _shown_messages(messages, order_no, ring),
        "persons": _persons(row, ring),
        "version": row.version,
    }


@dataclass(frozen=True, slots=True)
class _OrderOfCase(OrderRow):
    """An order, with the complaint that it made (`own_number`, persons) and the case that it follows."""

    own_number: str
    confidential: bool
    sealed: bytes
    number: str
    status: str
    level: str
    handling_bureau: str | None
    carrier_code: str
    total_due_at: datetime
    close_reason: str | None
    responsibility: str | None
    responsible_unit: str | None
    failing_link: str | None
    recovered_fen: int
    refusal_ground: str | None
    version: int
    sign_due_at: datetime | None


class _Message(NamedTuple):
    """A message to the hotline, as it is stored."""

    complaint_id: uuid.UUID
    audience: str
    seq: int
    type: str
    at: datetime
    data: dict[str, JsonValue]
    sealed: bytes | None


async def _order(connection: AsyncConnection, region: str, order_no: str) -> _OrderOfCase:
    keys = {
        "bucket": order_rows.bucket_of(region, order_no),
        "region": region,
        "order_no": order_no,
    }
    row = (await connection.execute(_ORDER, keys)).mappings().one_or_none()
    if row is None:
        raise NotFoundError(locked_order.UNKNOWN)
    return _OrderOfCase(**row)


def _named(kind: str, code: str, reference: ReferenceData) -> CodeName:
    entry = reference.codes[kind].get(code)
    return {"code": code, "name": entry.name_zh if entry else code}


def _moments(row: _OrderOfCase) -> OrderMoments:
    moments = {name: in_civil_time(getattr(row, name)) for name in OrderMoments.__annotations__}
    return cast("OrderMoments", moments)


def _finding(row: _OrderOfCase) -> OrderFinding:
    return cast("OrderFinding", {name: getattr(row, name) for name in OrderFinding.__annotations__})


def _deadlines(row: _OrderOfCase) -> OrderDeadlineView:
    return {
        "sign_due_at": in_civil_time(row.sign_due_at),
        "answer_due_at": in_civil_time(row.due_at),
        "extension": row.extension,
        "extension_requested_to": in_civil_time(row.extension_requested_to),
        "total_due_at": in_civil_time(row.total_due_at),
    }


def _shown_messages(messages: Sequence[_Message], order_no: str, ring: KeyRing) -> list[OrderMessage]:
    """Return the messages to the hotline about this order, oldest first: those of its feed, in one list."""
    return [
        cast(
            "OrderMessage",
            {
                "type": entry.type,
                "at": in_civil_time(entry.at),
                **{key: entry.data[key] for key in _SHOWS[entry.type] if key in entry.data},
                **outbox.words_of(entry, ring),
            },
        )
        for entry in messages
        if isinstance(orders := entry.data["orders"], list) and order_no in orders
    ]


def _persons(row: _OrderOfCase, ring: KeyRing) -> dict[str, dict[str, str]]:
    """Return the persons of the order, masked; of a confidential one nothing but that they are known."""
    content = parties.open_record(row.sealed, ring, row.complaint_id)
    shown = masked(content)
    if row.confidential:
        return {who: dict.fromkeys(fields, HIDDEN) for who, fields in shown.items()}
    return dict(shown)
