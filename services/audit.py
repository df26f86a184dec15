"""What operators did, written in the transaction of the deed."""

from collections.abc import Mapping

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.models import access


async def record(
    connection: AsyncConnection, *, actor: str, act: str, subject: str, data: Mapping[str, object]
) -> None:
    """Add one entry: who did what to what. Never personal data."""
    await connection.execute(
        insert(access.audit_entry).inline().values(actor=actor, act=act, subject=subject, data=dict(data))
    )
