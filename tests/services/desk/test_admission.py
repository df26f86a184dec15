"""Taking a case up or not: accept, refuse, supplement, forward, withdraw, transfer; who may, and on which version."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.cases.changes import KeyedContext
from services.cases.events import read_words
from services.casework.session import ClaimedByAnotherError, DeskSession, NotYourCaseError
from services.casework.supplement import CaseEndedError
from services.desk.perform import StaleVersionError, VerbOutcome
from services.rules.states.table import ConditionsNotMetError, IllegalMoveError
from shared.errors import InvalidInputError, NotFoundError

Act = Callable[..., VerbOutcome]
Make = Callable[..., str]
Case = Callable[[str], Any]
Rows = Callable[[str], Any]
REFUSAL = {"ground": "TIME_BARRED", "legal_basis": "2014 art. 9(6)", "reason": "寄件已超过一年。"}


def test_an_accepted_case_goes_to_the_enterprise(
    received: Make, act: Act, work: Callable[[], None], case_of: Case, clocks_of: Rows, events_of: Rows
) -> None:
    number = received()
    outcome = act(number, "accept")
    assert (outcome.answer.status, outcome.answer.claimed_by) == ("ACCEPTED", "C330100/li.na")
    assert clocks_of(number)["acceptance"].outcome == "MET"
    assert clocks_of(number)["claim"].outcome == "MET"
    assert clocks_of(number)["forward"].outcome is None
    work()
    case = case_of(number)
    assert (case.status, case.forwarded_at is not None) == ("FORWARDED", True)
    deadlines = clocks_of(number)
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


def test_a_refusal_has_ground_basis_and_words_that_are_sealed(
    received: Make, act: Act, case_of: Case, events_of: Rows, clocks_of: Rows, context: KeyedContext
) -> None:
    number = received()
    act(number, "refuse", **REFUSAL)
    case = case_of(number)
    assert (case.status, case.refusal_ground, case.refused_at is not None) == ("REFUSED", "TIME_BARRED", True)
    assert case.next_due_at is None
    assert {deadline.outcome for deadline in clocks_of(number).values()} == {"MET", "MOOT"}
    assert clocks_of(number)["total"].outcome == "MET"
    event = next(event for event in events_of(number) if event.kind == "REFUSED")
    assert event.data == {"ground": "TIME_BARRED", "legal_basis": "2014 art. 9(6)", "informed_by": None}
    assert event.by == "C330100/li.na"
    assert REFUSAL["reason"].encode() not in bytes(event.sealed)
    words = read_words(event.sealed, context.ring, complaint_id=event.complaint_id, seq=event.seq)
    assert words == {"reason": REFUSAL["reason"]}


def test_while_the_user_is_asked_acceptance_stands_still_and_the_total_does_not(
    received: Make,
    act: Act,
    case_of: Case,
    clocks_of: Rows,
    ask: Callable[..., list[Any]],
    work: Callable[[], None],
) -> None:
    number = received(request=None)
    before = clocks_of(number)
    act(number, "ask-supplement", items=["REQUEST"], message="请补充诉求。")
    deadlines = clocks_of(number)
    assert (deadlines["acceptance"].paused_at is not None, deadlines["acceptance"].due_at) == (True, None)
    assert deadlines["supplement"].stopped_at is None
    assert deadlines["first_contact"].outcome == "MET"
    assert deadlines["total"].due_at == before["total"].due_at
    # three days later
    ask(
        "UPDATE case_deadline SET pauses = jsonb_set(pauses, '{0,0}', to_jsonb(clock_timestamp() - interval '3 days'))"
    )
    ask("UPDATE case_deadline SET started_at = started_at - interval '3 days' WHERE key = 'acceptance'")
    act(number, "supplement", request="请赔偿。")
    after = clocks_of(number)
    assert case_of(number).status == "RECEIVED"
    assert after["acceptance"].paused_at is None
    assert after["acceptance"].pauses[0][1] is not None
    assert after["acceptance"].due_at >= before["acceptance"].due_at
    assert after["supplement"].outcome == "MET"
    work()
    # the missing element came: the machine takes the case up and forwards it
    assert case_of(number).status == "FORWARDED"


def test_missing_elements_are_refused_only_after_the_users_deadline(
    received: Make, act: Act, ask: Callable[..., list[Any]], case_of: Case
) -> None:
    number = received(request=None)
    refusal = REFUSAL | {"ground": "MISSING_ELEMENTS"}
    with pytest.raises(ConditionsNotMetError, match="ask the user"):
        act(number, "refuse", **refusal)
    act(number, "ask-supplement", items=["REQUEST"], message="请补充诉求。")
    with pytest.raises(ConditionsNotMetError, match="wait until the deadline has passed"):
        act(number, "refuse", **refusal)
    ask("UPDATE case_deadline SET due_at = clock_timestamp() WHERE key = 'supplement'")
    act(number, "refuse", **refusal)
    assert case_of(number).status == "REFUSED"
    with pytest.raises(CaseEndedError):
        act(number, "supplement", request="请赔偿。")


@pytest.mark.parametrize(
    ("verb", "form", "status"),
    [
        ("withdraw", {"reason": "用户来电撤回"}, "WITHDRAWN"),
        ("transfer", {"office": "12315", "reason": "商品质量纠纷"}, "TRANSFERRED"),
    ],
)
def test_a_case_may_leave_by_the_users_wish_or_for_another_office(
    verb: str, form: dict[str, Any], status: str, received: Make, act: Act, case_of: Case, clocks_of: Rows
) -> None:
    number = received()
    act(number, verb, **form)
    assert (case_of(number).status, case_of(number).claimed_by) == (status, None)
    assert {deadline.outcome for deadline in clocks_of(number).values()} == {"MOOT"}
    with pytest.raises(IllegalMoveError) as refused:
        act(number, "accept")
    assert refused.value.members == {"case_status": status, "allowed": []}


def test_only_the_version_that_was_read_is_changed(received: Make, act: Act, case_of: Case) -> None:
    number = received()
    with pytest.raises(StaleVersionError) as refused:
        act(number, "accept", version=case_of(number).version - 1)
    assert refused.value.members == {"version": case_of(number).version}
    assert case_of(number).status == "RECEIVED"


def test_each_bureau_works_its_own_cases(received: Make, act: Act, desk: Callable[..., DeskSession]) -> None:
    number = received()
    with pytest.raises(NotYourCaseError):
        act(number, "accept", by=desk("P330000"))
    # a bureau that has nothing to do with it does not learn that it exists
    with pytest.raises(NotFoundError):
        act(number, "accept", by=desk("C440100"))


def test_who_works_a_case_is_not_overtaken_but_by_a_supervisor(
    received: Make, act: Act, desk: Callable[..., DeskSession], case_of: Case, clocks_of: Rows
) -> None:
    number = received()
    act(number, "claim")
    with pytest.raises(ClaimedByAnotherError):
        act(number, "accept", by=desk(officer="wang.wei"))
    chief = desk(officer="chen.jie", supervisor=True)
    act(number, "claim", by=chief, officer="wang.wei")
    assert case_of(number).claimed_by == "C330100/wang.wei"
    with pytest.raises(ClaimedByAnotherError):
        act(number, "release", reason="我来办")
    act(number, "release", by=desk(officer="wang.wei"), reason="休假")
    assert case_of(number).claimed_by is None
    assert (clocks_of(number)["claim"].round, clocks_of(number)["claim"].outcome) == (2, None)
    act(number, "accept", by=desk(officer="wang.wei"))
    assert case_of(number).claimed_by == "C330100/wang.wei"


def test_every_act_is_audited_with_its_operator(
    received: Make, act: Act, ask: Callable[..., list[Any]]
) -> None:
    number = received()
    act(number, "note", note="已电话联系，用户情绪激动。", contact=True)
    [entry] = ask("SELECT actor, act, subject, data FROM audit_entry WHERE act LIKE 'desk.%'")
    assert tuple(entry) == ("C330100/li.na", "desk.note", number, {"key": "desk-C330100"})
    assert "情绪" not in str(ask("SELECT data FROM case_event"))


def test_a_pause_needs_a_running_deadline_and_never_touches_the_statute(
    received: Make, act: Act, clocks_of: Rows, case_of: Case
) -> None:
    number = received()
    with pytest.raises(Exception, match="are paused for nobody"):
        act(number, "pause", deadline="total", basis="FORCE_MAJEURE", reason="台风")
    with pytest.raises(Exception, match="does not run"):
        act(number, "pause", deadline="mediation", basis="FORCE_MAJEURE", reason="台风")
    due = clocks_of(number)["acceptance"].due_at
    act(number, "pause", deadline="acceptance", basis="FORCE_MAJEURE", reason="台风")
    assert case_of(number).next_due_at != due
    act(number, "resume", deadline="acceptance", reason="台风过境")
    # the day of the pause does not count
    assert clocks_of(number)["acceptance"].due_at >= due
    assert clocks_of(number)["acceptance"].next_check_at is not None
    assert case_of(number).next_due_at is not None
    with pytest.raises(Exception, match="is not paused"):
        act(number, "resume", deadline="acceptance", reason="again")
    assert timedelta(0) < clocks_of(number)["total"].due_at - case_of(number).received_at
