"""What makes a reply complete: each field for itself, and which of them another procedure makes superfluous."""

import dataclasses
from typing import Any

import pytest

from services.rules import replies
from services.rules.replies import ReplyContent
from services.rules.states import guards
from services.rules.states.facts import ReplyFacts
from shared.vocabulary import FailingLink, OtherProcedure

WHOLE = ReplyContent(
    responsibility_admitted=True,
    responsible_unit="文三路网点",
    responsible_link=FailingLink.DELIVERY,
    facts="a",
    action="b",
    contact_log="c",
    compensation_fen=100,
    paid=True,
)


def test_a_whole_reply_lacks_nothing() -> None:
    assert replies.missing(WHOLE) == ()


@pytest.mark.parametrize(
    "field",
    ["responsibility_admitted", "responsible_unit", "responsible_link", "facts", "action", "contact_log"],
)
def test_each_field_is_needed(field: str) -> None:
    change: dict[str, Any] = {field: None}
    assert field in replies.missing(dataclasses.replace(WHOLE, **change))


@pytest.mark.parametrize("field", ["responsible_unit", "facts", "action", "contact_log"])
def test_blanks_tell_nothing(field: str) -> None:
    change: dict[str, Any] = {field: " \n"}
    assert replies.missing(dataclasses.replace(WHOLE, **change)) == (field,)


def test_unit_and_link_go_with_an_admission() -> None:
    denied = dataclasses.replace(
        WHOLE, responsibility_admitted=False, responsible_unit=None, responsible_link=None
    )
    assert replies.missing(denied) == ()


@pytest.mark.parametrize(("fen", "lacks"), [(1, ("paid_on",)), (0, ()), (None, ())])
def test_the_day_of_payment_goes_with_money(fen: int | None, lacks: tuple[str, ...]) -> None:
    assert replies.missing(dataclasses.replace(WHOLE, compensation_fen=fen, paid=False)) == lacks


def test_in_another_procedure_facts_and_action_are_enough() -> None:
    elsewhere = OtherProcedure.LITIGATION
    assert replies.missing(ReplyContent(facts="a", action="b", other_procedure=elsewhere)) == ()
    assert replies.missing(ReplyContent(other_procedure=elsewhere)) == ("facts", "action")


def test_what_lacks_is_what_the_guard_of_the_move_names() -> None:
    faults = guards.reply_is_complete(ReplyFacts(missing_fields=tuple(replies.missing(ReplyContent()))))
    assert [fault.pointer for fault in faults] == [
        "/responsibility_admitted",
        "/facts",
        "/action",
        "/contact_log",
    ]
