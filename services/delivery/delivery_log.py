"""The log of what was sent to a recipient, and the two things that may be asked of it: send again, or let it go."""

import base64
import uuid
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, NamedTuple

from pydantic import Field
from sqlalchemy import ColumnElement, RowMapping, Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import TypedDict

from services import audit
from services.delivery import envelopes
from services.fields import Form, Moment
from services.requests.cursors import CursorError
from shared import database, ids, serialisation, text_forms
from shared.clock import in_civil_time
from shared.database import Database
from shared.errors import FieldError, InvalidInputError, NotFoundError
from shared.models.cases import complaint
from shared.models.delivery import delivery, endpoint, feed_entry

_D = delivery.c


class DeliveryState(StrEnum):
    """States of a delivery."""

    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    DEAD = "DEAD"
    CANCELLED = "CANCELLED"


AGAIN = ("DEAD", "DELIVERED")
"""What may be sent again: what died, and what was delivered to a receiver that lost it."""
MOST_AGAIN = 500


class Replay(Form):
    """The deliveries to replay: some by their ids, or all dead ones that were created since a moment."""

    ids: Annotated[list[uuid.UUID], Field(max_length=MOST_AGAIN)] = Field(
        default_factory=list, description="Dead or delivered ones, as the log shows them."
    )
    dead_since: Moment | None = Field(default=None, description="Instead of ids.")


class DeliveryCriteria(NamedTuple):
    """Which deliveries a page shows, newest first."""

    state: DeliveryState | None = None
    number: str | None = None
    after: str | None = None
    limit: int = 50


class LoggedDelivery(TypedDict):
    """One webhook: what it is about, its state, and its attempts."""

    id: str
    message: str
    type: str
    number: str
    state: DeliveryState
    attempts: int
    last_status: int | None
    last_error: str | None
    next_try_at: datetime | None
    created_at: datetime
    tried_at: datetime | None
    delivered_at: datetime | None


class DeliveryPage(TypedDict):
    """Deliveries, newest first; `next` is the cursor of the following page, or null."""

    items: list[LoggedDelivery]
    next: str | None


async def page(db: Database, audience: str, query: DeliveryCriteria) -> DeliveryPage:
    """Return a page of the deliveries to an audience, newest first: `items`, and `next`, the cursor of the page after it."""
    statement = (
        select(delivery, feed_entry.c.type, complaint.c.number)
        .join(feed_entry, _same_entry())
        .join(complaint, (complaint.c.bucket == _D.bucket) & (complaint.c.id == _D.complaint_id))
        .where(_D.endpoint_id == _endpoints(audience).scalar_subquery())
        .order_by(_D.id.desc())
        .limit(query.limit + 1)
    )
    if query.state is not None:
        statement = statement.where(_D.state == query.state)
    if query.number is not None:
        bucket = ids.bucket_of_number(query.number) if ids.is_complaint_number(query.number) else -1
        statement = statement.where(complaint.c.bucket == bucket, complaint.c.number == query.number)
    if query.after is not None:
        statement = statement.where(_D.id < _id_of(query.after))
    async with db.transaction() as connection:
        rows = (await connection.execute(statement)).mappings().all()
    shown = rows[: query.limit]
    more = len(rows) > query.limit
    return {
        "items": [_item(row) for row in shown],
        "next": base64.urlsafe_b64encode(serialisation.to_bytes(str(shown[-1]["id"]))).decode()
        if more
        else None,
    }


def _same_entry() -> ColumnElement[bool]:
    f = feed_entry.c
    return (
        (f.bucket == _D.bucket)
        & (f.complaint_id == _D.complaint_id)
        & (f.audience == _D.audience)
        & (f.seq == _D.seq)
    )


def _item(row: RowMapping) -> LoggedDelivery:
    waits = row["state"] == "PENDING" and row["lease_token"] is None
    return {
        "id": str(row["id"]),
        "message": envelopes.identifier(row["number"], row["audience"], row["seq"]),
        "type": row["type"],
        "number": row["number"],
        "state": row["state"],
        "attempts": row["attempts"],
        "last_status": row["last_status"],
        "last_error": row["last_error"],
        "next_try_at": in_civil_time(row["next_at"]) if waits else None,
        "created_at": in_civil_time(row["created_at"]),
        "tried_at": in_civil_time(row["tried_at"]),
        "delivered_at": in_civil_time(row["delivered_at"]),
    }


def _id_of(cursor: str) -> uuid.UUID:
    try:
        return uuid.UUID(serialisation.from_text(base64.urlsafe_b64decode(cursor)))
    except (ValueError, TypeError, AttributeError) as error:
        fault = FieldError("/query/after", "invalid-cursor", text_forms.CURSOR.advice)
        raise CursorError("The cursor is not one that this log gave.", [fault]) from error


async def dead(db: Database) -> int:
    """Return how many deliveries are dead."""
    async with db.transaction() as connection:
        return await connection.scalar(select(func.count()).where(_D.state == "DEAD")) or 0


async def replay(
    db: Database,
    *,
    actor: str,
    audience: str | None = None,
    chosen: Sequence[uuid.UUID] = (),
    since: datetime | None = None,
) -> int:
    """Send deliveries again, from the first attempt on; returns how many.

    Those that are chosen by their ids, dead or delivered; or, since a moment, all dead ones that were made since.
    """
    meant: tuple[ColumnElement[bool], ...] = (
        (_D.state.in_(AGAIN), _D.id.in_(chosen))
        if since is None
        else (_D.state == "DEAD", _D.created_at >= since)
    )
    which = (_D.endpoint_id.in_(_endpoints(audience)), *meant)
    changes = {
        "state": "PENDING",
        "attempts": 0,
        "lease_token": None,
        "delivered_at": None,
    }
    async with db.transaction() as connection:
        changes["next_at"] = await database.moment(connection)
        again = (await connection.execute(update(delivery).where(*which).values(changes))).rowcount
        await _record(connection, actor, "replay", audience, again)
    return again


async def replay_selected(db: Database, audience: str, form: Replay, *, actor: str) -> int:
    """Send again what a recipient asks for, of its own; returns how many. Raises InvalidInputError for both or neither."""
    if bool(form.ids) == (form.dead_since is not None):
        fault = FieldError("/ids", "one-of-two", "send `ids`, or `dead_since` in their place")
        raise InvalidInputError("Say which deliveries are sent again, in one of two ways.", [fault])
    return await replay(db, actor=actor, audience=audience, chosen=form.ids, since=form.dead_since)


async def cancel(db: Database, *, actor: str, chosen: Sequence[uuid.UUID]) -> int:
    """Let deliveries go that were not sent, for good; returns how many. Raises NotFoundError if there were none."""
    which = (_D.endpoint_id.in_(_endpoints(None)), _D.id.in_(chosen), _D.state.in_(("PENDING", "DEAD")))
    changes = {"state": "CANCELLED", "lease_token": None}
    async with db.transaction() as connection:
        gone = (await connection.execute(update(delivery).where(*which).values(changes))).rowcount
        if not gone:
            raise NotFoundError(
                "no delivery with these ids waits or is dead; `python -m ops delivery list` shows them"
            )
        await _record(connection, actor, "cancel", None, gone)
    return gone


def _endpoints(audience: str | None) -> Select[uuid.UUID]:
    # the indexes begin with the endpoint: of all of them, where none is named
    statement = select(endpoint.c.id)
    return statement if audience is None else statement.where(endpoint.c.audience == audience)


async def _record(
    connection: AsyncConnection, actor: str, act: str, audience: str | None, count: int
) -> None:
    await audit.record(
        connection, actor=actor, act=f"delivery.{act}", subject=audience or "all", data={"count": count}
    )
