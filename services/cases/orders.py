"""The hotline's orders that follow a case: which there are, what they are told, and what a change of the case does to them.

An order is signed for when its case is taken in hand, returned when the case is refused or handed elsewhere, answered
when it is closed. What is done with an order alone (an extension, a return while the case stays) stands in
`services.hotline`.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from services.rules import hotline
from services.rules.clocks import Reckoned
from services.rules.hotline import ReturnReason
from services.rules.workflow import Move
from shared.vocabulary import RefusalGround, Status


class Order(NamedTuple):
    """An order that follows a case."""

    case_id: uuid.UUID
    bucket: int
    region: str
    order_no: str
    signed: bool

    @property
    def name(self) -> str:
        """The name of an order, as events have it."""
        return named(self.region, self.order_no)


def named(region: str, order_no: str) -> str:
    """Return the name of an order: numbers are given by region."""
    return f"{region}/{order_no}"


Orders = Sequence[Order]
# an order that was returned for itself no longer follows; one that its case's refusal returned hears of a reopening
_FOLLOWING = """
    SELECT o.case_id, o.bucket, o.region, o.order_no, o.signed_at IS NOT NULL AS signed
    FROM unnest($1::smallint[], $2::uuid[]) AS u(bucket, id)
    JOIN complaint c ON c.bucket = u.bucket AND c.id = u.id
    JOIN hotline_order o ON o.case_id = u.id AND o.case_bucket = u.bucket
    WHERE o.withdrawn_at IS NULL AND (o.returned_at IS NULL OR o.returned_at >= c.refused_at)
    ORDER BY o.region, o.order_no
"""


async def following(connection: AsyncConnection, cases: Sequence[Any]) -> dict[uuid.UUID, list[Order]]:
    """Return the orders that follow each of some cases, by case. Nothing is asked for no case."""
    if not cases:
        return {}
    keys = ([case.bucket for case in cases], [case.id for case in cases])
    found: dict[uuid.UUID, list[Order]] = {}
    for row in await connection.exec_driver_sql(_FOLLOWING, keys):
        order = Order(row.case_id, row.bucket, row.region, row.order_no, row.signed)
        found.setdefault(order.case_id, []).append(order)
    return found


_IN_HAND = frozenset({"CLAIMED", "REOPENED"})
_NOT_IN_HAND = frozenset(
    {Status.RECEIVED, Status.REFUSED, Status.TRANSFERRED, Status.WITHDRAWN, Status.MERGED}
)


def signed_by(kinds: Collection[str], move: Move | None, orders: Orders, *, joins: bool) -> list[str]:
    """Return the orders that a change of their case signs for (签收).

    An officer claims it, it goes on its way, a supervisor reopens it, or they join a case that is in hand (`joins`).
    """
    goes_on = move is not None and move.source is not None and move.target not in _NOT_IN_HAND
    if not (goes_on or joins or _IN_HAND.intersection(kinds)):
        return []
    return [order.name for order in orders if not order.signed]


def by_region(data: Mapping[str, Any], orders: Orders) -> dict[str, list[str]]:
    """Return whom an event is told to, by region: the orders that its data name, else all that follow the case."""
    if (some := data.get("orders")) is not None:
        chosen = [tuple(name.split("/", 1)) for name in some]
    else:
        chosen = [(order.region, order.order_no) for order in orders]
    told: dict[str, list[str]] = {}
    for region, order_no in chosen:
        told.setdefault(region, []).append(order_no)
    return told


_ANSWERED, _RETURNED, _ENDED, _REVIVED = "ANSWERED", "RETURNED", "ENDED", "REVIVED"
_MARKS: Mapping[Status, str] = {
    Status.CLOSED: _ANSWERED,
    Status.REFUSED: _RETURNED,
    Status.TRANSFERRED: _RETURNED,
    Status.WITHDRAWN: _ENDED,
}


class Stamp(NamedTuple):
    """What a change of a case does to the orders that follow it."""

    orders: Orders
    signed: frozenset[str]
    mark: str | None
    return_reason: str | None
    at: datetime


def stamp(
    orders: Orders, signed: Iterable[str], move: Move | None, ground: str | None, at: datetime
) -> Stamp:
    """Return what a move does to orders; `ground` is that of a refusal."""
    mark = None
    if move is not None:
        mark = _MARKS.get(move.target, _REVIVED if move.source in _MARKS else None)
    reason = None
    if mark == _RETURNED:
        reason = hotline.RETURNED_FOR[RefusalGround(ground)] if ground else ReturnReason.NOT_OURS
    return Stamp(orders, frozenset(signed), mark, reason, at)


_STAMP = """
    UPDATE hotline_order o SET
        signed_at = coalesce(o.signed_at, CASE WHEN u.signed THEN u.at END),
        answered_at = CASE u.mark WHEN 'ANSWERED' THEN u.at ELSE o.answered_at END,
        returned_at = CASE u.mark WHEN 'RETURNED' THEN u.at WHEN 'REVIVED' THEN NULL ELSE o.returned_at END,
        return_reason = CASE u.mark WHEN 'RETURNED' THEN u.reason WHEN 'REVIVED' THEN NULL ELSE o.return_reason END,
        interim_due_at = CASE WHEN u.mark IS NULL OR u.mark = 'REVIVED' THEN o.interim_due_at END
    FROM unnest($1::smallint[], $2::text[], $3::text[], $4::boolean[], $5::text[], $6::text[], $7::timestamptz[])
        AS u(bucket, region, order_no, signed, mark, reason, at)
    WHERE o.bucket = u.bucket AND o.region = u.region AND o.order_no = u.order_no
"""


async def write(connection: AsyncConnection, stamps: Iterable[Stamp]) -> None:
    """Write what changes of cases do to their orders, by one statement; none where nothing does."""
    rows = [
        (
            order.bucket, order.region, order.order_no, order.name in one.signed, one.mark, one.return_reason, one.at,
        )
        for one in stamps
        for order in one.orders
        if one.mark is not None or order.name in one.signed
    ]  # fmt: skip
    if rows:
        await connection.exec_driver_sql(_STAMP, tuple(list(column) for column in zip(*rows, strict=True)))


_DUE_ANEW = """
    UPDATE hotline_order o SET due_at = u.due_at,
        interim_due_at = CASE WHEN o.interim_due_at IS NOT NULL THEN u.interim_at END
    FROM unnest($1::smallint[], $2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[])
        AS u(bucket, id, was_due_at, due_at, interim_at)
    WHERE o.complaint_bucket = u.bucket AND o.complaint_id = u.id AND o.due_at = u.was_due_at
"""


class Limit(Protocol):
    """A hotline's limit as it is stored."""

    @property
    def bucket(self) -> int:
        """Bucket of its case."""

    @property
    def complaint_id(self) -> uuid.UUID:
        """Its case."""

    @property
    def due_at(self) -> datetime | None:
        """When it had run out, as it was counted before."""


async def due_anew(connection: AsyncConnection, limits: Sequence[tuple[Limit, Reckoned]]) -> None:
    """Let the orders' own moments follow limits that were reckoned anew, for the calendar grew."""
    rows = [
        (one.bucket, one.complaint_id, one.due_at, anew.counted.due_at, hotline.interim_at(anew))
        for one, anew in limits
    ]
    if rows:
        await connection.exec_driver_sql(_DUE_ANEW, tuple(list(column) for column in zip(*rows, strict=True)))
