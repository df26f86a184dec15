"""The guard of waybills: of two filings of one waybill at the same moment, one waits until the other is committed.

A waybill needs its guard only while the transaction of its case is in flight; after a minute the row goes.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.carriers import traces
from services.intake.preparation import Prepared
from shared import bulk
from shared.database import Database
from shared.models.requests import waybill_guard

KEPT = timedelta(minutes=1)
"""Longer than any statement runs (`shared.database`): who does not see a case yet, meets its guard."""
_COLUMNS = ("bucket", "waybill_index")
_PLAIN = bulk.into(waybill_guard, _COLUMNS)
_UNLESS_THERE = bulk.into(waybill_guard, _COLUMNS, "ON CONFLICT DO NOTHING")
_SWEEP = "DELETE FROM waybill_guard WHERE created_at < $1"


def claims(prepared: Sequence[Prepared], *, unless_there: bool = False) -> bulk.Part:
    """Return the insert of the waybills of filings. It fails where one of them is there, or (`unless_there`) leaves it."""
    indexes = {index for filing in prepared if (index := filing.party["waybill_index"]) is not None}
    # one order for all writers, so that two of them never wait for each other
    rows = [{"bucket": traces.item_of(index).bucket, "waybill_index": index} for index in sorted(indexes)]
    return (_UNLESS_THERE if unless_there else _PLAIN), rows


class Guard:
    """Takes away, now and then, what no transaction in flight needs any more. One for each process."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._swept_at: datetime | None = None

    async def sweep(self, moment: datetime) -> None:
        """Delete old rows, once in a while. `moment` is the present one, by the database's clock."""
        if self._swept_at is None or moment - self._swept_at > KEPT / 2:
            self._swept_at = moment
            await self._db.statement(_SWEEP, moment - KEPT)
