"""Taking a case up or not: accept, refuse, supplement, forward, withdraw, transfer; who may, and on which version."""

from collections.abc import Callable
from typing import Any

import pytest

from services.cases.changes import KeyedContext
from services.cases.events import read_words
from services.desk.perform import VerbOutcome
from services.rules.states.table import IllegalMoveError

Act = Callable[..., VerbOutcome]
Make = Callable[..., str]
Case = Callable[[str], Any]
Rows = Callable[[str], Any]
REFUSAL = {"ground": "TIME_BARRED", "legal_basis": "2014 art. 9(6)", "reason": "寄件已超过一年。"}


def test_an_accepted_case_goes_to_the_enterprise(
    received: Make, act: Act, work: Callable[[], None], case_of: Case, deadlines_of: Rows, events_of: Rows
) -> None:
    number = received()
    outcome = act(number, "accept")
    assert (outcome.answer.status, outcome.answer.claimed_by) == ("ACCEPTED", "C330100/li.na")
    assert deadlines_of(number)["acceptance"].outcome == "MET"
    assert deadlines_of(number)["claim"].outcome == "MET"
    assert deadlines_of(number)["forward"].outcome is None
    work()
    case = case_of(number)
    assert (case.status, case.forwarded_at is not None) == ("FORWARDED", True)
    deadlines = deadlines_of(number)
    assert deadlines["forward"].outcome == "MET"
    assert deadlines["enterprise_reply"].amount == 10
    assert case.next_due_at == min(
        deadline.due_at for deadline in deadlines.values() if deadline.stopped_at is None
    )
    assert [event.kind for event in events_of(number)] == [
        "RECEIVED",
        "ROUTED",
        "WAITS_FOR_OFFICER",
        "CLAIMED",
        "ACCEPTED",
        "FORWARDED",
    ]
    assert case.version == len(events_of(number))


def test_a_refusal_has_ground_basis_and_words_that_are_sealed(
    received: Make, act: Act, case_of: Case, events_of: Rows, deadlines_of: Rows, context: KeyedContext
) -> None:
    number = received()
    act(number, "refuse", **REFUSAL)
    case = case_of(number)
    assert (case.status, case.refusal_ground, case.refused_at is not None) == ("REFUSED", "TIME_BARRED", True)
    assert case.next_due_at is None
    assert {deadline.outcome for deadline in deadlines_of(number).values()} == {"MET", "MOOT"}
    assert deadlines_of(number)["total"].outcome == "MET"
    event = next(event for event in events_of(number) if event.kind == "REFUSED")
    assert event.data == {"ground": "TIME_BARRED", "legal_basis": "2014 art. 9(6)", "informed_by": None}
    assert event.by == "C330100/li.na"
    assert REFUSAL["reason"].encode() not in bytes(event.sealed)
    words = read_words(event.sealed, context.ring, complaint_id=event.complaint_id, seq=event.seq)
    assert words == {"reason": REFUSAL["reason"]}


@pytest.mark.parametrize(
    ("verb", "form", "status"),
    [
        ("withdraw", {"reason": "用户来电撤回"}, "WITHDRAWN"),
        ("transfer", {"office": "12315", "reason": "商品质量纠纷"}, "TRANSFERRED"),
    ],
)
def test_a_case_may_leave_by_the_users_wish_or_for_another_office(
    verb: str, form: dict[str, Any], status: str, received: Make, act: Act, case_of: Case, deadlines_of: Rows
) -> None:
    number = received()
    act(number, verb, **form)
    assert (case_of(number).status, case_of(number).claimed_by) == (status, None)
    assert {deadline.outcome for deadline in deadlines_of(number).values()} == {"MOOT"}
    with pytest.raises(IllegalMoveError) as refused:
        act(number, "accept")
    assert refused.value.members == {"case_status": status, "allowed": []}
