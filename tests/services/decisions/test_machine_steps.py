"""What the machine does with a decision: it routes, accepts where all passes, forwards where somebody is supervised."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from services.cases import opened_case
from services.cases.case_row import CaseHead
from services.cases.changes import CaseChange, NewEvent
from services.decisions import decide, facts, machine_steps
from services.intake.preparation import Prepared
from services.reference.data import ReferenceData
from shared.event_kinds import EventKind

Route = Callable[..., CaseChange]


@pytest.fixture
def route(prepare: Callable[..., Prepared], reference: ReferenceData) -> Route:
    """Return a function that routes a case of a filing; `head` are columns of the case that differ."""

    def _route(
        *, head: dict[str, Any] | None = None, by: dict[str, Any] | None = None, **changes: Any
    ) -> CaseChange:
        filing = prepare(**changes)
        assert filing.facts is not None
        row = filing.complaint | {"number": "20211101400000018"}
        case = opened_case.begin(row, (), row["received_at"]).head
        case_facts = facts.facts(filing.facts, reference)
        return machine_steps.routed(
            dataclasses.replace(case, **(head or {})),
            case_facts,
            decide.route(case_facts, reference),
            reference,
            **(by or {}),
        )

    return _route


def _kinds(change: CaseChange) -> list[EventKind]:
    return [event.kind for event in change.new_events]


def test_what_passes_every_check_is_accepted(route: Route) -> None:
    change = route()
    assert _kinds(change) == [EventKind.ROUTED, EventKind.ACCEPTED]
    assert (change.status, change.bureau) == ("ACCEPTED", "C330100")
    assert change.starts


@pytest.mark.parametrize(
    ("by", "changes"),
    [({}, {"enterprise_complaint": None}), ({"proven_repetition": True}, {})],
    ids=["a check that fails", "a proven repetition"],
)
def test_what_does_not_waits_for_an_officer(
    by: dict[str, Any], changes: dict[str, Any], route: Route
) -> None:
    change = route(by=by, **changes)
    assert _kinds(change) == [EventKind.ROUTED, EventKind.WAITS_FOR_OFFICER]
    assert (change.move, change.status) == (None, "RECEIVED")


def test_proposals_follow_the_decision(route: Route) -> None:
    proposal = NewEvent(EventKind.DUPLICATE_PROPOSED, {"cases": []})
    assert _kinds(route(by={"proposals": [proposal]}))[-1] is EventKind.DUPLICATE_PROPOSED


def test_a_case_that_was_withdrawn_is_placed_and_nothing_else(route: Route) -> None:
    change = route(head={"status": "WITHDRAWN"})
    assert _kinds(change) == [EventKind.ROUTED]
    assert (change.columns["handling_bureau"], list(change.starts)) == ("C330100", [])


def _accepted(route: Route, **head: Any) -> CaseHead:
    return dataclasses.replace(route().case, status="ACCEPTED", handling_bureau="C330100", **head)


@pytest.mark.parametrize(
    ("carrier_code", "kind"),
    [
        ("ZTO", EventKind.FORWARDED),
        ("HOAU", EventKind.WAITS_FOR_OFFICER),
        ("", EventKind.WAITS_FOR_OFFICER),
        ("NOBODY", EventKind.WAITS_FOR_OFFICER),
    ],
)
def test_only_a_supervised_enterprise_gets_a_case(
    carrier_code: str, kind: EventKind, route: Route, reference: ReferenceData
) -> None:
    change = machine_steps.forwarded(_accepted(route, carrier_code=carrier_code), reference)
    assert _kinds(change) == [kind]
    assert (change.move is not None) is (kind is EventKind.FORWARDED)


def test_who_is_not_supervised_gets_no_case(packaged: ReferenceData) -> None:
    outside = next(carrier.code for carrier in packaged.carriers.values() if not carrier.in_scope)
    codes = ("ZTO", outside, "", "NOBODY")
    assert [machine_steps.respondent_in_scope(code, packaged) for code in codes] == [
        True,
        False,
        False,
        False,
    ]
