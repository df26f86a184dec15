"""Traces of items as they are stored: scans are added, and the trace is rebuilt from all of them, the item being locked.

An item is identified by its carrier and the blind index of its waybill; its cases play no part (decision 12).
"""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from services.reference.data import ReferenceData
from services.rules import tracking
from services.rules.failing_link import inference
from services.rules.tracking import Scan, TraceState
from shared import bulk, serialisation
from shared.models.carriers import trace, trace_event
from shared.vocabulary import BUCKETS

ITEMS_AT_A_STRETCH = 50
"""After so many items other requests get their turn; an item takes some 0.2 ms."""


class TracedItem(NamedTuple):
    """An item of one carrier: its bucket, and the blind index of its waybill."""

    bucket: int
    waybill: bytes


def item_of(waybill: bytes) -> TracedItem:
    """Return the item of a waybill's blind index: a keyed hash, so that its first byte spreads items over the buckets."""
    return TracedItem(waybill[0] % BUCKETS, waybill)


def bucket_in_sql(waybill: str) -> str:
    """Return the same bucket as an expression of SQL, for a join with cases."""
    return f"get_byte({waybill}, 0) % {BUCKETS}"


def _columns(items: Iterable[TracedItem]) -> tuple[list[int], list[bytes]]:
    ordered = sorted(items)
    return [item.bucket for item in ordered], [item.waybill for item in ordered]


# in the order of their keys, so that two batches never wait for each other
_LOCK = """
    INSERT INTO trace (bucket, carrier_code, waybill_index, state, occurred_at, events, unknown, regions)
    SELECT u.bucket, $3, u.waybill_index, 'NONE', 'epoch', 0, 0, '{}'
    FROM unnest($1::smallint[], $2::bytea[]) AS u(bucket, waybill_index)
    ORDER BY u.bucket, u.waybill_index
    ON CONFLICT (bucket, carrier_code, waybill_index) DO UPDATE SET events = trace.events
    RETURNING waybill_index, events
"""


async def lock(
    connection: AsyncConnection, carrier: str, items: Iterable[TracedItem]
) -> dict[TracedItem, int]:
    """Lock the traces of items until the transaction ends, beginning those that are new; returns how many scans each has."""
    rows = await connection.exec_driver_sql(_LOCK, (*_columns(items), carrier))
    return {item_of(bytes(row.waybill_index)): row.events for row in rows}


class TraceEvent(NamedTuple):
    """A scan of an item by its own number, as it is stored."""

    event_id: str
    state: str
    occurred_at: datetime
    seq: int
    system: str
    code: str
    region: str | None
    outlet: str | None

    @property
    def content(self) -> tuple[object, ...]:
        """What the scan says; the same number with other content is another scan."""
        return self.occurred_at, self.seq, self.system, self.code, self.region, self.outlet


_KEY = ("bucket", "carrier_code", "waybill_index")
_INSERT = bulk.into(
    trace_event,
    (*_KEY, *TraceEvent._fields),
    "ON CONFLICT DO NOTHING RETURNING waybill_index, event_id",
)


async def add(
    connection: AsyncConnection, carrier: str, scans: Sequence[tuple[TracedItem, TraceEvent]]
) -> set[tuple[TracedItem, str]]:
    """Add scans to locked items; returns those that were not there before, by item and number."""
    rows = [
        {"bucket": item.bucket, "carrier_code": carrier, "waybill_index": item.waybill, **scan._asdict()}
        for item, scan in scans
    ]
    return {(item_of(bytes(row.waybill_index)), row.event_id) for row in await _INSERT.run(connection, rows)}


def event_columns(alias: str) -> str:
    """Return what an SQL statement selects of `trace_event`, so that its rows are trace events."""
    return ", ".join(f"{alias}.{name}" for name in TraceEvent._fields)


# OFFSET 0 keeps the planner from joining whole tables: it asks the key for each item
_SCANS = f"""
    SELECT e.waybill_index, {event_columns("e")}
    FROM unnest($1::smallint[], $2::bytea[], $3::text[]) AS u(bucket, waybill_index, event_id)
    CROSS JOIN LATERAL (
        SELECT * FROM trace_event WHERE bucket = u.bucket AND carrier_code = $4 AND waybill_index = u.waybill_index
            AND event_id = coalesce(u.event_id, event_id) OFFSET 0
    ) e
"""  # noqa: S608 - names of our own columns

Scans = dict[TracedItem, dict[str, TraceEvent]]
"""Stored scans by their numbers, by item."""


async def scans_of(
    connection: AsyncConnection,
    carrier: str,
    whole: Iterable[TracedItem],
    single: Iterable[tuple[TracedItem, str]],
) -> Scans:
    """Return all scans of some items, and of others single ones by their numbers."""
    chosen = [*((item, None) for item in whole), *single]
    scans: Scans = {item: {} for item, _ in chosen}
    keys = (
        [item.bucket for item, _ in chosen],
        [item.waybill for item, _ in chosen],
        [event_id for _, event_id in chosen],
    )
    for row in await connection.exec_driver_sql(_SCANS, (*keys, carrier)):
        event = TraceEvent._make(row[1:])
        scans[item_of(bytes(row.waybill_index))][event.event_id] = event
    return scans


def scan_of(row: TraceEvent, reference: ReferenceData) -> Scan:
    """Return a stored scan as the rules take it: its region by the code that is in force now."""
    region = reference.resolve_region(row.region) if row.region is not None else None
    code = region.code if region is not None else None
    return Scan(row.occurred_at, row.seq, row.event_id, TraceState(row.state), code)


_MADE = ("state", "occurred_at", "events", "unknown", "regions")
_UPDATE = bulk.update(trace, _KEY, _MADE, "true")


async def rebuild(connection: AsyncConnection, carrier: str, scans: Scans, reference: ReferenceData) -> None:
    """Rebuild the traces of locked items from all their scans."""
    rows = []
    for place, (item, stored) in enumerate(scans.items()):
        if place % ITEMS_AT_A_STRETCH == ITEMS_AT_A_STRETCH - 1:
            await asyncio.sleep(0)
        ordered = tracking.in_order(scan_of(row, reference) for row in stored.values())
        regions = serialisation.to_text(inference.regions(ordered, reference.failing_link))
        made = dict(zip(_MADE, (*tracking.summary(ordered), regions), strict=True))
        key = {"bucket": item.bucket, "carrier_code": carrier, "waybill_index": item.waybill}
        rows.append(key | made)
    await _UPDATE.run(connection, rows)
