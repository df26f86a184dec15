"""Finding one case by its number within what a caller may see; locking it; following a merge to the surviving case."""

import uuid
from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.access.clients import Caller
from services.access.scopes import Scope
from services.cases import case_row, work_orders
from services.cases.case_row import CaseHead, CaseRow
from services.rules.facts import Bureau
from shared import ids
from shared.errors import NotFoundError
from shared.models.cases import complaint
from shared.vocabulary import BureauLevel

READ_ALL = Scope.COMPLAINT_READ_ALL
UNKNOWN = "There is no complaint of this number that this key may see; check its 17 digits."
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


OF_CARRIER = "c.carrier_code = {carrier} AND c.forwarded_at IS NOT NULL"
"""The same as a condition of an SQL statement on `complaint c`; `carrier` is its parameter."""


def is_of_carrier(case: CaseHead, carrier_code: str) -> bool:
    """Tell the same of a case that was read."""
    return case.carrier_code == carrier_code and case.forwarded_at is not None


_SELECT = select(*case_row.columns(CaseRow))


async def find(connection: AsyncConnection, number: str, scope: Visibility, *, lock: bool = False) -> CaseRow:
    """Return the row of a case within a scope, with the database's time as `moment`.

    `lock`: nobody else changes it before this transaction ends. Raises NotFoundError for any other, existing or not.
    """
    if not ids.is_complaint_number(number):
        raise NotFoundError(UNKNOWN)
    statement = _SELECT.where(_C.bucket == ids.bucket_of_number(number), _C.number == number, *scope)
    if lock:
        statement = statement.with_for_update()
    rows = case_row.build(CaseRow, await connection.execute(statement))
    if not rows:
        raise NotFoundError(UNKNOWN)
    return rows[0]


async def by_id(
    connection: AsyncConnection, bucket: int, complaint_id: uuid.UUID, *, lock: bool = False
) -> CaseRow:
    """Return the row of a case by its key, with the database's time as `moment`."""
    statement = _SELECT.where(_C.bucket == bucket, _C.id == complaint_id)
    if lock:
        statement = statement.with_for_update()
    return CaseRow(*(await connection.execute(statement)).one())


_OTHERS = f"""
    SELECT EXISTS (SELECT FROM complaint WHERE merged_into = $2) OR EXISTS (
        SELECT FROM hotline_order o WHERE o.case_bucket = $1 AND o.case_id = $2
            AND o.complaint_id <> $2 AND {work_orders.OPEN})
"""  # noqa: S608 - our own condition


async def others_wait(connection: AsyncConnection, case: CaseHead) -> bool:
    """Tell whether another complaint was merged into a locked case, or an order that did not make it waits for it."""
    return bool((await connection.exec_driver_sql(_OTHERS, (case.bucket, case.id))).scalar_one())
