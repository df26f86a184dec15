"""What a load of a calendar left over is computed afterwards: in batches, by the reference in force, waiting for nobody."""

import dataclasses
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import pytest
from structlog.testing import capture_logs

from services.cases import lookup
from services.deadlines import recalculation
from services.intake.preparation import Prepared
from services.reference.data import ReferenceData
from shared.database import Database

Run = Callable[[Coroutine[Any, Any, Any]], Any]
Ask = Callable[..., list[Any]]
LEFT = "SELECT count(*) FROM case_deadline WHERE calendar_version = 'older'"


@pytest.fixture
def left_over(
    prepare: Callable[..., Prepared], store: Callable[[Sequence[Prepared]], list[str]], ask: Ask
) -> list[str]:
    """Return cases whose acceptance was recalculated provisionally, by a calendar of before."""
    numbers = store([prepare() for _ in range(5)])
    ask("UPDATE case_deadline SET provisional = true, calendar_version = 'older' WHERE key = 'acceptance'")
    return numbers


@pytest.mark.usefixtures("left_over")
def test_it_goes_in_batches_until_nothing_is_left(
    db: Database, run: Run, reference: ReferenceData, ask: Ask
) -> None:
    taken = [run(recalculation.catch_up(db, reference, most=2)) for _ in range(4)]
    assert taken == [2, 2, 1, 0]
    assert ask(LEFT)[0][0] == 0


@pytest.mark.usefixtures("left_over")
def test_older_reference_data_undoes_no_recalculation(
    db: Database, run: Run, reference: ReferenceData, ask: Ask
) -> None:
    assert (
        run(
            recalculation.catch_up(db, dataclasses.replace(reference, version=reference.version - 1), most=10)
        )
        == 0
    )
    assert ask(LEFT)[0][0] == 5


def test_a_case_that_somebody_holds_is_left_for_the_next_time(
    left_over: list[str], db: Database, run: Run, reference: ReferenceData, ask: Ask
) -> None:
    async def _while_an_officer_works() -> int:
        async with db.transaction() as connection:
            await lookup.find(connection, left_over[0], (), lock=True)
            return await recalculation.catch_up(db, reference, most=10)

    assert run(_while_an_officer_works()) == 4
    assert ask(LEFT)[0][0] == 1
    assert run(recalculation.catch_up(db, reference, most=10)) == 1


def test_a_deadline_that_cannot_be_recalculated_stops_no_other(
    left_over: list[str], db: Database, run: Run, reference: ReferenceData, ask: Ask
) -> None:
    unit = """UPDATE case_deadline SET unit = :unit WHERE key = 'acceptance'
        AND complaint_id = (SELECT id FROM complaint WHERE number = :number)"""
    ask(unit, unit="fortnight", number=left_over[2])
    with capture_logs() as logs:
        assert run(recalculation.catch_up(db, reference, most=10)) == 4
        assert run(recalculation.catch_up(db, reference, most=10)) == 0
    assert {(log["event"], log["number"]) for log in logs} == {("deadline_failed", left_over[2])}
    ask(unit, unit="workday", number=left_over[2])
    assert run(recalculation.catch_up(db, reference, most=10)) == 1
