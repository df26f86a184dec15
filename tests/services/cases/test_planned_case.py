"""A plan begins as its change, keeps the first outcome of a deadline, and a round that makes way for another is moot."""

from datetime import timedelta

from services.cases import planned_case
from services.cases.changes import CaseChange, NewEvent
from services.cases.planned_case import PlannedCase
from services.cases.stored_deadlines import MET, MOOT
from services.rules.deadlines.schedule import StartedDeadline
from services.rules.states.complaints import CONSUMER_COMPLAINTS
from services.rules.states.verbs import Actor, Verb
from shared.event_kinds import EventKind
from shared.vocabulary import DeadlineKind, Status
from tests.services.case_rows import RECEIVED, head

DUE = RECEIVED + timedelta(days=3)
CLAIM = StartedDeadline(
    key=DeadlineKind.CLAIM,
    rule="claim",
    amount=1,
    unit="workday",
    started_at=RECEIVED,
    due_at=DUE,
    next_check_at=DUE,
    provisional=False,
    deadline_version="2020",
    calendar_version="1",
)


def _planned(**change: object) -> PlannedCase:
    values = {"actor": Actor.REVIEWER, "new_events": (NewEvent(EventKind.NOTE),), **change}
    return planned_case.plan(CaseChange(case=head(), **values), ())  # type: ignore[arg-type] # of any type, by name


def test_a_plan_is_a_copy_that_consequences_may_fill() -> None:
    planned = _planned(columns={"claimed_by": "C330100/li.na"}, days=[RECEIVED.date()])
    planned.new_events.append(NewEvent(EventKind.CLAIMED))
    planned.columns["level"] = "L2"
    planned.days.add(DUE.date())
    assert [event.kind for event in planned.change.new_events] == [EventKind.NOTE]
    assert planned.change.columns == {"claimed_by": "C330100/li.na"}
    assert (planned.claimed_by, planned.happens(EventKind.CLAIMED)) == ("C330100/li.na", True)
    assert not planned.happens(EventKind.ACCEPTED)


def test_what_the_change_starts_ends_its_round_before_and_what_it_stops_was_met() -> None:
    planned = _planned(starts=[CLAIM], stops=[DeadlineKind.ACCEPTANCE])
    assert planned.starts == [CLAIM]
    assert planned.outcomes == {DeadlineKind.CLAIM: MOOT, DeadlineKind.ACCEPTANCE: MET}


def test_the_first_outcome_of_a_deadline_holds_before_that_it_only_makes_way() -> None:
    planned = _planned()
    planned.stop(DeadlineKind.CLAIM, MET)
    planned.stop(DeadlineKind.CLAIM, MOOT)
    planned.restart(CLAIM)
    assert planned.outcomes == {DeadlineKind.CLAIM: MET}


def test_a_deadline_that_runs_is_not_put_back_by_a_start_and_no_rule_starts_nothing() -> None:
    planned = _planned()
    planned.start(CLAIM)
    planned.start(None)
    planned.restart(None)
    assert (planned.starts, planned.outcomes) == ([CLAIM], {})


def test_a_case_that_begins_here_has_no_move_from_another_state() -> None:
    begins = CONSUMER_COMPLAINTS.check(Verb.RECEIVE, None, Actor.INTAKE)
    assert _planned(move=begins).move is None
    moves = CONSUMER_COMPLAINTS.check(Verb.ACCEPT, Status.RECEIVED, Actor.REVIEWER)
    planned = _planned(move=moves, columns={"handling_bureau": "C330200"})
    assert (planned.move, planned.status, planned.handling_bureau) == (moves, Status.ACCEPTED, "C330200")
    assert planned.deadline_version == "2020"
