"""To the enterprise and back: a case is forwarded, to another enterprise if need be, and a reply is sent back."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from services.desk.perform import VerbOutcome
from shared.errors import InvalidInputError

Act = Callable[..., VerbOutcome]
Make = Callable[..., str]
Case = Callable[[str], Any]
Rows = Callable[[str], Any]
Ask = Callable[..., list[Any]]


def test_a_reply_that_was_untruthful_is_marked_and_sent_back_with_a_new_deadline(
    replied: Make, act: Act, case_of: Case, deadlines_of: Rows, ask: Ask
) -> None:
    number = replied()
    with pytest.raises(ValidationError, match="no visible character"):
        act(number, "rework", ground="ACCOUNT_DIFFERS", reason=" ")
    act(number, "rework", ground="ACCOUNT_DIFFERS", reason="用户称未收到赔偿。", untruthful=True)
    assert (case_of(number).status, case_of(number).reply_untruthful) == ("REWORK", True)
    assert ask("SELECT untruthful FROM reply")[0][0]
    assert (deadlines_of(number)["rework_reply"].amount, deadlines_of(number)["rework_reply"].stopped_at) == (
        5,
        None,
    )
    [entry] = ask("SELECT data FROM feed_entry WHERE type = 'case.rework'")
    assert entry.data["ground"] == "ACCOUNT_DIFFERS"
    assert "reply_due_at" in entry.data
    assert "untruthful" not in entry.data


def test_an_accepted_case_can_be_kept_back_and_sent_to_another_enterprise(
    received: Make, act: Act, work: Callable[[], None], case_of: Case, ask: Callable[..., list[Any]]
) -> None:
    number = received()
    act(number, "accept", forward=False)
    work()
    assert case_of(number).status == "ACCEPTED"
    with pytest.raises(InvalidInputError):
        act(number, "forward", carrier_code="NOBODY")
    act(number, "forward", carrier_code="YTO", instruction="请核实签收人。")
    assert (case_of(number).status, case_of(number).carrier_code) == ("FORWARDED", "YTO")
    [entry] = ask("SELECT audience, type, data FROM feed_entry")
    assert (entry.audience, entry.type, entry.data["number"]) == ("carrier:YTO", "case.forwarded", number)
