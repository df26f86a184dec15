"""The hotline's orders that follow a case: which they are, who gets their messages, and how changes of the case affect them.

An order is signed for when work on its case begins, returned when the case is refused or transferred, answered
when it is closed. What is done with an order alone (an extension, a return while the case stays) stands in
`services.hotline`.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases.case_row import CaseKey
from services.cases.changes import NewEvent
from services.rules import hotline
from services.rules.deadlines.counting import Timetable
from services.rules.deadlines.schedule import FIXED, ComputedDeadline, StartedDeadline
from services.rules.hotline import OWN_RULE, FixedDeadline, ReturnReason, StartedOrderDeadline
from services.rules.states.table import Move
from services.rules.states.verbs import Verb
from shared.event_kinds import EventKind
from shared.models.work_orders import hotline_order
from shared.vocabulary import DeadlineKind, RefusalGround, Status

_ENDS = ("withdrawn_at", "returned_at", "finished_at", "answered_at")
"""The moments after any of which an order wants no answer any more."""
OPEN = " AND ".join(f"o.{name} IS NULL" for name in _ENDS)
"""The condition that an order (`o`) still wants its answer."""
IS_OPEN: tuple[ColumnElement[bool], ...] = tuple(hotline_order.c[name].is_(None) for name in _ENDS)
"""The same, as conditions of a Core statement on `hotline_order`."""


class Order(NamedTuple):
    """An order that follows a case."""

    case_id: uuid.UUID
    bucket: int
    region: str
    order_no: str
    signed: bool
    finished: bool
    due_at: datetime | None

    @property
    def name(self) -> str:
        """The name of an order, as events have it."""
        return named(self.region, self.order_no)


def named(region: str, order_no: str) -> str:
    """Return the name of an order: numbers are given by region."""
    return f"{region}/{order_no}"


Orders = Sequence[Order]
# an order that was returned alone no longer follows; one that was returned with its refused case gets a reopening
_FOLLOWING = """
    SELECT o.case_id, o.bucket, o.region, o.order_no, o.signed_at IS NOT NULL AS signed,
        o.finished_at IS NOT NULL AS finished, o.due_at
    FROM unnest($1::smallint[], $2::uuid[]) AS u(bucket, id)
    JOIN complaint c ON c.bucket = u.bucket AND c.id = u.id
    JOIN hotline_order o ON o.case_id = u.id AND o.case_bucket = u.bucket
    WHERE o.withdrawn_at IS NULL AND (o.returned_at IS NULL OR o.returned_at >= c.refused_at)
    ORDER BY o.region, o.order_no
"""


async def following(connection: AsyncConnection, cases: Sequence[CaseKey]) -> dict[uuid.UUID, list[Order]]:
    """Return the orders that follow each of some cases, by case. Nothing is asked for no case."""
    if not cases:
        return {}
    keys = ([case.bucket for case in cases], [case.id for case in cases])
    orders: dict[uuid.UUID, list[Order]] = {}
    for row in await connection.exec_driver_sql(_FOLLOWING, keys):
        order = Order(row.case_id, row.bucket, row.region, row.order_no, row.signed, row.finished, row.due_at)
        orders.setdefault(order.case_id, []).append(order)
    return orders


_IN_HAND = frozenset({EventKind.CLAIMED, EventKind.REOPENED})
_NOT_IN_HAND = frozenset(
    {Status.RECEIVED, Status.REFUSED, Status.TRANSFERRED, Status.WITHDRAWN, Status.MERGED}
)


def signed_by(kinds: Collection[str], move: Move | None, orders: Orders, *, joins: bool) -> list[str]:
    """Return the orders that a change of their case signs for (签收).

    An officer claims it, it moves on, a supervisor reopens it, or the orders join a case in progress (`joins`).
    """
    goes_on = move is not None and move.source is not None and move.target not in _NOT_IN_HAND
    if not (goes_on or joins or _IN_HAND.intersection(kinds)):
        return []
    return [order.name for order in orders if not order.signed]


def by_region(event: NewEvent, orders: Orders) -> dict[str, list[str]]:
    """Return the recipients of an event, by region: the orders that it names, else all that follow the case."""
    if event.orders is not None:
        chosen = [tuple(name.split("/", 1)) for name in event.orders]
    else:
        chosen = [(order.region, order.order_no) for order in orders]
    numbers: dict[str, list[str]] = {}
    for region, order_no in chosen:
        numbers.setdefault(region, []).append(order_no)
    return numbers


_MOVING = frozenset({EventKind.MERGED, EventKind.UNMERGED})


def still_following(event: NewEvent, names: Collection[str]) -> NewEvent:
    """Return an event as hotlines get it: an order that was returned before a merge gets no message of it.

    `names` are the orders that follow one of these cases.
    """
    if event.kind not in _MOVING or event.orders is None:
        return event
    orders = [name for name in event.orders if name in names]
    return event._replace(data={**event.data, "orders": orders})


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
    timetable: Timetable

    def stamped(self) -> Orders:
        """Return the orders as they are afterwards."""
        return [order._replace(signed=True) if order.name in self.signed else order for order in self.orders]

    def followed_by(self, later: "Stamp") -> "Stamp":
        """Return what this and a later change of the same moment do together."""
        return self._replace(
            signed=self.signed | later.signed,
            mark=later.mark or self.mark,
            return_reason=later.return_reason or self.return_reason,
        )


def _mark(move: Move | None) -> str | None:
    if move is None:
        return None
    # what one order has done again stays answered for the others
    return _MARKS.get(move.target, _REVIVED if move.verb is Verb.REOPEN else None)


def stamp(
    orders: Orders,
    signed: Iterable[str],
    move: Move | None,
    ground: str | None,
    at: datetime,
    timetable: Timetable,
) -> Stamp:
    """Return what a move does to orders; `ground` is that of a refusal."""
    mark, reason = _mark(move), None
    if mark == _RETURNED:
        reason = hotline.RETURNED_FOR[RefusalGround(ground)] if ground else ReturnReason.NOT_OURS
    return Stamp(orders, frozenset(signed), mark, reason, at, timetable)


def deadline_again(
    move: Move | None, orders: Orders, at: datetime, timetable: Timetable
) -> StartedDeadline | None:
    """Return the deadline that a move lets run again, for what was answered or returned is to be answered again, or None.

    It is the nearest of the orders' own, as they were set: an answer that does not hold kept none of them.
    """
    due = [order.due_at for order in orders if order.due_at is not None and not order.finished]
    return _begin(min(due), at, timetable).started if due and _mark(move) == _REVIVED else None


def _begin(due_at: datetime, at: datetime, timetable: Timetable) -> StartedOrderDeadline:
    return hotline.begin(
        DeadlineKind.HOTLINE_ANSWER, FixedDeadline(OWN_RULE, 0, FIXED, due_at), at, timetable
    )


def _interim_at(order: Order, stamp: Stamp) -> datetime | None:
    """Return when an order that waits again is answered in the meantime; one whose deadline has run out is not."""
    if stamp.mark != _REVIVED or order.finished or order.due_at is None or order.due_at <= stamp.at:
        return None
    return _begin(order.due_at, stamp.at, stamp.timetable).interim_at


# what the hotline closed on its own side stays answered
_AGAIN = "u.mark = 'REVIVED' AND o.finished_at IS NULL"
_STAMP = f"""
    UPDATE hotline_order o SET
        signed_at = coalesce(o.signed_at, CASE WHEN u.signed THEN u.at END),
        answered_at = CASE WHEN u.mark = 'ANSWERED' THEN u.at WHEN {_AGAIN} THEN NULL ELSE o.answered_at END,
        interim_at = CASE WHEN {_AGAIN} THEN NULL ELSE o.interim_at END,
        returned_at = CASE u.mark WHEN 'RETURNED' THEN u.at WHEN 'REVIVED' THEN NULL ELSE o.returned_at END,
        return_reason = CASE u.mark WHEN 'RETURNED' THEN u.reason WHEN 'REVIVED' THEN NULL ELSE o.return_reason END,
        interim_due_at = CASE WHEN u.mark IS NULL THEN o.interim_due_at
            WHEN u.mark = 'REVIVED' THEN coalesce(o.interim_due_at, u.interim_at) END
    FROM unnest($1::smallint[], $2::text[], $3::text[], $4::boolean[], $5::text[], $6::text[], $7::timestamptz[],
        $8::timestamptz[]) AS u(bucket, region, order_no, signed, mark, reason, at, interim_at)
    WHERE o.bucket = u.bucket AND o.region = u.region AND o.order_no = u.order_no
"""  # noqa: S608 - our own condition


async def write(connection: AsyncConnection, stamps: Iterable[Stamp]) -> None:
    """Write what changes of cases do to their orders, by one statement; none where nothing does."""
    rows = [
        (
            order.bucket,
            order.region,
            order.order_no,
            order.name in stamp.signed,
            stamp.mark,
            stamp.return_reason,
            stamp.at,
            _interim_at(order, stamp),
        )
        for stamp in stamps
        for order in stamp.orders
        if stamp.mark is not None or order.name in stamp.signed
    ]
    if rows:
        await connection.exec_driver_sql(_STAMP, tuple(list(column) for column in zip(*rows, strict=True)))


_RECALCULATE_DUE = """
    UPDATE hotline_order o SET due_at = u.due_at,
        interim_due_at = CASE WHEN o.interim_due_at IS NOT NULL THEN u.interim_at END
    FROM unnest($1::smallint[], $2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[])
        AS u(bucket, id, was_due_at, due_at, interim_at)
    WHERE o.complaint_bucket = u.bucket AND o.complaint_id = u.id AND o.due_at = u.was_due_at
"""


_NEAREST_DUE = f"""
    SELECT min(o.due_at) FROM hotline_order o
    WHERE o.case_bucket = $1 AND o.case_id = $2 AND o.interim_at IS NULL AND {OPEN}
"""  # noqa: S608 - our own condition


async def nearest_due(connection: AsyncConnection, deadline: "StoredDeadline") -> datetime | None:
    """Return the moment that the deadline of a case was given by its orders: the nearest of those that wait."""
    keys = (deadline.bucket, deadline.complaint_id)
    due_at: datetime | None = (await connection.exec_driver_sql(_NEAREST_DUE, keys)).scalar()
    return due_at


class StoredDeadline(Protocol):
    """A hotline's deadline as it is stored."""

    @property
    def bucket(self) -> int:
        """Bucket of its case."""

    @property
    def complaint_id(self) -> uuid.UUID:
        """Its case."""

    @property
    def due_at(self) -> datetime | None:
        """When it had run out, as it was counted before."""


async def recalculate_due(
    connection: AsyncConnection, deadlines: Sequence[tuple[StoredDeadline, ComputedDeadline]]
) -> None:
    """Let the orders' own moments follow deadlines that were recalculated, for the calendar grew."""
    rows = [
        (
            deadline.bucket,
            deadline.complaint_id,
            deadline.due_at,
            computed.counted.due_at,
            hotline.interim_at(computed),
        )
        for deadline, computed in deadlines
    ]
    if rows:
        await connection.exec_driver_sql(
            _RECALCULATE_DUE, tuple(list(column) for column in zip(*rows, strict=True))
        )
