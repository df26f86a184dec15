"""The nearest deadline of a case, kept beside it, so that lists in the order of need read one table."""

import uuid
from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncConnection

NEAREST = (
    "next_due_at = (SELECT min(k.due_at) FROM case_deadline k WHERE k.bucket = complaint.bucket "
    "AND k.complaint_id = complaint.id AND k.stopped_at IS NULL)"
)
"""The assignment that keeps it, part of every change of a case."""
_SET_NEAREST = f"""
    UPDATE complaint SET {NEAREST} FROM unnest($1::smallint[], $2::uuid[]) AS u(bucket, id)
    WHERE complaint.bucket = u.bucket AND complaint.id = u.id
"""  # noqa: S608 - our own assignment


async def set_nearest(connection: AsyncConnection, cases: Collection[tuple[int, uuid.UUID]]) -> None:
    """Set the nearest deadline of cases whose deadlines were recalculated outside a change of theirs."""
    if cases:
        keys = ([bucket for bucket, _ in cases], [complaint_id for _, complaint_id in cases])
        await connection.exec_driver_sql(_SET_NEAREST, keys)
