"""Objects without a row: a process that died between putting a file and committing its row leaves one behind."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from services import audit
from shared import clock
from shared.database import Database
from shared.models.evidence import evidence
from shared.storage import Storage

GRACE = timedelta(days=1)
"""An upload takes minutes at most; what is older and has no row never gets one."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many objects were looked at, and how many of them had no row and were deleted."""

    seen: int
    deleted: int


async def prune(db: Database, store: Storage, *, actor: str, older_than: timedelta = GRACE) -> Pruned:
    """Delete the objects that no row names, if they are older than a day. May be repeated at any time."""
    seen = deleted = 0
    async for keys in store.older_than(clock.now() - older_than):
        seen += len(keys)
        async with db.transaction() as connection:
            named = select(evidence.c.storage_key).where(evidence.c.storage_key.in_(keys))
            stored_keys = set((await connection.execute(named)).scalars())
        for key in keys:
            if key not in stored_keys:
                await store.delete(key)
                deleted += 1
    async with db.transaction() as connection:
        data = {"seen": seen, "deleted": deleted}
        await audit.record(connection, actor=actor, act="evidence.prune", subject="evidence", data=data)
    return Pruned(seen, deleted)
