"""Every way of following a merge comes to the same case, however often it was merged on."""

from collections.abc import Callable
from typing import Any

from services.cases import lookup, merges
from services.cases.case_row import CaseRow
from shared.database import Database

Run = Callable[[Any], Any]
Act = Callable[..., Any]


def test_a_merge_is_followed_to_the_case_that_goes_on(
    received: Callable[..., str], act: Act, db: Database, run: Run
) -> None:
    last, middle, first = (received(external_ref=str(place)) for place in range(3))
    act(first, "merge", into=middle, reason="同一事项")
    act(middle, "merge", into=last, reason="同一事项")

    async def _ends() -> tuple[CaseRow, CaseRow, dict[Any, Any], CaseRow | None]:
        async with db.transaction() as connection:
            row = await lookup.find(connection, first, ())
            end = await merges.follow(connection, row, lock=True)
            statement, values = merges.surviving([row, end])
            ends = {row.origin: row.id for row in await connection.execute(statement, values)}
            return row, end, ends, await merges.parent(connection, end)

    row, end, ends, beyond = run(_ends())
    assert (end.number, beyond) == (last, None)
    assert ends == {row.id: end.id, end.id: end.id}


def test_a_carrier_follows_no_merge_to_a_case_that_was_not_handed_to_it(
    received: Callable[..., str], act: Act, db: Database, run: Run
) -> None:
    last, first = received(), received(external_ref="2")
    act(first, "merge", into=last, reason="同一事项")

    async def _theirs() -> str:
        async with db.transaction() as connection:
            row = await lookup.find(connection, first, ())
            return (await merges.follow_of_carrier(connection, row)).number

    assert run(_theirs()) == first
