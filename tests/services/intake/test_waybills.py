"""The guard of waybills: one row for each, refused or left where it is there, gone after a minute."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from services.intake import waybills
from services.intake.preparation import Prepared
from shared import bulk, clock
from shared.database import Database

Run = Callable[[Coroutine[Any, Any, Any]], Any]
Prepare = Callable[..., Prepared]
Ask = Callable[..., list[Any]]
WAYBILL = {"item": {"waybill": "75123456789012"}}


@pytest.fixture
def insert(db: Database, run: Run) -> Callable[[bulk.Part], None]:
    """Return a function that inserts a part."""

    async def _go(part: bulk.Part) -> None:
        async with db.transaction() as connection:
            await part[0].run(connection, part[1])

    return lambda part: run(_go(part))


def test_a_waybill_is_claimed_once(prepare: Prepare, insert: Callable[[bulk.Part], None], ask: Ask) -> None:
    filings = [prepare(**WAYBILL), prepare(**WAYBILL), prepare()]
    insert(waybills.claims(filings))
    insert(waybills.claims(filings, unless_there=True))
    assert ask("SELECT count(*) FROM waybill_guard")[0][0] == 1
    with pytest.raises(IntegrityError):
        insert(waybills.claims(filings))


def test_only_what_no_transaction_needs_any_more_is_swept(
    prepare: Prepare, insert: Callable[[bulk.Part], None], db: Database, run: Run, ask: Ask
) -> None:
    insert(waybills.claims([prepare(**WAYBILL)]))
    guard = waybills.Guard(db)
    run(guard.sweep(clock.now()))
    assert ask("SELECT count(*) FROM waybill_guard")[0][0] == 1
    # not again so soon, whatever there is
    run(guard.sweep(clock.now() + timedelta(seconds=1)))
    ask("UPDATE waybill_guard SET created_at = created_at - interval '2 minutes'")
    run(guard.sweep(clock.now() + timedelta(seconds=20)))
    assert ask("SELECT count(*) FROM waybill_guard")[0][0] == 1
    run(guard.sweep(clock.now() + timedelta(seconds=40)))
    assert ask("SELECT count(*) FROM waybill_guard")[0][0] == 0
