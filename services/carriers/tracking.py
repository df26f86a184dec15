"""Scans of items as carriers push them: each kept once, however often and in whatever order they come.

A batch is a fixed number of statements. Only items are kept that the carrier has a case about here; nothing is learnt of
anybody else's parcels.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NotRequired

from prometheus_client import Counter
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import TypedDict

from services.carriers import traces
from services.carriers.forms import PushedScan
from services.carriers.traces import TracedItem, TraceEvent
from services.cases import lookup
from services.cases.changes import KeyedContext
from services.reference.data import ReferenceData
from services.requests import parsing
from services.rules import tracking
from services.rules.tracking import TraceState
from shared import clock, identifiers, ids, problems
from shared.database import Database
from shared.errors import FieldError, InvalidInputError, NotFoundError, ShensuError
from shared.privacy.keyring import KeyRing

ROWS_AT_A_STRETCH = 50
MOST_SCANS = 1_000
"""An item that has so many takes no more: no parcel has them, and each push rebuilds the trace from all of them."""
AHEAD = timedelta(minutes=10)
"""So far a carrier's clock may be ahead of ours."""
STORED, STORED_BEFORE = 201, 200
PUSHES = Counter("shensu_tracking_pushes", "Scans pushed by carriers", ["result"])
UNKNOWN = Counter(
    "shensu_tracking_unknown_codes", "Scans of a code that is not in the table", ["carrier", "system"]
)


class NoCaseError(NotFoundError):
    """The carrier has no case about this item; nothing of the scan is kept."""

    code = "no-case"
    title = "No case about this item"


class ScanChangedError(InvalidInputError):
    """The scan's own number was used before for a scan that said something else."""

    code = "event-id-reused"
    title = "The number of the scan was used for another one"


class TooManyScansError(InvalidInputError):
    """The item has as many scans as are kept of one."""

    code = "too-many-scans"
    title = "The item has too many scans"


@dataclass(frozen=True, slots=True)
class ScanReceipt:
    """A scan that is kept: what its code means here, whether it came before (`replayed`), and doubts that do it no harm."""

    state: TraceState
    replayed: bool
    notices: tuple[str, ...]


ScanAnswer = ScanReceipt | ShensuError


class ScanResult(TypedDict):
    """What became of one scan. `status`: 201 stored, 200 stored before, else that of the problem."""

    row: int
    status: int
    state: NotRequired[TraceState]
    notices: NotRequired[Sequence[str]]
    problem: NotRequired[dict[str, object]]


class ScanResults(TypedDict):
    """How many scans were stored, stored before and refused, of how many the code or the case is unknown; each result."""

    stored: int
    stored_before: int
    unknown: int
    no_case: int
    refused: int
    results: list[ScanResult]


@dataclass(frozen=True, slots=True)
class _ScanPush:
    """A push that was pushes: its item, or the number of a case that names it; the scan; doubts about it."""

    item: TracedItem | None
    number: str | None
    scan: TraceEvent
    notices: tuple[str, ...]


async def receive_scans(
    db: Database, carrier: str, rows: Sequence[bytes], context: KeyedContext
) -> list[ScanAnswer]:
    """Take pushes of a carrier, each for itself; returns one answer a row, in order."""
    answers: dict[int, ScanAnswer] = {}
    pushes: dict[int, _ScanPush] = {}
    for place, raw in enumerate(rows):
        if place % ROWS_AT_A_STRETCH == ROWS_AT_A_STRETCH - 1:
            await asyncio.sleep(0)
        try:
            pushes[place] = _prepared(parsing.read_one(raw, PushedScan), context.reference, context.ring)
        except ShensuError as error:
            answers[place] = error
    if pushes:
        async with db.transaction() as connection:
            answers |= await _keep(connection, carrier, pushes, context.reference)
    _count(carrier, pushes, answers)
    return [answers[place] for place in range(len(rows))]


def _prepared(push: PushedScan, reference: ReferenceData, ring: KeyRing) -> _ScanPush:
    waybill = identifiers.bare_waybill_of(push.waybill) if push.waybill is not None else None
    faults = []
    if (push.waybill is None) == (push.number is None):
        faults.append(
            FieldError("/waybill", "one-of-two", "give the waybill, or the number of a case, not both")
        )
    if push.waybill is not None and waybill is None:
        faults.append(
            FieldError("/waybill", "invalid-waybill", "a waybill has 5 to 40 letters, digits, hyphens")
        )
    if push.occurred_at > clock.now() + AHEAD:
        faults.append(FieldError("/occurred_at", "in-the-future", "send a scan after it happened"))
    if faults:
        raise InvalidInputError("The scan does not have the required form; see errors.", faults)
    state = tracking.state_of(push.system, push.code)
    unknown_region = push.region_code is not None and reference.resolve_region(push.region_code) is None
    scan = TraceEvent(
        event_id=push.event_id,
        state=state,
        occurred_at=push.occurred_at,
        seq=push.seq,
        system=push.system,
        code=push.code,
        region=push.region_code,
        outlet=push.outlet,
    )
    doubts = {"unknown-code": state is TraceState.UNKNOWN, "unknown-region": unknown_region}
    item = traces.item_of(ring.index.of("waybill", waybill)) if waybill is not None else None
    return _ScanPush(item, push.number, scan, tuple(name for name, applies in doubts.items() if applies))


async def _keep(
    connection: AsyncConnection, carrier: str, pushes: Mapping[int, _ScanPush], reference: ReferenceData
) -> dict[int, ScanAnswer]:
    """Write the scans of items that the carrier has a case about, and rebuild their traces."""
    items = await _items(connection, carrier, pushes)
    if not items:
        return dict.fromkeys(pushes, _no_case())
    traces_before = await traces.lock(connection, carrier, set(items.values()))
    firsts: dict[tuple[TracedItem, str], int] = {}
    for place, item in sorted(items.items()):
        if traces_before[item] < MOST_SCANS:
            firsts.setdefault((item, pushes[place].scan.event_id), place)
    new = await traces.add(
        connection, carrier, [(item, pushes[place].scan) for (item, _), place in firsts.items()]
    )
    grown = {item for item, _ in new}
    identities = {(item, pushes[place].scan.event_id) for place, item in items.items() if item not in grown}
    stored = await traces.scans_of(connection, carrier, grown, identities)
    await traces.rebuild(connection, carrier, {item: stored[item] for item in grown}, reference)
    fresh = {firsts[key] for key in new}
    return {
        place: _answer(scan, stored[items[place]], replayed=place not in fresh)
        if place in items
        else _no_case()
        for place, scan in pushes.items()
    }


def _no_case() -> NoCaseError:
    return NoCaseError("No case of yours is about this item, or the case names no waybill; nothing was kept.")


_OF_NUMBERS = f"""
    SELECT c.number, p.waybill_index
    FROM unnest($1::smallint[], $2::text[]) AS u(bucket, number)
    JOIN complaint c ON c.bucket = u.bucket AND c.number = u.number
        AND {lookup.OF_CARRIER.format(carrier="$3")}
    JOIN complaint_party p ON p.bucket = c.bucket AND p.complaint_id = c.id AND p.waybill_index IS NOT NULL
"""  # noqa: S608 - our own condition
# as with everything that a carrier sees: its own cases, from their forwarding on
_WITH_CASE = f"""
    SELECT u.waybill_index FROM unnest($1::bytea[]) AS u(waybill_index)
    WHERE EXISTS (
        SELECT FROM complaint_party p JOIN complaint c ON c.bucket = p.bucket AND c.id = p.complaint_id
        WHERE p.waybill_index = u.waybill_index AND {lookup.OF_CARRIER.format(carrier="$2")}
    )
"""  # noqa: S608 - as above


async def _items(
    connection: AsyncConnection, carrier: str, pushes: Mapping[int, _ScanPush]
) -> dict[int, TracedItem]:
    """Return the item of each push that is about one which the carrier has a case about."""
    named_numbers = {scan.number for scan in pushes.values() if scan.number is not None}
    numbers = sorted(number for number in named_numbers if ids.is_complaint_number(number))
    waybills = sorted({scan.item.waybill for scan in pushes.values() if scan.item is not None})
    named: dict[str | None, TracedItem] = {}
    items: set[TracedItem] = set()
    if numbers:
        keys = ([ids.bucket_of_number(number) for number in numbers], numbers, carrier)
        rows = await connection.exec_driver_sql(_OF_NUMBERS, keys)
        named = {row.number: traces.item_of(bytes(row.waybill_index)) for row in rows}
    if waybills:
        rows = await connection.exec_driver_sql(_WITH_CASE, (waybills, carrier))
        items = {traces.item_of(bytes(row.waybill_index)) for row in rows}
    meant = {
        place: scan.item if scan.item in items else named.get(scan.number) for place, scan in pushes.items()
    }
    return {place: item for place, item in meant.items() if item is not None}


def _answer(scan: _ScanPush, stored: Mapping[str, TraceEvent], *, replayed: bool) -> ScanAnswer:
    kept = stored.get(scan.scan.event_id)
    if kept is None:
        return TooManyScansError(f"{MOST_SCANS} scans are kept of one item; send those that matter.")
    if kept.content != scan.scan.content:
        return ScanChangedError(
            "This event_id was used for a scan that said something else; give the new scan a number of its own."
        )
    return ScanReceipt(TraceState(kept.state), replayed, scan.notices)


def _count(carrier: str, pushes: Mapping[int, _ScanPush], answers: Mapping[int, ScanAnswer]) -> None:
    for place, answer in answers.items():
        if not isinstance(answer, ScanReceipt):
            PUSHES.labels(answer.code).inc()
            continue
        PUSHES.labels("before" if answer.replayed else "stored").inc()
        if answer.state is TraceState.UNKNOWN and not answer.replayed:
            UNKNOWN.labels(carrier, pushes[place].scan.system).inc()


def scan_result(place: int, answer: ScanAnswer) -> ScanResult:
    """Return the answer to one push: status and state, or status and problem."""
    if isinstance(answer, ShensuError):
        return {"row": place, "status": answer.status, "problem": problems.body(answer, None)}
    item: ScanResult = {"row": place, "status": scan_status(answer), "state": answer.state}
    if answer.notices:
        item["notices"] = answer.notices
    return item


def scan_results(answers: Sequence[ScanAnswer]) -> ScanResults:
    """Return the answer to a batch, its results in the order of the rows."""
    stored = [answer for answer in answers if isinstance(answer, ScanReceipt)]
    return {
        "stored": sum(not answer.replayed for answer in stored),
        "stored_before": sum(answer.replayed for answer in stored),
        "unknown": sum(answer.state is TraceState.UNKNOWN for answer in stored),
        "no_case": sum(isinstance(answer, NoCaseError) for answer in answers),
        "refused": len(answers) - len(stored),
        "results": [scan_result(place, answer) for place, answer in enumerate(answers)],
    }


def scan_status(answer: ScanReceipt) -> int:
    """Return the status of a scan that is kept."""
    return STORED_BEFORE if answer.replayed else STORED
