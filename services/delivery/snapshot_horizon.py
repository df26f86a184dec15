"""What holds the feeds back: they show what was written before the oldest transaction that still runs, and no later."""

import time
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import text

from shared.database import Database

LONG = timedelta(seconds=60)
"""A transaction that writes for longer than this is worth a look; ours end within seconds."""
_OLDEST = text("""
    SELECT max(clock_timestamp() - began) FROM (
        SELECT xact_start AS began FROM pg_stat_activity WHERE backend_xid IS NOT NULL
        UNION ALL SELECT prepared FROM pg_prepared_xacts
    ) writing
""")
_EDGES = text("""
    SELECT pg_snapshot_xmin(now)::text::bigint AS oldest, pg_snapshot_xmax(now)::text::bigint AS next
    FROM pg_current_snapshot() AS now
""")


async def oldest(db: Database) -> timedelta:
    """Return the age of the oldest transaction that writes, as far as this login may see others; zero: there is none."""
    async with db.transaction() as connection:
        return await connection.scalar(_OLDEST) or timedelta(0)


@dataclass(slots=True)
class Watch:
    """Tells for how long the horizon has stood still, to a role that may not look at other sessions."""

    _oldest: int = -1
    _since: float = field(default_factory=time.monotonic)

    async def seconds(self, db: Database) -> float:
        """Look at the horizon; return for how many seconds the same transaction has held it back."""
        async with db.transaction() as connection:
            edges = (await connection.execute(_EDGES)).one()
        if edges.oldest == edges.next or edges.oldest != self._oldest:
            self._oldest, self._since = edges.oldest, time.monotonic()
        return time.monotonic() - self._since
