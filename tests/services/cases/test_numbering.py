"""What belongs to a case is numbered from 1 within it."""

from collections.abc import Callable
from typing import Any

from services.cases import lookup, numbering
from shared.database import Database
from shared.models.casework import remedy_entry, visit


def test_the_next_number_counts_within_the_case_and_the_table(
    received: Callable[..., str], act: Callable[..., Any], db: Database, run: Callable[[Any], Any]
) -> None:
    first, second = received(), received(external_ref="2")
    act(first, "visit", reached=False)
    act(first, "visit", reached=False)

    async def _next() -> list[int]:
        async with db.transaction() as connection:
            cases = [await lookup.find(connection, number, ()) for number in (first, second)]
            tables = (visit, remedy_entry)
            return [await numbering.next_seq(connection, table, case) for case in cases for table in tables]

    assert run(_next()) == [3, 1, 1, 1]


def test_the_number_after_what_was_read() -> None:
    assert numbering.after([]) == 1
    assert numbering.after([2, 5, 3]) == 6
