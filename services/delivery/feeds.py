"""Feeds that carriers and hotlines pull: every entry once, in one order, without holes, for ever again from any cursor.

Entries lie in the order of their transactions, and are shown up to the oldest transaction that still runs: what commits
late has its place beyond what was shown, so no reader passes over it (docs/decisions/0011-thin-notices.md). A cursor
names the last entry that was read, not its place, and so survives a restore with new transaction numbers (`rebase`).
"""

import base64
import uuid
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import JsonValue
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import TypedDict

from services import audit
from services.delivery import envelopes
from services.delivery.envelopes import Envelope
from services.requests.cursors import CursorError
from shared import serialisation, text_forms
from shared.database import Database
from shared.errors import FieldError
from shared.privacy.keyring import KeyRing
from shared.vocabulary import BUCKETS

MOST = 500
_LARGEST_SEQ = 2**31 - 1
_PRESENT_ERA = """(
    SELECT pg_get_expr(d.adbin, d.adrelid)::smallint FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid
    AND a.attnum = d.adnum WHERE d.adrelid = 'feed_entry'::regclass AND a.attname = 'era'
)"""
"""The era that an entry gets which is written now: the column's default, changed by `rebase` alone."""
_ORDER = "era, xid, bucket, complaint_id, seq"
_PAGE = f"""
    SELECT bucket, complaint_id, audience, seq, type, at, data::text AS data, sealed FROM feed_entry
    WHERE audience = $1 AND ({_ORDER}) > ($2::smallint, $3::xid8, $4::smallint, $5::uuid, $6::integer)
        -- compared as rows, so that the index ends the search where nothing may be shown yet
        AND (era, xid) < ({_PRESENT_ERA}, pg_snapshot_xmin(pg_current_snapshot()))
    ORDER BY {_ORDER} LIMIT $7
"""  # noqa: S608 - names of our own columns
_FIND = (
    "SELECT era, xid FROM feed_entry WHERE bucket = $1 AND complaint_id = $2 AND audience = $3 AND seq = $4"
)


class FeedPage(TypedDict):
    """Messages of a feed, oldest first; `next` is the cursor behind the last one, and is always there."""

    items: list[Envelope]
    next: str


class _Place(NamedTuple):
    """Where a reader stands: behind this entry."""

    era: int
    xid: int
    bucket: int
    complaint_id: uuid.UUID
    seq: int


_BEGINNING = _Place(-1, 0, -1, uuid.UUID(int=0), 0)


class FeedEntry(NamedTuple):
    """A stored entry, as it is shown."""

    bucket: int
    complaint_id: uuid.UUID
    audience: str
    seq: int
    type: str
    at: datetime
    data: dict[str, JsonValue]
    sealed: bytes | None


async def page(db: Database, audience: str, *, after: str | None, limit: int, ring: KeyRing) -> FeedPage:
    """Return up to `limit` messages behind a cursor: `items`, oldest first, and `next`, the cursor behind the last one.

    There is always a `next`; where nothing is new it is the cursor that came. Raises CursorError for one that names
    no entry of this audience. Two statements, whatever the size.
    """
    async with db.transaction() as connection:
        place = await _place(connection, audience, after)
        rows = (await connection.exec_driver_sql(_PAGE, (audience, *place, limit))).all()
    entries = [entry_of(row) for row in rows]
    return {
        "items": [envelopes.as_object(envelopes.event_of(entry, ring)) for entry in entries],
        "next": _cursor(entries[-1]) if entries else after or _cursor(None),
    }


def entry_of(row: Any) -> FeedEntry:
    """Return an entry from a row that carries its data as text."""
    return FeedEntry(
        row.bucket,
        row.complaint_id,
        row.audience,
        row.seq,
        row.type,
        row.at,
        serialisation.from_text(row.data),
        row.sealed,
    )


def _cursor(entry: FeedEntry | None) -> str:
    named = [] if entry is None else [entry.bucket, str(entry.complaint_id), entry.seq]
    return base64.urlsafe_b64encode(serialisation.to_bytes(named)).decode()


async def _place(connection: AsyncConnection, audience: str, after: str | None) -> _Place:
    named = _named(after) if after is not None else None
    if named is None:
        return _BEGINNING
    bucket, complaint_id, seq = named
    entry = (await connection.exec_driver_sql(_FIND, (bucket, complaint_id, audience, seq))).one_or_none()
    if entry is None:
        raise _refusal("begin again without a cursor: what you know already you tell by its id")
    return _Place(entry.era, entry.xid, bucket, complaint_id, seq)


def _named(cursor: str) -> tuple[int, uuid.UUID, int] | None:
    """Return the entry that a cursor names; None: it stands before the first."""
    try:
        named = serialisation.from_text(base64.b64decode(cursor, b"-_", validate=True))
        if named == []:
            return None
        bucket, complaint_id, seq = named
        entry = (_within(bucket, 0, BUCKETS - 1), uuid.UUID(complaint_id), _within(seq, 1, _LARGEST_SEQ))
    except (ValueError, TypeError, AttributeError) as error:
        raise _refusal(text_forms.CURSOR.advice) from error
    return entry


def _within(value: object, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ValueError("no entry is named so")
    return value


def _refusal(what_to_do: str) -> CursorError:
    fault = FieldError("/query/after", "invalid-cursor", what_to_do)
    return CursorError("The cursor names no entry of this feed.", [fault])


_AHEAD = f"""
    SELECT count(*), max(at) FROM feed_entry
    WHERE era = {_PRESENT_ERA} AND xid >= pg_snapshot_xmax(pg_current_snapshot())
"""  # noqa: S608 - as above


async def ahead(db: Database) -> int:
    """Return how many entries carry transactions that this server has not begun: a dump was restored into it."""
    async with db.transaction() as connection:
        return int((await connection.exec_driver_sql(_AHEAD)).one()[0])


async def rebase(db: Database, *, actor: str) -> int:
    """Continue the feeds after a restore into a server with new transaction numbers; return how many entries were ahead.

    What the dump held becomes an earlier era, in the order that it had: readers go on behind the entry they read last.
    What this server wrote since goes into the new era. Nothing is done where no entry lies ahead. For the table's
    owner; writers wait for the length of one update.
    """
    async with db.transaction() as connection:
        # no entry is written meanwhile: an era begins after all of the one before are there
        await connection.exec_driver_sql("LOCK TABLE feed_entry IN ACCESS EXCLUSIVE MODE")
        ahead, last = tuple((await connection.exec_driver_sql(_AHEAD)).one())
        if not ahead:
            return 0
        era = int((await connection.exec_driver_sql(f"SELECT {_PRESENT_ERA}")).scalar_one()) + 1
        await connection.exec_driver_sql(f"ALTER TABLE feed_entry ALTER COLUMN era SET DEFAULT {era}")
        moved = await connection.exec_driver_sql(
            "UPDATE feed_entry SET era = $1 WHERE era = $2 AND at > $3 "
            "AND xid < pg_snapshot_xmax(pg_current_snapshot())",
            (era, era - 1, last),
        )
        await audit.record(
            connection,
            actor=actor,
            act="feed.rebase",
            subject="feed_entry",
            data={"era": era, "ahead": ahead, "written_since": moved.rowcount},
        )
    return int(ahead)
