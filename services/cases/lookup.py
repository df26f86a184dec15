"""Finding one case by its number within what a caller may see; locking it; following a merge to the case that goes on."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.access.clients import Caller
from services.cases import work_orders
from services.cases.changes import Case
from services.rules.facts import Bureau
from shared import ids
from shared.errors import NotFoundError
from shared.models.cases import complaint
from shared.vocabulary import BureauLevel, Status

READ_ALL = "complaint:read:all"
UNKNOWN = "There is no complaint of this number that this key may see; check its 17 digits."
MOST_MERGES = 8
"""So many merges in a row are followed; nobody merges so often on purpose."""
_C = complaint.c

Visibility = Sequence[ColumnElement[bool]]
"""Conditions that keep a statement on `complaint` to what a caller may see."""


def of_client(caller: Caller) -> Visibility:
    """Return the scope of a client that files: its own complaints, or all."""
    return () if READ_ALL in caller.scopes else (_C.client_id == caller.client_id,)


def filed_by(caller: Caller) -> Visibility:
    """Return the scope of what a client filed itself, whatever else it may read."""
    return (_C.client_id == caller.client_id,)


def of_bureau(bureau: Bureau) -> Visibility:
    """Return the scope of a bureau: what it handles or supervises, what was copied to it, and all of its province.

    The national centre sees everything (SPB guides nationwide, the province handles its region: 2020 art. 5 [V1]).
    """
    if bureau.level is BureauLevel.NATIONAL:
        return ()
    seen = [
        _C.handling_bureau == bureau.code,
        _C.supervising_bureau == bureau.code,
        _C.copied_to.contains([bureau.code]),
    ]
    if bureau.level is BureauLevel.PROVINCE:
        seen.append(_C.province == bureau.region)
    return (or_(*seen),)


def of_carrier(carrier_code: str) -> Visibility:
    """Return the scope of an enterprise: its own cases, from their forwarding on."""
    return (_C.carrier_code == carrier_code, _C.forwarded_at.is_not(None))


async def find(
    connection: AsyncConnection, number: str, scope: Visibility, *, lock: bool = False
) -> Row[Any]:
    """Return the row of a case within a scope, with the database's time as `moment`.

    `lock`: nobody else changes it before this transaction ends. Raises NotFoundError for any other, existing or not.
    """
    if not ids.is_complaint_number(number):
        raise NotFoundError(UNKNOWN)
    statement = select(complaint, func.clock_timestamp().label("moment")).where(
        _C.bucket == ids.bucket_of_number(number), _C.number == number, *scope
    )
    if lock:
        statement = statement.with_for_update()
    row = (await connection.execute(statement)).one_or_none()
    if row is None:
        raise NotFoundError(UNKNOWN)
    return row


async def by_id(
    connection: AsyncConnection, bucket: int, complaint_id: Any, *, lock: bool = False
) -> Row[Any]:
    """Return the row of a case by its key, with the database's time as `moment`."""
    statement = select(complaint, func.clock_timestamp().label("moment")).where(
        _C.bucket == bucket, _C.id == complaint_id
    )
    if lock:
        statement = statement.with_for_update()
    return (await connection.execute(statement)).one()


async def following(connection: AsyncConnection, row: Row[Any], *, lock: bool = False) -> Row[Any]:
    """Return the case that a merged one is handled with: what comes for the one is for the other. Else the row itself."""
    for _ in range(MOST_MERGES):
        if row.status != Status.MERGED:
            return row
        row = await by_id(connection, row.merged_into_bucket, row.merged_into, lock=lock)
    return row


async def following_theirs(connection: AsyncConnection, row: Row[Any], *, lock: bool = False) -> Row[Any]:
    """Return the case that a carrier's merged one is handled with, where that went to the same carrier; else the row itself.

    A case without an enterprise takes in others, and may go to another one later: neither it nor its number is theirs.
    """
    case = await following(connection, row, lock=lock)
    return case if case.carrier_code == row.carrier_code and case.forwarded_at is not None else row


_OTHERS = f"""
    SELECT EXISTS (SELECT FROM complaint WHERE merged_into = $2) OR EXISTS (
        SELECT FROM hotline_order o WHERE o.case_bucket = $1 AND o.case_id = $2
            AND o.complaint_id <> $2 AND {work_orders.OPEN})
"""  # noqa: S608 - our own condition


async def others_wait(connection: AsyncConnection, case: Case) -> bool:
    """Tell whether another complaint was merged into a locked case, or an order that did not make it waits for it."""
    return bool((await connection.exec_driver_sql(_OTHERS, (case.bucket, case.id))).scalar_one())
