"""What an intake process knows of the database beforehand, so that it need not ask for each complaint: serials and the time.

Serials of public numbers are taken in blocks; those of a process that ends are lost, for numbers are unique, not without
gaps. The database's clock is read with each block, and counted on from there by the process's own.
"""

import time
from collections import Counter, deque
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from shared.database import Database
from shared.vocabulary import BUCKETS

BLOCK = 32
"""So many serials of a bucket are taken at a time."""
CLOCK_SECONDS = 10.0
"""The database's clock is read again after so long."""
_TAKE = """
    SELECT u.bucket, nextval(('complaint_serial_' || u.bucket)::regclass) AS serial, clock_timestamp() AS moment
    FROM unnest($1::int[]) AS u(bucket) CROSS JOIN generate_series(1, $2::int)
"""


class Serials:
    """The serials that a process holds, by bucket, and the clock of its database."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._of_bucket: list[deque[int]] = [deque() for _ in range(BUCKETS)]
        self._moment: datetime | None = None
        self._read_at = float("-inf")

    async def take(self, buckets: Sequence[int]) -> tuple[list[int], datetime]:
        """Return a serial for each bucket, and the moment by the database's clock."""
        await self._fill(buckets)
        serials = [self._of_bucket[bucket].popleft() for bucket in buckets]
        return serials, self._now()

    async def _fill(self, buckets: Sequence[int]) -> None:
        needed = Counter(buckets)
        if time.monotonic() - self._read_at > CLOCK_SECONDS:
            await self._read(buckets)
        while missing := self._missing(needed):
            await self._read(missing)

    def _missing(self, needed: Mapping[int, int]) -> list[int]:
        return [bucket for bucket, count in needed.items() if len(self._of_bucket[bucket]) < count]

    async def _read(self, buckets: Collection[int]) -> None:
        # where one runs low, others will soon: they are taken by the same statement
        low = [
            bucket
            for bucket in range(BUCKETS)
            if bucket in buckets or len(self._of_bucket[bucket]) < BLOCK // 4
        ]
        rows = await self._db.statement(_TAKE, low, BLOCK)
        for row in rows:
            self._of_bucket[row["bucket"]].append(row["serial"])
        self._moment = rows[-1]["moment"]
        # the clock was read last of all: it is behind by the way back, never ahead
        self._read_at = time.monotonic()

    def _now(self) -> datetime:
        assert self._moment is not None  # noqa: S101 - `take` has read it
        return self._moment + timedelta(seconds=time.monotonic() - self._read_at)
