"""The only way in: any number of prepared filings, one transaction, an answer for each.

A complaint is accepted when complaint, sealed party, first event, task and request keys are committed together.
The same request again gets the stored answer; so a lost connection is answered by doing the same once more.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import events, opening
from services.intake.preparation import Prepared
from services.requests.answers import Accepted, Answer, InFlightError, KeyReusedError
from services.tasks import queue
from shared import bulk, clock, database, ids, serialisation
from shared.database import Database
from shared.errors import InternalError, ShensuError, UnavailableError
from shared.event_kinds import EventKind
from shared.models import cases as tables
from shared.models import requests
from shared.vocabulary import CaseScope

LOCK_NOT_AVAILABLE = "55P03"
_BE_QUICK = text("SET LOCAL lock_timeout = '100ms'")
log = structlog.get_logger()

Identity = tuple[uuid.UUID, str]


async def accept_many(db: Database, prepared: Sequence[Prepared]) -> list[Answer]:
    """Store filings durably; the answers stand in the order of the filings. One filing never harms another.

    An answer is Accepted (new, or `replayed` with the receipt of the first time), or the error that concerns that
    filing alone: KeyReusedError, InFlightError, or UnavailableError when the database is away.
    """
    leaders, followers = _group(prepared)
    answered = dict(zip(leaders, await _accept(db, [prepared[place] for place in leaders]), strict=True))
    for place, leader in followers.items():
        first = answered[leader]
        if isinstance(first, ShensuError) and not isinstance(first, UnavailableError):
            # what was refused of the other need not be refused of this one
            answered[place] = (await _accept(db, [prepared[place]]))[0]
        else:
            answered[place] = _follow(prepared[place], prepared[leader], first)
    return [answered[place] for place in range(len(prepared))]


def _group(prepared: Sequence[Prepared]) -> tuple[list[int], dict[int, int]]:
    """Part filings into the first of each request identity, and those that repeat one of them."""
    first: dict[Identity, int] = {}
    leaders: list[int] = []
    followers: dict[int, int] = {}
    for place, filing in enumerate(prepared):
        seen = [first[filing.client_id, key] for key in filing.keys if (filing.client_id, key) in first]
        if seen:
            followers[place] = seen[0]
            continue
        leaders.append(place)
        first.update(dict.fromkeys(((filing.client_id, key) for key in filing.keys), place))
    return leaders, followers


def _follow(filing: Prepared, leader: Prepared, answer: Answer) -> Answer:
    if isinstance(answer, ShensuError):
        return answer
    if filing.fingerprint != leader.fingerprint:
        return _key_reused()
    return Accepted(answer.complaint_id, answer.receipt, replayed=True)


async def _accept(
    db: Database, prepared: Sequence[Prepared], *, retried: bool = False, patient: bool = True
) -> list[Answer]:
    if not prepared:
        return []
    try:
        async with db.transaction() as connection:
            if not patient:
                await connection.execute(_BE_QUICK)
            return await _write(connection, prepared)
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        if not database.is_transient(error):
            return await _accept_apart(db, prepared, error)
        if not retried:
            # the keys make it safe: what was committed before the connection went is answered as a replay
            return await _accept(db, prepared, retried=True, patient=patient)
        log.warning("database_unavailable", count=len(prepared), exc_info=error)
        return [_unavailable() for _ in prepared]


async def _accept_apart(db: Database, prepared: Sequence[Prepared], error: BaseException) -> list[Answer]:
    """Isolate by bisection the filing that the database refuses; every other filing is stored.

    Where another transaction has locked a key of one of them, the halves wait for it less long than the whole did.
    """
    is_locked = database.sqlstate(error) == LOCK_NOT_AVAILABLE
    if len(prepared) > 1:
        middle = len(prepared) // 2
        halves = (prepared[:middle], prepared[middle:])
        return [answer for half in halves for answer in await _accept(db, half, patient=not is_locked)]
    if is_locked:
        return [_in_flight()]
    log.error("filing_refused_by_database", exc_info=error)
    return [InternalError("The complaint could not be stored; it is logged under the request id.")]


async def _write(connection: AsyncConnection, prepared: Sequence[Prepared]) -> list[Answer]:
    numbered = await _number(connection, prepared)
    taken = await _take_keys(connection, numbered)
    fresh = [filing for filing in numbered if all(key in taken for key in filing.identities)]
    await _store(connection, fresh)
    if len(fresh) == len(numbered):
        return [Accepted(filing.prepared.complaint_id, filing.receipt, replayed=False) for filing in numbered]
    new = set(fresh)
    stored = await _earlier(connection, [filing for filing in numbered if filing not in new], taken)
    return [_answer(filing, taken, stored) for filing in numbered]


@dataclass(frozen=True, slots=True, eq=False)
class Numbered:
    """A prepared filing with its public number and the receipt that its sender gets, now and at every repetition."""

    prepared: Prepared
    number: str
    receipt: bytes
    identities: tuple[Identity, ...]


async def _number(connection: AsyncConnection, prepared: Sequence[Prepared]) -> list[Numbered]:
    sql = "SELECT nextval(('complaint_serial_' || bucket)::regclass) FROM unnest($1::int[]) AS bucket"
    result = await connection.exec_driver_sql(sql, ([filing.bucket for filing in prepared],))
    today = clock.civil_day(clock.now())
    return [
        _numbered(filing, today, serial) for filing, serial in zip(prepared, result.scalars(), strict=True)
    ]


def _numbered(filing: Prepared, today: date, serial: int) -> Numbered:
    number = ids.complaint_number(today, filing.bucket, serial)
    identities = tuple((filing.client_id, key) for key in filing.keys)
    return Numbered(filing, number, serialisation.to_bytes(_receipt(filing, number)), identities)


_DUE_TIMES = ("accept_due_at", "total_due_at", "due_provisional")


def _receipt(filing: Prepared, number: str) -> dict[str, Any]:
    complaint = filing.complaint
    receipt = {
        "number": number,
        "external_ref": complaint["external_ref"],
        "status": complaint["status"],
        "received_at": complaint["received_at"].astimezone(clock.SHANGHAI),
        "notices": filing.notices,
        "links": {
            "self": f"/v1/complaints/{number}",
            "explanation": f"/v1/complaints/{number}/explanation",
        },
    }
    if filing.opened.kind == EventKind.RECEIVED:
        receipt |= {name: filing.opened.data["deadlines"][name] for name in _DUE_TIMES}
    receipt |= filing.answer
    return receipt


_KEY_COLUMNS = ("bucket", "client_id", "key", "fingerprint", "complaint_bucket", "complaint_id", "receipt")
_TAKE = bulk.into(requests.request_key, _KEY_COLUMNS, "ON CONFLICT DO NOTHING RETURNING client_id, key")


async def _take_keys(connection: AsyncConnection, numbered: Sequence[Numbered]) -> set[Identity]:
    """Reserve the request keys; returns those that were free. Waits for a transaction that holds one of them."""
    rows = [
        {
            "bucket": ids.bucket_of(client_id, key),
            "client_id": client_id,
            "key": key,
            "fingerprint": filing.prepared.fingerprint,
            "complaint_bucket": filing.prepared.bucket,
            "complaint_id": filing.prepared.complaint_id,
            "receipt": filing.receipt,
        }
        for filing in numbered
        for client_id, key in filing.identities
    ]
    # one order for all writers, so that two of them never wait for each other
    rows.sort(key=lambda row: (row["bucket"], row["client_id"], row["key"]))
    return {(row.client_id, row.key) for row in await _TAKE.run(connection, rows)}


_PARTY = bulk.into(
    tables.complaint_party,
    ("bucket", "complaint_id", "sealed", "phone_index", "identity_index", "waybill_index"),
)


async def _store(connection: AsyncConnection, fresh: Sequence[Numbered]) -> None:
    for historical in (False, True):
        chosen = [
            filing
            for filing in fresh
            if (filing.prepared.complaint["scope"] == CaseScope.IMPORT) is historical
        ]
        if not chosen:
            continue
        prepared = [filing.prepared for filing in chosen]
        await opening.open_many(
            connection,
            [filing.prepared.complaint | {"number": filing.number} for filing in chosen],
            [filing.opened for filing in prepared],
            with_outcome=historical,
            clocks=[deadline for filing in prepared for deadline in filing.clocks],
            also=[
                (_PARTY, [filing.party for filing in prepared]),
                queue.additions([] if historical else [_task(filing) for filing in prepared]),
                events.marks(day for filing in prepared for day in filing.days),
                *_additions(prepared),
            ],
        )


def _additions(prepared: Sequence[Prepared]) -> list[bulk.Part]:
    """Return what some filings bring with them, all of one table in one insert."""
    by_insert: dict[bulk.BulkInsert, list[dict[str, Any]]] = {}
    for filing in prepared:
        for insert, row in filing.also:
            by_insert.setdefault(insert, []).append(row)
    return list(by_insert.items())


def _task(filing: Prepared) -> dict[str, Any]:
    return queue.row(filing.bucket, queue.ROUTE, filing.complaint_id)


_EARLIER = """
    SELECT k.client_id, k.key, k.fingerprint, k.complaint_id, k.receipt
    FROM unnest($1::smallint[], $2::uuid[], $3::text[]) AS u(bucket, client_id, key)
    JOIN request_key k ON k.bucket = u.bucket AND k.client_id = u.client_id AND k.key = u.key
"""
_GIVE_BACK = """
    DELETE FROM request_key k USING unnest($1::smallint[], $2::uuid[], $3::text[]) AS u(bucket, client_id, key)
    WHERE k.bucket = u.bucket AND k.client_id = u.client_id AND k.key = u.key
"""


async def _earlier(
    connection: AsyncConnection, numbered: Sequence[Numbered], taken: set[Identity]
) -> Mapping[Identity, Any]:
    """Read what was stored under the keys that were not free; a key that was free beside one of them is given back."""
    identities = [identity for filing in numbered for identity in filing.identities]
    if half := [identity for identity in identities if identity in taken]:
        await connection.exec_driver_sql(_GIVE_BACK, _key_arrays(half))
    others = [identity for identity in identities if identity not in taken]
    rows = await connection.exec_driver_sql(_EARLIER, _key_arrays(others))
    return {(row.client_id, row.key): row for row in rows}


def _key_arrays(identities: Sequence[Identity]) -> tuple[list[int], list[uuid.UUID], list[str]]:
    buckets = [ids.bucket_of(client_id, key) for client_id, key in identities]
    return buckets, [client_id for client_id, _ in identities], [key for _, key in identities]


def _answer(filing: Numbered, taken: set[Identity], stored: Mapping[Identity, Any]) -> Answer:
    if all(identity in taken for identity in filing.identities):
        return Accepted(filing.prepared.complaint_id, filing.receipt, replayed=False)
    earlier = [stored[identity] for identity in filing.identities if identity in stored]
    if not earlier:
        return _in_flight()
    if any(row.fingerprint != filing.prepared.fingerprint for row in earlier):
        return _key_reused()
    return Accepted(earlier[0].complaint_id, bytes(earlier[0].receipt), replayed=True)


def _in_flight() -> InFlightError:
    return InFlightError("The same request is being worked on; send it again in a second.", retry_after=1)


def _key_reused() -> KeyReusedError:
    return KeyReusedError(
        "This Idempotency-Key or external_ref came before with another body. Send the body as it was, or take a new key."
    )


def _unavailable() -> UnavailableError:
    return UnavailableError("The database does not answer now; send the same request again.", retry_after=1)
