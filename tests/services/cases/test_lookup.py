"""Who sees which case: each caller its own, and no difference between a case that is hidden and one that is not there."""

import asyncio
import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from services.cases import lookup
from services.cases.case_row import CaseRow
from services.cases.lookup import Visibility
from services.desk.perform import VerbOutcome
from services.intake.preparation import IntakeContext, Prepared
from services.reference.data import ReferenceData
from shared.database import Database
from shared.errors import NotFoundError
from tests.services.case_rows import RECEIVED, head

Make = Callable[..., str]
Sees = Callable[[str, Visibility], bool]
InTransaction = Callable[..., Any]


@pytest.fixture
def sees(in_transaction: InTransaction) -> Sees:
    """Return a function that tells whether a case is found within a scope."""

    def _sees(number: str, scope: Visibility) -> bool:
        try:
            row: CaseRow = in_transaction(lambda connection: lookup.find(connection, number, scope))
        except NotFoundError:
            return False
        return row.number == number

    return _sees


def test_a_client_sees_its_own_and_one_that_may_read_all_sees_all(
    prepare: Callable[..., Prepared],
    store: Callable[[Sequence[Prepared]], list[str]],
    intake_context: IntakeContext,
    new_context: Callable[..., IntakeContext],
    sees: Sees,
) -> None:
    [number] = store([prepare()])
    mine = intake_context.caller
    theirs, reader = (new_context(*scopes).caller for scopes in (["complaint:read"], ["complaint:read:all"]))
    assert [sees(number, lookup.of_client(caller)) for caller in (mine, theirs, reader)] == [
        True,
        False,
        True,
    ]
    # whatever else it may read, only what it filed is its own
    assert [sees(number, lookup.filed_by(caller)) for caller in (mine, theirs, reader)] == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("bureau", "seen"),
    [("C330100", True), ("P330000", True), ("N000000", True), ("C330200", False), ("P440000", False)],
)
def test_a_bureau_sees_what_it_handles_supervises_and_all_of_its_province(
    bureau: str, *, seen: bool, received: Make, sees: Sees, reference: ReferenceData
) -> None:
    assert sees(received(), lookup.of_bureau(reference.jurisdictions.bureaus[bureau])) is seen


def test_a_province_sees_what_the_centre_supervises_in_it(
    received: Make, sees: Sees, reference: ReferenceData, ask: Callable[..., Any]
) -> None:
    number, bureaus = received(), reference.jurisdictions.bureaus
    ask("UPDATE complaint SET supervising_bureau = 'N000000' WHERE number = :n", n=number)
    assert sees(number, lookup.of_bureau(bureaus["P330000"]))
    assert not sees(number, lookup.of_bureau(bureaus["P440000"]))


def test_a_copy_is_seen(
    received: Make, sees: Sees, reference: ReferenceData, ask: Callable[..., Any]
) -> None:
    number, ningbo = received(), lookup.of_bureau(reference.jurisdictions.bureaus["C330200"])
    ask("UPDATE complaint SET copied_to = ARRAY['C330200'] WHERE number = :n", n=number)
    assert sees(number, ningbo)


def test_an_enterprise_sees_its_own_cases_from_their_forwarding_on(
    received: Make, forwarded: Make, sees: Sees
) -> None:
    waits, theirs = received(), forwarded()
    assert [sees(number, lookup.of_carrier("ZTO")) for number in (waits, theirs)] == [False, True]
    assert not sees(theirs, lookup.of_carrier("YTO"))
    # the same of a row that is at hand
    assert lookup.is_of_carrier(head(forwarded_at=RECEIVED), "ZTO")
    assert not lookup.is_of_carrier(head(forwarded_at=None), "ZTO")
    assert not lookup.is_of_carrier(head(forwarded_at=RECEIVED), "YTO")


@pytest.mark.parametrize(
    "number", ["", "x", "20260302000000007", "2026030200000000７", "' OR 1=1 --", "0" * 400]
)
def test_a_number_that_is_none_is_refused_as_one_that_is_hidden(
    number: str, received: Make, in_transaction: InTransaction
) -> None:
    hidden, scope = received(), lookup.of_carrier("YTO")
    for refused in (number, hidden):
        with pytest.raises(NotFoundError, match=re.escape(lookup.UNKNOWN)):
            in_transaction(lambda connection, refused=refused: lookup.find(connection, refused, scope))


def test_a_locked_case_is_changed_by_nobody_else_until_the_end(
    received: Make, db: Database, run: Callable[[Any], Any], case_of: Callable[[str], Any]
) -> None:
    number = received()
    case = case_of(number)

    async def _wait() -> list[str]:
        order: list[str] = []

        async def _second() -> None:
            async with db.transaction() as connection:
                await lookup.by_id(connection, case.bucket, case.id, lock=True)
                order.append("second")

        async with db.transaction() as connection:
            await lookup.find(connection, number, (), lock=True)
            other = asyncio.create_task(_second())
            await asyncio.sleep(0.05)
            order.append("first")
        await other
        return order

    assert run(_wait()) == ["first", "second"]


def test_whether_anybody_else_waits_for_a_case(
    received: Make,
    waiting: Make,
    act: Callable[..., VerbOutcome],
    in_transaction: InTransaction,
) -> None:
    def _others_wait(number: str) -> bool:
        async def _go(connection: Any) -> bool:
            return await lookup.others_wait(connection, await lookup.find(connection, number, ()))

        answer: bool = in_transaction(_go)
        return answer

    alone, order = received(), waiting()
    # the order that made a case is its own
    assert [_others_wait(number) for number in (alone, order)] == [False, False]
    act(order, "merge", into=alone, reason="同一事项")
    assert _others_wait(alone)
    act(order, "unmerge", reason="并非同一事项")
    assert not _others_wait(alone)
