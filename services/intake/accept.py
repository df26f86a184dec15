"""The only way in: any number of prepared filings, one transaction, an answer for each.

A complaint is accepted when complaint, sealed party, first event, task and request keys are committed together.
The same request again gets the stored answer; so after a lost connection the client sends the same request again.
"""

from collections.abc import Sequence

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake import receipts, request_keys, storing
from services.intake.fast_path import FastPath
from services.intake.preparation import Prepared
from services.intake.receipts import Numbered
from services.intake.request_keys import Identity
from services.requests.answers import Accepted, Answer
from shared import database
from shared.database import Database
from shared.errors import InternalError, ShensuError, UnavailableError

LOCK_NOT_AVAILABLE = "55P03"
_SERIALS = "SELECT nextval(('complaint_serial_' || bucket)::regclass) FROM unnest($1::int[]) AS bucket"
_BE_QUICK = text("SET LOCAL lock_timeout = '100ms'")
log = structlog.get_logger()


async def accept_many(
    db: Database, prepared: Sequence[Prepared], fast_path: FastPath | None = None
) -> list[Answer]:
    """Store filings durably; the answers stand in the order of the filings. One filing never harms another.

    With the fast path, live cases are decided at once where that is possible; without, and all others, by the worker.

    An answer is Accepted (new, or `replayed` with the receipt of the first time), or the error that concerns that
    filing alone: KeyReusedError, InFlightError, or UnavailableError when the database is away.
    """
    leaders, followers = _group(prepared)
    answered = dict(
        zip(leaders, await _by_fast_path(db, [prepared[place] for place in leaders], fast_path), strict=True)
    )
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
        return request_keys.key_reused()
    return Accepted(answer.complaint_id, answer.receipt, replayed=True)


async def _by_fast_path(
    db: Database, prepared: Sequence[Prepared], fast_path: FastPath | None
) -> list[Answer]:
    if fast_path is None:
        return await _accept(db, prepared)
    fast, waited = await fast_path.take(prepared)
    left = [filing for filing in prepared if filing.complaint_id not in fast]
    answers = await _accept(db, left, patient=not waited)
    careful = {filing.complaint_id: answer for filing, answer in zip(left, answers, strict=True)}
    return [fast.get(filing.complaint_id) or careful[filing.complaint_id] for filing in prepared]


async def _accept(
    db: Database,
    prepared: Sequence[Prepared],
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
        return [request_keys.in_flight()]
    log.error("filing_refused_by_database", exc_info=error)
    return [InternalError("The complaint could not be stored; it is logged under the request id.")]


async def _write(connection: AsyncConnection, prepared: Sequence[Prepared]) -> list[Answer]:
    serials = await connection.exec_driver_sql(_SERIALS, ([filing.bucket for filing in prepared],))
    numbered = receipts.number(prepared, list(serials.scalars()))
    taken = await request_keys.take(connection, numbered)
    fresh = [filing for filing in numbered if all(key in taken for key in filing.identities)]
    await storing.store(connection, fresh)
    if len(fresh) == len(numbered):
        return [_accepted(filing) for filing in numbered]
    new = set(fresh)
    stored = await request_keys.earlier(
        connection, [filing for filing in numbered if filing not in new], taken
    )
    return [
        _accepted(filing) if filing in new else request_keys.answer(filing, stored) for filing in numbered
    ]


def _accepted(filing: Numbered) -> Accepted:
    prepared = filing.prepared
    return Accepted(prepared.complaint_id, filing.receipt, replayed=False, work=storing.work_left(prepared))


def _unavailable() -> UnavailableError:
    return UnavailableError("The database does not answer now; send the same request again.", retry_after=1)
