"""The numbers of what belongs to a case: visits, remedies, reviews, replies, each counted from 1 within its case.

The transaction that adds one locks the case, so no two get the same number.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases.case_row import CaseKey


def next_of(table: Table) -> ColumnElement[int]:
    """Return the expression of the next number in a table, for a statement that is kept to one case."""
    return func.coalesce(func.max(table.c.seq), 0) + 1


async def next_seq(connection: AsyncConnection, table: Table, case: CaseKey) -> int:
    """Return the next number of a case in a table."""
    statement = select(next_of(table)).where(table.c.bucket == case.bucket, table.c.complaint_id == case.id)
    return int((await connection.execute(statement)).scalar_one())


def after(numbers: Iterable[int]) -> int:
    """Return the next number after those that were read already."""
    return max(numbers, default=0) + 1
