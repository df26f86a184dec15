"""The deadlines of states: in a province with an amount of its own, a case has that; everywhere else the usual one."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from services.cases import planned_case
from services.cases.changes import CaseChange, NewEvent, WorkerContext
from services.cases.effects import deadlines
from services.cases.planned_case import PlannedCase
from services.cases.stored_deadlines import MET, MOOT
from services.reference import data, files
from services.reference.records import DeadlineRecord
from services.rules.deadlines import schedule
from services.rules.states.complaints import CONSUMER_COMPLAINTS
from services.rules.states.facts import ForwardingFacts, WithdrawalFacts
from services.rules.states.verbs import Actor
from shared.event_kinds import EventKind
from shared.vocabulary import DeadlineKind, Status
from tests.services.case_rows import head

Follow = Callable[..., PlannedCase]


@pytest.fixture(scope="module")
def seven_days() -> WorkerContext:
    """Return a context in which Zhejiang gives its enterprises 7 instead of 10 days."""
    values = files.read(files.PACKAGED).values()
    row: DeadlineRecord = {
        "version": "2020",
        "key": "enterprise_reply",
        "amount": 7,
        "unit": "day",
        "source": "test",
        "confidence": "P",
        "region": "330000",
    }
    values["deadline_rule"] = [*values["deadline_rule"], row]
    return WorkerContext(data.build(1, "packaged", values))


@pytest.mark.parametrize(("bureau", "days"), [("C330100", 7), ("P330000", 7), ("P440000", 10)])
def test_an_enterprise_has_seven_instead_of_ten_days_in_one_province(
    seven_days: WorkerContext, bureau: str, days: int
) -> None:
    case = head(status="ACCEPTED", handling_bureau=bureau)
    move = CONSUMER_COMPLAINTS.check(ForwardingFacts(respondent_in_scope=True), Status.ACCEPTED, Actor.WORKER)
    change = CaseChange(case=case, actor=Actor.WORKER, new_events=[NewEvent(EventKind.FORWARDED)], move=move)
    planned = planned_case.plan(change, ())
    deadlines.follow([planned], seven_days)
    (started,) = planned.starts
    assert (started.key, started.amount) == (DeadlineKind.ENTERPRISE_REPLY, days)
    # the day of the forwarding is not counted
    assert (started.due_at - started.started_at) // timedelta(days=1) == days
    assert planned.shown == {"reply_due_at": started.due_at}


def test_a_case_that_ends_ends_all_its_deadlines(follow: Follow) -> None:
    move = CONSUMER_COMPLAINTS.check(WithdrawalFacts(has_reason=True), Status.REPLIED, Actor.REVIEWER)
    planned = follow(NewEvent(EventKind.WITHDRAWN), case={"status": "REPLIED"}, move=move)
    assert set(planned.outcomes) == set(DeadlineKind)
    assert set(planned.outcomes.values()) == {MOOT}
    assert planned.starts == []


def test_a_deadline_that_a_move_ends_in_time_and_starts_again_was_met(
    follow: Follow, context: WorkerContext
) -> None:
    again = schedule.start(
        DeadlineKind.FORWARD,
        head().moment,
        context.reference.timetable("C330100"),
        context.reference.deadline_rules_for(head()),
    )
    move = CONSUMER_COMPLAINTS.check(ForwardingFacts(respondent_in_scope=True), Status.ACCEPTED, Actor.WORKER)
    planned = follow(NewEvent(EventKind.FORWARDED), case={"status": "ACCEPTED"}, move=move, starts=[again])
    assert planned.outcomes[DeadlineKind.FORWARD] == MET
    assert again in planned.starts


def test_a_state_that_is_left_ends_its_deadline_in_time(follow: Follow) -> None:
    move = CONSUMER_COMPLAINTS.check(ForwardingFacts(respondent_in_scope=True), Status.ACCEPTED, Actor.WORKER)
    planned = follow(NewEvent(EventKind.FORWARDED), case={"status": "ACCEPTED"}, move=move)
    assert planned.outcomes[DeadlineKind.FORWARD] == MET
