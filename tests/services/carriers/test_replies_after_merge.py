"""A carrier's reply to a merged case goes to the surviving case, within the same enterprise."""

from collections.abc import Callable
from typing import Any

import pytest

from services.carriers.replies import Received
from services.rules.states.table import IllegalMoveError

Make = Callable[..., str]
Reply = Callable[..., Received]
Ask = Callable[..., list[Any]]
Case = Callable[[str], Any]


def test_a_reply_to_a_merged_case_is_one_to_the_case_that_goes_on(
    forwarded: Make, reply: Reply, act: Callable[..., Any], case_of: Case
) -> None:
    child, parent = forwarded(), forwarded()
    incomplete = reply(child, "early", facts=None)
    act(child, "merge", into=parent, reason="同一事项")
    answer = reply(child, "r1")
    assert answer.body["number"] == parent
    assert (case_of(child).status, case_of(parent).status) == ("MERGED", "REPLIED")
    # either number finds what was sent under either
    assert reply(parent, "r1").replayed
    assert reply(child, "early", facts=None).body == incomplete.body


def test_a_case_merged_into_one_of_another_enterprise_is_not_replied_to_there(
    forwarded: Make, reply: Reply, act: Callable[..., Any], case_of: Case, ask: Ask
) -> None:
    child, parent = forwarded(), forwarded()
    act(child, "merge", into=parent, reason="同一事项")
    ask("UPDATE complaint SET carrier_code = 'YTO' WHERE number = :number", number=parent)
    with pytest.raises(IllegalMoveError, match="MERGED"):
        reply(child)
    assert case_of(parent).status == "FORWARDED"
