"""The sealed record of a case: read and replaced in one place, and opened for its own case only."""

from collections.abc import Callable
from typing import Any

import pytest

from services.cases import lookup, parties
from services.cases.changes import KeyedContext
from services.cases.parties import SealedRecord
from shared.database import Database
from shared.errors import NotFoundError
from shared.privacy.sealing import SealBrokenError

Run = Callable[[Any], Any]


def test_a_record_is_replaced_with_its_indexes_and_opens_for_its_own_case_only(
    received: Callable[..., str], db: Database, run: Run, context: KeyedContext, ask: Callable[..., Any]
) -> None:
    first, second = received(), received(external_ref="2")

    async def _replace() -> SealedRecord:
        async with db.transaction() as connection:
            case = await lookup.find(connection, first, (), lock=True)
            record = await parties.read(connection, case, context.ring)
            record["request"] = "退还运费"
            index = context.ring.index.of("waybill", "SF1")
            await parties.rewrite(connection, case, record, context.ring, {"waybill_index": index})
            return await parties.read(connection, case, context.ring)

    assert run(_replace())["request"] == "退还运费"
    rows = {
        row.number: row
        for row in ask(
            "SELECT c.number, c.id, p.sealed, p.waybill_index FROM complaint c "
            "JOIN complaint_party p ON p.bucket = c.bucket AND p.complaint_id = c.id"
        )
    }
    assert bytes(rows[first].waybill_index) == context.ring.index.of("waybill", "SF1")
    with pytest.raises(SealBrokenError):
        parties.open_record(rows[first].sealed, context.ring, rows[second].id)


def test_an_unknown_case_has_no_record(db: Database, run: Run) -> None:
    async def _find() -> None:
        async with db.transaction() as connection:
            await lookup.find(connection, "20260302000000007", ())

    with pytest.raises(NotFoundError):
        run(_find())
