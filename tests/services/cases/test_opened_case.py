"""A case that goes on before it is stored: what its changes leave is one row, and its deadlines as they now stand."""

import dataclasses
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from services.cases import opened_case
from services.cases.changes import CaseChange, NewEvent, WorkerContext
from services.cases.new_case import NewCase
from services.cases.opened_case import OpenedCase
from services.decisions import decide, facts, machine_steps
from services.intake.preparation import Prepared
from services.reference.data import ReferenceData
from services.rules.deadlines import schedule
from services.rules.states.verbs import Actor
from shared.event_kinds import EventKind
from shared.vocabulary import DeadlineKind

HOUR = timedelta(hours=1)
Begin = Callable[..., OpenedCase]


@pytest.fixture
def begin(prepare: Callable[..., Prepared], reference: ReferenceData) -> Begin:
    """Return a function that begins a case and routes it, hours after its receipt; `at_once` it is forwarded, too."""

    def _begin(hours: float = 0, *, at_once: bool = False, **changes: Any) -> OpenedCase:
        filing = prepare(**changes)
        assert filing.facts is not None
        row: NewCase = {**filing.complaint, "number": "20211101400000018"}
        case = opened_case.begin(row, filing.deadlines, row["received_at"] + hours * HOUR)
        case_facts = facts.facts(filing.facts, reference)
        decision = decide.route(case_facts, reference)
        following = partial(machine_steps.next_change, reference) if at_once else None
        change = machine_steps.routed(case.head, case_facts, decision, reference)
        opened_case.follow([case], [change], WorkerContext(reference), following)
        return case

    return _begin


def _follow(case: OpenedCase, change: CaseChange, reference: ReferenceData) -> None:
    opened_case.follow([case], [change], WorkerContext(reference))


def _changed(case: OpenedCase, starts: Sequence[Any] = (), stops: Sequence[DeadlineKind] = ()) -> CaseChange:
    note = NewEvent(EventKind.NOTE)
    return CaseChange(case=case.head, actor=Actor.WORKER, new_events=[note], starts=starts, stops=stops)


def _of_kind(case: OpenedCase, kind: DeadlineKind) -> list[tuple[int, str | None]]:
    return [(row["round"], row["outcome"]) for row in case.deadlines if row["key"] == kind]


def test_changes_one_after_another_leave_one_row(begin: Begin, reference: ReferenceData) -> None:
    case = begin()
    assert (case.row["status"], case.head.version) == ("ACCEPTED", 3)
    _follow(case, machine_steps.forwarded(case.head, reference), reference)
    moment = case.head.moment
    assert (case.row["status"], case.row["version"], case.row["handling_bureau"]) == (
        "FORWARDED",
        4,
        "C330100",
    )
    assert {case.row[name] for name in ("created_at", "routed_at", "accepted_at", "forwarded_at")} == {moment}
    assert [(entry.audience, entry.type, entry.seq) for entry in case.messages] == [
        ("carrier:ZTO", "case.forwarded", 4)
    ]
    assert case.days


def test_the_nearest_deadline_is_that_of_those_that_run(begin: Begin, reference: ReferenceData) -> None:
    case = begin()
    _follow(case, machine_steps.forwarded(case.head, reference), reference)
    running = [row["due_at"] for row in case.deadlines if row["stopped_at"] is None]
    assert case.row["next_due_at"] == min(running)
    assert len(running) < len(case.deadlines)
    assert all((row["next_check_at"] is None) == (row["stopped_at"] is not None) for row in case.deadlines)


@pytest.mark.parametrize(("hours", "outcome"), [(0, "MET"), (25 * 24, "LATE")])
def test_a_deadline_that_had_passed_at_the_receipt_ends_late(
    hours: float, outcome: str, begin: Begin
) -> None:
    assert _of_kind(begin(hours), DeadlineKind.ACCEPTANCE) == [(1, outcome)]


def test_a_deadline_that_starts_again_is_another_round(begin: Begin, reference: ReferenceData) -> None:
    case = begin()
    started = schedule.start(
        DeadlineKind.ACCEPTANCE, case.head.moment, reference.timetable(None), reference.deadlines
    )
    _follow(case, _changed(case, starts=[started]), reference)
    assert _of_kind(case, DeadlineKind.ACCEPTANCE) == [(1, "MET"), (2, None)]
    _follow(case, _changed(case, stops=[DeadlineKind.ACCEPTANCE]), reference)
    assert _of_kind(case, DeadlineKind.ACCEPTANCE) == [(1, "MET"), (2, "MET")]


def test_a_deadline_that_runs_already_is_not_put_back(begin: Begin, reference: ReferenceData) -> None:
    case = begin()
    effect = WorkerContext(reference)
    before = [dict(row) for row in case.deadlines]
    waits = NewEvent(EventKind.WAITS_FOR_OFFICER, {"bureau": "C330100"})
    change = CaseChange(case=case.head, actor=Actor.WORKER, new_events=[waits])
    opened_case.follow([case], [change], effect)
    claims = [row for row in case.deadlines if row["key"] == DeadlineKind.CLAIM]
    opened_case.follow([case], [dataclasses.replace(change, case=case.head)], effect)
    assert [row for row in case.deadlines if row["key"] == DeadlineKind.CLAIM] == claims
    assert case.deadlines[: len(before)] == before


def test_a_deadline_that_the_next_change_ends_as_it_begins_is_not_stored(
    begin: Begin,
) -> None:
    assert _of_kind(begin(), DeadlineKind.FORWARD) == [(1, None)]
    case = begin(at_once=True)
    assert (case.row["status"], case.row["version"]) == ("FORWARDED", 4)
    assert _of_kind(case, DeadlineKind.FORWARD) == []
    assert _of_kind(case, DeadlineKind.ACCEPTANCE) == [(1, "MET")]
