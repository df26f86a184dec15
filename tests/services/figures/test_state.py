"""How often the facts changed, and up to which moment they tell of the cases."""

from collections.abc import Callable, Coroutine
from typing import Any

from sqlalchemy import text

from services.figures import refresh, state
from shared.database import Database
from tests.services.figures.casework import at, case, put

Run = Callable[[Coroutine[Any, Any, Any]], Any]


def test_the_version_counts_refreshes_and_as_of_moves_on(db: Database, run: Run) -> None:
    async def check() -> None:
        await put(db, case(at("2021-03-01 12:00")))
        await refresh.refresh(db)
        first = await state.current(db)
        await put(db, case(at("2021-03-02 12:00")))
        await refresh.refresh(db)
        second = await state.current(db)
        assert (first.version, second.version) == (1, 2)
        assert first.as_of is not None
        assert second.as_of is not None
        assert first.as_of < second.as_of

    run(check())


def test_what_was_never_counted_has_version_nought(db: Database, run: Run) -> None:
    assert run(state.current(db)) == state.NEVER


def test_an_answer_reads_the_facts_of_one_moment(db: Database, run: Run) -> None:
    async def check() -> None:
        await put(db, case(at("2021-03-01 12:00")))
        await refresh.refresh(db)
        async with db.transaction() as reading:
            facts_state = await state.hold_still(reading)
            await put(db, case(at("2021-03-02 12:00")))
            await refresh.refresh(db)
            # by then there are others: this one still sees its own
            assert (await state.of(reading), (await state.current(db)).version) == (facts_state, 2)
            counted = await reading.execute(text("SELECT sum(received) FROM circular_fact"))
            assert counted.scalar_one() == 1

    run(check())
