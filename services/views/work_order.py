"""How an order stands, for its own hotline: in its words and ours, with limits, answers, and its persons masked."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import merges, outbox, parties
from services.hotline import locked_order, order_rows
from services.reference.data import ReferenceData
from services.rules.notices import TO_HOTLINE
from services.views.client_case import bureau, masked
from shared.clock import in_civil_time
from shared.database import Database
from shared.errors import NotFoundError
from shared.event_kinds import EventKind
from shared.privacy.keyring import KeyRing
from shared.vocabulary import Status

Json = dict[str, Any]
HIDDEN = "***"
"""Stands for whatever a confidential order knows of its caller."""

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
# by the case that the order made and those that it was merged into; what was told of others, or before, is not of it
_MESSAGES = text(f"""
    WITH RECURSIVE {merges.MERGE_PATH}
    SELECT f.complaint_id, f.audience, f.seq, f.type, f.at, f.data, f.sealed FROM merge_path p
    JOIN feed_entry f ON f.bucket = p.bucket AND f.complaint_id = p.id
    WHERE f.audience = :audience AND f.type = ANY (:types) ORDER BY f.at, f.seq
""")  # noqa: S608 - our own number
_TOLD = (
    EventKind.SUPPLEMENT_ASKED,
    EventKind.REFUSED,
    EventKind.ORDER_RETURNED,
    EventKind.TRANSFERRED,
    EventKind.EXTENSION_ASKED,
    EventKind.INTERIM_ANSWER,
    EventKind.CLOSED,
    EventKind.FINDING_CHANGED,
    EventKind.REDO_REFUSED,
)
"""Events whose words and codes the hotline gets; what of them, stands in `services.rules.notices`."""
_SHOWS = {
    TO_HOTLINE[kind].type: tuple(
        name
        for other in _TOLD
        if TO_HOTLINE[other].type == TO_HOTLINE[kind].type
        for name in TO_HOTLINE[other].shows
    )
    for kind in _TOLD
}
"""What is shown by type of message: an order is returned for more than one reason."""
_FINDING = ("close_reason", "responsibility", "responsible_unit", "failing_link", "recovered_fen")
_MOMENTS = (
    "received_at",
    "signed_at",
    "returned_at",
    "interim_at",
    "answered_at",
    "finished_at",
    "withdrawn_at",
    "urged_at",
    "supervised_at",
)


async def find(db: Database, region: str, order_no: str, *, reference: ReferenceData, ring: KeyRing) -> Json:
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
        messages = (await connection.execute(_MESSAGES, keys)).all()
    state = locked_order.state_of(row, Status(row.status))
    return {
        "order_no": row.order_no,
        "region": row.region,
        "parent_order_no": row.parent_order_no,
        "kind": row.kind,
        "state": order_rows.named_state(state),
        "number": row.own_number,
        "handled_as": row.number,
        "status": _named("status", row.status, reference),
        "level": row.level,
        "handling_bureau": bureau(row.handling_bureau, reference),
        "carrier_code": row.carrier_code or None,
        "deadlines": _limits(row),
        "moments": {name: in_civil_time(getattr(row, name)) for name in _MOMENTS},
        "urged": row.urged,
        "redone": row.redone,
        "return_reason": row.return_reason,
        "refusal_ground": row.refusal_ground,
        "finding": {name: getattr(row, name) for name in _FINDING} if row.status == Status.CLOSED else None,
        "messages": _told(messages, order_no, ring),
        "persons": _persons(row, ring),
        "version": row.version,
    }


async def _order(connection: AsyncConnection, region: str, order_no: str) -> Row[Any]:
    keys = {
        "bucket": order_rows.bucket_of(region, order_no),
        "region": region,
        "order_no": order_no,
    }
    row = (await connection.execute(_ORDER, keys)).one_or_none()
    if row is None:
        raise NotFoundError(locked_order.UNKNOWN)
    return row


def _named(kind: str, code: str, reference: ReferenceData) -> dict[str, str]:
    entry = reference.codes[kind].get(code)
    return {"code": code, "name": entry.name_zh if entry else code}


def _limits(row: Row[Any]) -> Json:
    """Return the hotline's limits beside ours: the first moments at which they have run out."""
    return {
        "sign_due_at": in_civil_time(row.sign_due_at),
        "answer_due_at": in_civil_time(row.due_at),
        "extension": row.extension,
        "extension_asked_to": in_civil_time(row.extension_asked_to),
        "total_due_at": in_civil_time(row.total_due_at),
    }


def _told(messages: Sequence[Row[Any]], order_no: str, ring: KeyRing) -> list[Json]:
    """Return what the hotline was told of this order, oldest first: the messages that its feed holds, in one list."""
    return [
        {
            "type": one.type,
            "at": in_civil_time(one.at),
            **{key: one.data[key] for key in _SHOWS[one.type] if key in one.data},
            **outbox.words_of(one, ring),
        }
        for one in messages
        if order_no in one.data["orders"]
    ]


def _persons(row: Row[Any], ring: KeyRing) -> Json:
    """Return the persons of the order, masked; of a confidential one nothing but that they are known."""
    content = parties.open_record(row.sealed, ring, row.complaint_id)
    shown = masked(content)
    if row.confidential:
        return {who: dict.fromkeys(fields, HIDDEN) for who, fields in shown.items()}
    return dict(shown)
