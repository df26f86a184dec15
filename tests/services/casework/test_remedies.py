"""The ledger of a case: the sum is that of its entries, an entry is never changed, a wrong one is reversed once."""

from collections.abc import Callable
from typing import Any

import pytest

from services.cases import lookup
from services.casework import remedies
from services.casework.remedies import EntryReversedError, LedgerRow, Remedy, ReverseRemedy
from shared.errors import InvalidInputError, NotFoundError

Enter = Callable[..., tuple[int, int]]


@pytest.fixture
def number(received: Callable[..., str]) -> str:
    """Return the number of a case."""
    return received()


@pytest.fixture
def enter(number: str, in_transaction: Callable[..., Any]) -> Enter:
    """Return a function that adds an entry, or reverses one; returns its number and the new sum."""

    def _enter(kind: str | None = None, amount: int = 0, *, reverse: int | None = None) -> tuple[int, int]:
        async def _go(connection: Any) -> tuple[int, int]:
            case = await lookup.find(connection, number, (), lock=True)
            if reverse is not None:
                wrong = ReverseRemedy(entry=reverse, reason="录入有误")
                return await remedies.reverse(connection, case, wrong, by="tests")
            form = Remedy.model_validate({"kind": kind, "amount_fen": amount})
            return await remedies.add(connection, case, form, by="tests")

        entered: tuple[int, int] = in_transaction(_go)
        return entered

    return _enter


@pytest.fixture
def ledger(number: str, in_transaction: Callable[..., Any]) -> Callable[[], list[LedgerRow]]:
    """Return a function that reads the ledger of the case."""

    def _ledger() -> list[LedgerRow]:
        async def _go(connection: Any) -> list[LedgerRow]:
            case = await lookup.find(connection, number, ())
            return await remedies.of_case(connection, case.bucket, case.id)

        rows: list[LedgerRow] = in_transaction(_go)
        return rows

    return _ledger


def test_entries_are_numbered_and_summed(enter: Enter, ledger: Callable[[], list[LedgerRow]]) -> None:
    assert enter("COMPENSATION", 5_000) == (1, 5_000)
    assert enter("APOLOGY") == (2, 5_000)
    assert enter("REFUND", 1) == (3, 5_001)
    assert [(row.seq, row.kind, row.amount_fen) for row in ledger()] == [
        (1, "COMPENSATION", 5_000),
        (2, "APOLOGY", 0),
        (3, "REFUND", 1),
    ]


@pytest.mark.parametrize(("kind", "amount"), [("COMPENSATION", 0), ("REFUND", 0), ("APOLOGY", 1)])
def test_money_has_an_amount_and_an_apology_has_none(kind: str, amount: int, enter: Enter) -> None:
    with pytest.raises(InvalidInputError) as refused:
        enter(kind, amount)
    assert [fault.pointer for fault in refused.value.errors] == ["/amount_fen"]


def test_a_wrong_entry_is_reversed_by_one_of_the_opposite_amount_and_stays(
    enter: Enter, ledger: Callable[[], list[LedgerRow]]
) -> None:
    enter("COMPENSATION", 5_000)
    enter("REFUND", 300)
    assert enter(reverse=1) == (3, 300)
    assert [(row.amount_fen, row.reverses) for row in ledger()] == [(5_000, None), (300, None), (-5_000, 1)]


def test_what_was_reversed_or_reverses_is_not_reversed_again(enter: Enter) -> None:
    enter("COMPENSATION", 5_000)
    enter(reverse=1)
    for entry in (1, 2):
        with pytest.raises(EntryReversedError):
            enter(reverse=entry)
    with pytest.raises(NotFoundError):
        enter(reverse=3)
    # an apology that was none has no amount to take back, and is reversed all the same
    enter("APOLOGY")
    assert enter(reverse=3) == (4, 0)
