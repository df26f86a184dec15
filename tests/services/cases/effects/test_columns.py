"""The columns that a move sets by itself: the first time counts, the end is the last one, an undone end leaves nothing."""

from collections.abc import Callable

from services.cases.changes import NewEvent
from services.cases.planned_case import PlannedCase
from services.rules.states.complaints import CONSUMER_COMPLAINTS as TABLE
from services.rules.states.facts import ForwardingFacts, ReopeningFacts, WithdrawalFacts
from services.rules.states.verbs import Actor
from shared.event_kinds import EventKind
from shared.vocabulary import Status
from tests.services.case_rows import RECEIVED

Follow = Callable[..., PlannedCase]


def test_a_forwarding_is_stamped_the_first_time_only(follow: Follow) -> None:
    move = TABLE.check(ForwardingFacts(respondent_in_scope=True), Status.ACCEPTED, Actor.WORKER)
    first = follow(NewEvent(EventKind.FORWARDED), case={"status": "ACCEPTED"}, move=move)
    moment = first.case.moment
    assert first.columns == {"status": "FORWARDED", "status_since": moment, "forwarded_at": moment}
    case = {"status": "ACCEPTED", "forwarded_at": RECEIVED}
    again = follow(NewEvent(EventKind.FORWARDED), case=case, move=move)
    assert "forwarded_at" not in again.columns


def test_an_ended_case_is_nobodys(follow: Follow) -> None:
    move = TABLE.check(WithdrawalFacts(has_reason=True), Status.REPLIED, Actor.REVIEWER)
    case = {"status": "REPLIED", "claimed_by": "C330100/li.na"}
    planned = follow(NewEvent(EventKind.WITHDRAWN), case=case, move=move)
    assert (planned.columns["claimed_by"], planned.columns["claimed_at"]) == (None, None)


def test_a_reopened_case_has_no_end_and_what_the_change_says_holds(follow: Follow) -> None:
    facts = ReopeningFacts(has_reason=True, reply_seq=1)
    move = TABLE.check(facts, Status.CLOSED, Actor.SUPERVISOR)
    case = {"status": "CLOSED", "closed_at": RECEIVED, "replied_at": RECEIVED}
    columns = {"claimed_by": "C330100/li.na", "close_reason": "OTHER"}
    planned = follow(NewEvent(EventKind.REOPENED), case=case, move=move, columns=columns)
    assert planned.columns["closed_at"] is None
    assert planned.columns["close_reason"] == "OTHER"
    assert planned.columns["claimed_by"] == "C330100/li.na"
    assert "replied_at" not in planned.columns


def test_without_a_move_nothing_is_implied(follow: Follow) -> None:
    assert follow(NewEvent(EventKind.NOTE), case={}).columns == {}
