"""What of an order becomes which row: the caller's second number stands with the persons, and is as masked as the first."""

import dataclasses
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from services.cases.changes import KeyedContext
from services.casework.session import DeskSession
from services.desk.unmask import UNMASK, ClearField, Purpose, Unmask, Unmasked, UnmaskingRefusedError, unmask
from services.views import desk_case
from services.views.whole_case import WholeCase
from shared.database import Database
from tests.services.hotline.conftest import CALLER

Run = Callable[[Coroutine[Any, Any, Any]], Any]
MakeDesk = Callable[..., DeskSession]
Take = Callable[..., dict[str, Any]]
TWO = CALLER | {"contact": "13900139000"}


@pytest.fixture
def phones(db: Database, run: Run, context: KeyedContext, desk: MakeDesk) -> Callable[..., dict[str, str]]:
    """Return a function that asks for the caller's numbers in clear, as an officer of Hangzhou who may."""

    def _phones(number: str) -> dict[str, str]:
        who = desk()
        caller = dataclasses.replace(who.caller, scopes=who.caller.scopes | {UNMASK})
        form = Unmask(purpose=Purpose.CONTACT, fields=[ClearField.PHONE])
        by = dataclasses.replace(who, caller=caller)
        answer: Unmasked = run(unmask(db, number, form, desk=by, context=context))
        assert answer.persons.complainant is not None
        return answer.persons.complainant.model_dump(exclude_unset=True)

    return _phones


def test_both_numbers_are_masked_for_whoever_reads_the_case(
    take: Take,
    work: Callable[[], None],
    db: Database,
    run: Run,
    context: KeyedContext,
    desk: MakeDesk,
    see: Any,
) -> None:
    number = take(caller=TWO)["number"]
    work()
    whole: WholeCase = run(desk_case.read(db, number, desk=desk(), context=context))
    case = whole.model_dump(exclude_unset=True)
    masked = {"name": "王**", "phone": "139******00", "other_phone": "138******00"}
    assert case["persons"]["complainant"] == masked
    assert see()["persons"]["complainant"] == masked
    for secret in ("13800138000", "13900139000"):
        assert secret not in str(case)


def test_both_numbers_are_shown_in_clear_for_a_purpose_only(
    take: Take, work: Callable[[], None], phones: Callable[..., dict[str, str]], ask: Callable[..., list[Any]]
) -> None:
    number = take(caller=TWO)["number"]
    work()
    # of two numbers the one to reach the caller goes first, the other is kept
    assert phones(number) == {"phone": "+8613900139000", "other_phone": "+8613800138000"}
    assert len(ask("SELECT 1 FROM audit_entry WHERE act = 'desk.unmask'")) == 1
    hidden = take("HZ-2", caller=TWO, confidential=True)["number"]
    work()
    with pytest.raises(UnmaskingRefusedError):
        phones(hidden)


def test_of_two_numbers_the_one_that_can_be_dialled_is_the_callers(
    take: Take, work: Callable[[], None], phones: Callable[..., dict[str, str]]
) -> None:
    number = take(caller={"phone": "13800138000", "contact": "转小区门卫"})["number"]
    work()
    assert phones(number) == {"phone": "+8613800138000", "other_phone": "转小区门卫"}


def test_one_number_twice_is_one(
    take: Take, work: Callable[[], None], phones: Callable[..., dict[str, str]]
) -> None:
    number = take(caller=CALLER | {"contact": "138-0013-8000"})["number"]
    work()
    assert phones(number) == {"phone": "+8613800138000"}
