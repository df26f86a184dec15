"""The fast path of a complaint: one statement numbers, decides and stores it, and puts it into its enterprise's feed.

It is for filings that are new and alone: their request keys are unused, and no other case has their waybill. If one is not,
the statement writes nothing; that filing is left to the regular path (`services.intake.accept`) and the worker, and the
others are tried again. If the statement fails, all filings are left to the regular path.

Two filings of one waybill always find each other. Both paths insert the waybill into a guard: the second filing waits
until the first commits. Then it either finds the first case, or the key of the guard refuses it and the worker decides it;
the worker takes the case that was decided at once for the earlier one (`services.routing.gathering`).
"""

import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

import asyncpg
import structlog
from sqlalchemy.exc import SQLAlchemyError

from services.cases import outbox
from services.delivery.dispatch import DELIVER
from services.intake import at_once, receipts, request_keys, storing, waybills
from services.intake.at_once import Decided
from services.intake.preparation import Prepared
from services.intake.receipts import Numbered
from services.intake.serials import Serials
from services.reference.data import ReferenceData
from services.requests.answers import Accepted
from shared import bulk
from shared.bulk import BulkInsert
from shared.database import Database

LEFT_TO_THE_CAREFUL_ROAD = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    SQLAlchemyError,
    OSError,
    TimeoutError,
)
"""Any failure of the statement: keys make it safe to file again, even if it was committed without an answer."""
TRIES = 2
MOST_TOGETHER = 100
"""To decide so many takes some 15 ms; then other requests get their turn."""
log = structlog.get_logger()

_CONDITION = "(SELECT free.yes FROM free)"
# scalar subqueries: each key is looked up by its index, however few rows the planner believes to be there
_LOOKED_UP = """
    taken AS (
        SELECT u.key FROM unnest($1::smallint[], $2::uuid[], $3::text[]) AS u(bucket, client_id, key)
        WHERE (SELECT 1 FROM request_key k WHERE k.bucket = u.bucket AND k.client_id = u.client_id AND k.key = u.key) = 1
    ),
    seen AS (
        SELECT u.waybill_index FROM unnest($4::bytea[]) AS u(waybill_index)
        WHERE (SELECT 1 FROM complaint_party p WHERE p.waybill_index = u.waybill_index LIMIT 1) = 1
    ),
    free AS (SELECT NOT EXISTS (SELECT FROM taken) AND NOT EXISTS (SELECT FROM seen) AS yes)
"""
_PARAMETERS = 4


class Taken(NamedTuple):
    """What was stored, by id of the case. `waited`: the rest waited in vain for a lock, and is not to wait as long again."""

    answers: dict[uuid.UUID, Accepted]
    waited: bool


class FastPath:
    """The fast path of one process. Its filings are decided on the reference data in force."""

    def __init__(self, db: Database, reference: Callable[[], Awaitable[ReferenceData]]) -> None:
        self._db = db
        self._reference = reference
        self._serials = Serials(db)
        self._guard = waybills.Guard(db)

    async def take(self, prepared: Sequence[Prepared]) -> Taken:
        """Store what can be stored at once; what is not among the answers is left."""
        filings = _alone(prepared)
        answers: dict[uuid.UUID, Accepted] = {}
        for first in range(0, len(filings), MOST_TOGETHER):
            taken = await self._take(filings[first : first + MOST_TOGETHER])
            answers |= taken.answers
            if taken.waited:
                return Taken(answers, waited=True)
        return Taken(answers, waited=False)

    async def _take(self, filings: Sequence[Prepared]) -> Taken:
        for _ in range(TRIES):
            if not filings:
                break
            try:
                answers, filings = await self._try(filings)
            except LEFT_TO_THE_CAREFUL_ROAD as error:
                log.info("left_to_the_regular_path", count=len(filings), error=type(error).__name__)
                return Taken({}, waited=isinstance(error, asyncpg.LockNotAvailableError))
            if answers:
                return Taken(answers, waited=False)
        return Taken({}, waited=False)

    async def _try(self, filings: Sequence[Prepared]) -> tuple[dict[uuid.UUID, Accepted], list[Prepared]]:
        """Return the answers where all could be stored, else those filings that may be tried again."""
        reference = await self._reference()
        serials, moment = await self._serials.take([filing.bucket for filing in filings])
        await self._guard.sweep(moment)
        numbered = receipts.number(filings, serials)
        decided = at_once.take(numbered, reference, moment)
        if len(decided.cases) < len(filings):
            return {}, []
        sql, parameters = _statement(numbered, decided)
        [row] = await self._db.statement(sql, *parameters)
        taken, seen = set(row["taken"]), set(row["seen"])
        if taken or seen:
            again = [
                filing
                for filing in filings
                if taken.isdisjoint(filing.keys) and filing.party["waybill_index"] not in seen
            ]
            return {}, again
        decided.report()
        work = DELIVER if row["deliveries"] else None
        return {
            filing.prepared.complaint_id: Accepted(
                filing.prepared.complaint_id, filing.receipt, replayed=False, work=work
            )
            for filing in numbered
        }, []


def _alone(prepared: Sequence[Prepared]) -> list[Prepared]:
    """Return the filings whose decision no other filing beside them bears on."""
    ways = Counter(filing.party["waybill_index"] for filing in prepared)
    return [
        filing
        for filing in prepared
        if at_once.may_be_decided(filing)
        and ((waybill := filing.party["waybill_index"]) is None or ways[waybill] == 1)
    ]


def _statement(numbered: Sequence[Numbered], decided: Decided) -> tuple[str, list[object]]:
    """Return the statement that stores filings, and its parameters."""
    prepared = [filing.prepared for filing in numbered]
    key_rows = request_keys.rows(numbered)
    parts = [
        (request_keys.PLAIN, key_rows),
        waybills.claims(prepared),
        *storing.parts_of_decided(prepared, decided),
    ]
    entries = outbox.entry_rows(entry for case in decided.cases.values() for entry in case.messages)
    parts = [(insert, rows) for insert, rows in parts if rows]
    sql = _sql(tuple(insert for insert, _ in parts))
    looked_up = (
        [row["bucket"] for row in key_rows],
        [row["client_id"] for row in key_rows],
        [row["key"] for row in key_rows],
        [filing.party["waybill_index"] for filing in prepared if filing.party["waybill_index"] is not None],
    )
    return sql, [*looked_up, *bulk.arrays([*parts, (outbox.ENTRIES, entries)])]


@lru_cache(maxsize=16)
def _sql(inserts: tuple[BulkInsert, ...]) -> str:
    steps, first = bulk.steps(inserts, first=_PARAMETERS + 1, where=_CONDITION)
    return (
        f"WITH {_LOOKED_UP}, {', '.join(steps)}, {outbox.publication(first, where=_CONDITION)} "  # noqa: S608 - ours
        "SELECT ARRAY(SELECT key FROM taken) AS taken, ARRAY(SELECT waybill_index FROM seen) AS seen, "
        "(SELECT count(*) FROM delivered) AS deliveries"
    )
