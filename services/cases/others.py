"""Whether a case is somebody else's too: then whoever takes back their own part of it does not end it."""

from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import orders
from services.cases.changing import Case

_OTHERS = f"""
    SELECT EXISTS (SELECT FROM complaint WHERE merged_into = $2) OR EXISTS (
        SELECT FROM hotline_order o WHERE o.case_bucket = $1 AND o.case_id = $2
            AND o.complaint_id <> $2 AND {orders.OPEN})
"""  # noqa: S608 - our own condition


async def wait(connection: AsyncConnection, case: Case) -> bool:
    """Tell whether another complaint was merged into a locked case, or an order that did not make it waits for it."""
    return bool((await connection.exec_driver_sql(_OTHERS, (case.bucket, case.id))).scalar_one())
