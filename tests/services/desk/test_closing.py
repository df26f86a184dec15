"""From the reply to the end: rework, mediation, closing by every way, and the conditions that stand before each."""

from collections.abc import Callable
from typing import Any

import pytest

from services.desk.mediation import NotInMediationError
from services.desk.perform import VerbOutcome
from services.rules.states.table import ConditionsNotMetError, IllegalMoveError
from shared import clock

Act = Callable[..., VerbOutcome]
Make = Callable[..., str]
Case = Callable[[str], Any]
Rows = Callable[[str], Any]
Ask = Callable[..., list[Any]]
CLOSE = {
    "close_reason": "SETTLED",
    "responsibility": "ENTERPRISE",
    "responsible_unit": "杭州西湖网点",
    "failing_link": "DELIVERY",
    "settlement_lawful": True,
    "answer": "企业已赔偿并道歉。",
}
CONSENT = {"given_at": "2026-11-20T10:00:00+08:00", "means": "PHONE"}
CONFIRMED = {
    "reached": True,
    "account_matches": True,
    "satisfied_administration": True,
    "satisfied_enterprise": False,
}


def _pointers(refused: pytest.ExceptionInfo[ConditionsNotMetError]) -> list[str]:
    return [fault.pointer for fault in refused.value.errors]


def test_a_settled_case_closes_after_the_user_confirmed(
    replied: Make, act: Act, case_of: Case, clocks_of: Rows, ask: Ask
) -> None:
    number = replied()
    with pytest.raises(ConditionsNotMetError) as refused:
        act(number, "close", **CLOSE)
    assert _pointers(refused) == ["/visits"]
    act(number, "visit", **CONFIRMED)
    act(number, "remedy", kind="COMPENSATION", amount_fen=20_000, paid_on="2026-11-20")
    act(number, "close", **CLOSE)
    case = case_of(number)
    assert (case.status, case.close_reason, case.responsibility, case.failing_link) == (
        "CLOSED",
        "SETTLED",
        "ENTERPRISE",
        "DELIVERY",
    )
    assert (case.recovered_fen, case.satisfied_administration, case.satisfied_enterprise) == (
        20_000,
        True,
        False,
    )
    assert case.next_due_at is None
    assert {key: deadline.outcome for key, deadline in clocks_of(number).items()}["total"] == "MET"
    assert all(deadline.stopped_at for deadline in clocks_of(number).values())
    [entry] = ask("SELECT type, data, sealed FROM feed_entry WHERE type = 'case.closed'")
    assert entry.data["responsibility"] == "ENTERPRISE"
    # what the user is told is not the enterprise's to read
    assert entry.sealed is None
    closed_on = clock.civil_day(case.closed_at)
    assert closed_on in {row.day for row in ask("SELECT day FROM dirty_day")}


def test_a_visit_before_the_last_reply_proves_nothing(
    replied: Make, act: Act, put_reply: Callable[..., None]
) -> None:
    number = replied()
    act(number, "visit", **CONFIRMED)
    act(number, "rework", ground="ACCOUNT_DIFFERS", reason="用户称未收到赔偿。")
    put_reply(number)
    with pytest.raises(ConditionsNotMetError) as refused:
        act(number, "close", **CLOSE)
    assert _pointers(refused) == ["/visits"]


def test_a_reply_that_was_untruthful_is_marked_and_sent_back_with_a_new_deadline(
    replied: Make, act: Act, case_of: Case, clocks_of: Rows, ask: Ask
) -> None:
    number = replied()
    with pytest.raises(ConditionsNotMetError):
        act(number, "rework", ground="ACCOUNT_DIFFERS", reason=" ")
    act(number, "rework", ground="ACCOUNT_DIFFERS", reason="用户称未收到赔偿。", untruthful=True)
    assert (case_of(number).status, case_of(number).reply_untruthful) == ("REWORK", True)
    assert ask("SELECT untruthful FROM reply")[0][0]
    assert (clocks_of(number)["rework_reply"].amount, clocks_of(number)["rework_reply"].stopped_at) == (
        5,
        None,
    )
    [entry] = ask("SELECT data FROM feed_entry WHERE type = 'case.rework'")
    assert entry.data["ground"] == "ACCOUNT_DIFFERS"
    assert "reply_due_at" in entry.data
    assert "untruthful" not in entry.data


def test_a_user_who_cannot_be_reached_closes_after_two_calls_four_hours_apart(
    replied: Make, act: Act, case_of: Case, clocks_of: Rows, ask: Ask
) -> None:
    number = replied()
    unreachable = CLOSE | {"close_reason": "UNREACHABLE"}
    act(number, "visit", reached=False)
    assert clocks_of(number)["second_call"].outcome is None
    act(number, "visit", reached=False)
    assert clocks_of(number)["second_call"].outcome is not None
    with pytest.raises(ConditionsNotMetError, match="four hours apart"):
        act(number, "close", **unreachable)
    ask("UPDATE visit SET at = at - interval '4 hours' WHERE seq = 1")
    ask("UPDATE reply SET at = at - interval '5 hours'")
    act(number, "close", **unreachable)
    assert case_of(number).close_reason == "UNREACHABLE"


def test_a_mediation_succeeds_with_both_answers(
    replied: Make, act: Act, case_of: Case, clocks_of: Rows
) -> None:
    number = replied()
    act(number, "mediate", user_consent=CONSENT, enterprise_consent=CONSENT)
    with pytest.raises(NotInMediationError):
        act(number, "answer", party="USER", accepts=True)
    act(number, "propose", opinion="建议企业赔偿三百元。")
    assert clocks_of(number)["mediation_answer"].amount == 3
    conclude = CLOSE | {"close_reason": "MEDIATED"}
    conclude.pop("settlement_lawful")
    act(number, "answer", party="USER", accepts=True)
    with pytest.raises(ConditionsNotMetError, match="both parties' answers"):
        act(number, "conclude", **conclude)
    act(number, "answer", party="ENTERPRISE", accepts=True)
    act(number, "conclude", **conclude)
    assert (case_of(number).status, case_of(number).close_reason) == ("CLOSED", "MEDIATED")


def test_a_mediation_fails_when_the_deadline_passes_or_consent_goes(
    replied: Make, act: Act, case_of: Case, ask: Ask
) -> None:
    failed = {
        "close_reason": "MEDIATION_FAILED",
        "responsibility": "UNDETERMINED",
        "answer": "可依法起诉或申请仲裁。",
    }
    silent, left = replied(), replied()
    for number in (silent, left):
        act(number, "mediate", user_consent=CONSENT, enterprise_consent=CONSENT)
    act(silent, "propose", opinion="建议赔偿。")
    with pytest.raises(ConditionsNotMetError):
        act(silent, "conclude", **failed)
    ask("UPDATE case_deadline SET due_at = clock_timestamp() WHERE key = 'mediation_answer'")
    act(silent, "conclude", **failed)
    with pytest.raises(ConditionsNotMetError):
        act(left, "conclude", **failed)
    act(left, "conclude", **failed, consent_withdrawn="USER")
    assert {case_of(number).close_reason for number in (silent, left)} == {"MEDIATION_FAILED"}


def test_an_enterprise_that_stays_silent_beyond_its_deadline_is_answered_for(
    forwarded: Make, act: Act, case_of: Case, ask: Ask
) -> None:
    number = forwarded()
    silent = {
        "close_reason": "OTHER",
        "responsibility": "ENTERPRISE",
        "responsible_unit": "中通快递股份有限公司",
        "answer": "企业逾期未答复，已责令改正。",
    }
    with pytest.raises(ConditionsNotMetError, match="may still reply"):
        act(number, "close-unanswered", **silent)
    ask("UPDATE case_deadline SET due_at = clock_timestamp() WHERE key = 'enterprise_reply'")
    act(number, "close-unanswered", **silent)
    case = case_of(number)
    assert (case.status, case.reply_overdue, case.responsibility) == ("CLOSED", True, "ENTERPRISE")


@pytest.mark.parametrize("state", ["received", "forwarded", "replied"])
def test_a_matter_that_went_to_court_closes_from_any_open_state(
    state: str, request: pytest.FixtureRequest, act: Act, case_of: Case
) -> None:
    number = request.getfixturevalue(state)()
    act(number, "close-other-procedure", procedure="LITIGATION", answer="该纠纷已由法院受理。")
    case = case_of(number)
    assert (case.status, case.close_reason, case.responsibility) == (
        "CLOSED",
        "IN_OTHER_PROCEDURE",
        "UNDETERMINED",
    )
    assert case.other_procedure == "LITIGATION"


def test_a_follow_up_reaches_the_enterprise_and_moves_nothing(
    forwarded: Make, received: Make, act: Act, case_of: Case, clocks_of: Rows, ask: Ask
) -> None:
    number = forwarded()
    due = clocks_of(number)["enterprise_reply"].due_at
    act(number, "follow-up", message="请提供签收照片。", answer_by="2026-12-01T00:00:00+08:00")
    assert (case_of(number).status, clocks_of(number)["enterprise_reply"].due_at) == ("FORWARDED", due)
    assert ask("SELECT count(*) FROM feed_entry WHERE type = 'case.follow_up'")[0][0] == 1
    with pytest.raises(Exception, match="not forwarded"):
        act(received(), "follow-up", message="请说明。")


def test_a_decided_link_stands_until_an_officer_says_otherwise(
    replied: Make, act: Act, case_of: Case
) -> None:
    number = replied()
    act(number, "set-failing-link", failing_link="STATION_LOCKER", reason="快递柜记录")
    act(number, "visit", **CONFIRMED)
    act(number, "close", **{name: value for name, value in CLOSE.items() if name != "failing_link"})
    assert case_of(number).failing_link == "STATION_LOCKER"


def test_what_is_not_due_is_refused_with_what_is(received: Make, act: Act) -> None:
    with pytest.raises(IllegalMoveError) as refused:
        act(received(), "close", **CLOSE)
    assert refused.value.members["case_status"] == "RECEIVED"
    assert "accept" in {move["verb"] for move in refused.value.members["allowed"]}
