"""The only way in: any number of prepared filings, one transaction, an answer for each.

A complaint is accepted when complaint, sealed party, first event, task and request keys are committed together.
The same request again gets the stored answer; so a lost connection is answered by doing the same once more.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake import at_once, receipts, request_keys, storing
from services.intake.at_once import Decided
from services.intake.preparation import Prepared
from services.intake.receipts import Numbered
from services.intake.request_keys import Identity
from services.reference.data import ReferenceData
from services.requests.answers import Accepted, Answer
from shared import database
from shared.database import Database
from shared.errors import InternalError, ShensuError, UnavailableError

LOCK_NOT_AVAILABLE = "55P03"
_BE_QUICK = text("SET LOCAL lock_timeout = '100ms'")
log = structlog.get_logger()


async def accept_many(
    db: Database, prepared: Sequence[Prepared], reference: ReferenceData | None = None
) -> list[Answer]:
    """Store filings durably; the answers stand in the order of the filings. One filing never harms another.

    With reference data, live cases are decided at once where that is possible (`services.intake.at_once`); without, and
    all others, by the worker.

    An answer is Accepted (new, or `replayed` with the receipt of the first time), or the error that concerns that
    filing alone: KeyReusedError, InFlightError, or UnavailableError when the database is away.
    """
    leaders, followers = _group(prepared)
    answered = dict(
        zip(leaders, await _accept(db, [prepared[place] for place in leaders], reference), strict=True)
    )
    for place, leader in followers.items():
        first = answered[leader]
        if isinstance(first, ShensuError) and not isinstance(first, UnavailableError):
            # what was refused of the other need not be refused of this one
            answered[place] = (await _accept(db, [prepared[place]], reference))[0]
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
        return request_keys.key_reused()
    return Accepted(answer.complaint_id, answer.receipt, replayed=True)


async def _accept(
    db: Database,
    prepared: Sequence[Prepared],
    reference: ReferenceData | None,
    *,
    retried: bool = False,
    patient: bool = True,
) -> list[Answer]:
    if not prepared:
        return []
    try:
        async with db.transaction() as connection:
            if not patient:
                await connection.execute(_BE_QUICK)
            answers, decided = await _write(connection, prepared, reference)
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        if not database.is_transient(error):
            return await _accept_apart(db, prepared, reference, error)
        if not retried:
            # the keys make it safe: what was committed before the connection went is answered as a replay
            return await _accept(db, prepared, reference, retried=True, patient=patient)
        log.warning("database_unavailable", count=len(prepared), exc_info=error)
        return [_unavailable() for _ in prepared]
    decided.report()
    return answers


async def _accept_apart(
    db: Database, prepared: Sequence[Prepared], reference: ReferenceData | None, error: BaseException
) -> list[Answer]:
    """Isolate by bisection the filing that the database refuses; every other filing is stored.

    Where another transaction has locked a key of one of them, the halves wait for it less long than the whole did.
    """
    is_locked = database.sqlstate(error) == LOCK_NOT_AVAILABLE
    if len(prepared) > 1:
        middle = len(prepared) // 2
        halves = (prepared[:middle], prepared[middle:])
        return [
            answer for half in halves for answer in await _accept(db, half, reference, patient=not is_locked)
        ]
    if is_locked:
        return [request_keys.in_flight()]
    log.error("filing_refused_by_database", exc_info=error)
    return [InternalError("The complaint could not be stored; it is logged under the request id.")]


async def _write(
    connection: AsyncConnection, prepared: Sequence[Prepared], reference: ReferenceData | None
) -> tuple[list[Answer], Decided]:
    begun = await _begin(connection, prepared, reference)
    numbered = receipts.number(prepared, begun.serials)
    taken = await request_keys.take(connection, numbered)
    fresh = [filing for filing in numbered if all(key in taken for key in filing.identities)]
    decided = Decided()
    if reference is not None:
        alone = [filing for filing in fresh if filing.prepared.complaint_id in begun.alone]
        decided = at_once.take(alone, reference, begun.moment)
    await storing.store(connection, fresh, decided)
    if len(fresh) == len(numbered):
        return [_accepted(filing, decided) for filing in numbered], decided
    new = set(fresh)
    stored = await request_keys.earlier(
        connection, [filing for filing in numbered if filing not in new], taken
    )
    answers = [
        _accepted(filing, decided) if filing in new else request_keys.answer(filing, stored)
        for filing in numbered
    ]
    return answers, decided


def _accepted(filing: Numbered, decided: Decided) -> Accepted:
    complaint_id = filing.prepared.complaint_id
    return Accepted(
        complaint_id, filing.receipt, replayed=False, work=storing.work_left(filing.prepared, decided)
    )


class _Begun(NamedTuple):
    """What the database gives to filings first: a serial for each, the moment, and the cases on which no other bears."""

    serials: list[int]
    moment: datetime
    alone: set[uuid.UUID]


_BEGIN = f"""
    SELECT nextval(('complaint_serial_' || u.bucket)::regclass) AS serial, clock_timestamp() AS moment,
        pg_try_advisory_xact_lock({at_once.LOCKS_OF_WAYBILLS}, u.waybill) AS locked
    FROM unnest($1::int[], $2::int[]) AS u(bucket, waybill)
"""  # noqa: S608 - a number of ours


async def _begin(
    connection: AsyncConnection, prepared: Sequence[Prepared], reference: ReferenceData | None
) -> _Begun:
    buckets = [filing.bucket for filing in prepared]
    locks = [at_once.lock_of(filing) if reference is not None else None for filing in prepared]
    rows = (await connection.exec_driver_sql(_BEGIN, (buckets, locks))).all()
    alone: set[uuid.UUID] = set()
    if reference is not None:
        alone = await at_once.alone(connection, prepared, [row.locked for row in rows])
    return _Begun([row.serial for row in rows], rows[0].moment, alone)


def _unavailable() -> UnavailableError:
    return UnavailableError("The database does not answer now; send the same request again.", retry_after=1)
