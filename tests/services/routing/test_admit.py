"""Conditions weighed again: what passes is taken up, the rest waits with its checks; the machine never refuses."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from services.intake.preparation import Prepared
from services.reference.data import ReferenceData
from services.routing import admit
from shared.database import Database

Ask = Callable[..., list[Any]]
Case = Callable[[str], Any]
Record = Callable[..., dict[str, Any]]
Waits = Callable[..., str]
ITEM = {"item": {"waybill": "75123456789012"}}


@pytest.fixture
def waits(
    prepare: Callable[..., Prepared],
    store: Callable[[Sequence[Prepared]], list[str]],
    route_all: Callable[..., int],
    ask: Ask,
) -> Waits:
    """Return a function that makes a case which waits for its request, and for its conditions to be weighed again."""

    def _waits(**changes: Any) -> str:
        [number] = store([prepare(**({"request": None} | changes))])
        route_all()
        ask(
            "INSERT INTO task (bucket, id, kind, subject_id) SELECT bucket, gen_random_uuid(), 'admit', id "
            "FROM complaint WHERE number = :n",
            n=number,
        )
        return number

    return _waits


@pytest.fixture
def admit_all(db: Database, run: Callable[[Any], Any], reference: ReferenceData) -> Callable[..., int]:
    """Return a function that weighs a batch again; returns how many tasks it took."""
    return lambda by=reference: int(run(admit.admit_batch(db, by, size=100, lease=timedelta(minutes=5))))


def _supplement(ask: Ask) -> None:
    ask("UPDATE complaint SET elements_complete = true")


def test_what_passes_now_is_taken_up_and_goes_on_to_the_enterprise(
    waits: Waits, admit_all: Callable[..., int], ask: Ask, case_of: Case, record_of: Record
) -> None:
    number = waits()
    _supplement(ask)
    assert (admit_all(), admit_all()) == (1, 0)
    assert case_of(number).status == "FORWARDED"
    decision = record_of(number, "CONDITIONS_REEVALUATED")
    assert decision["admission"]["passed"] is True
    assert decision.keys() == {"rulebook", "reference", "facts", "admission"}
    assert ask("SELECT kind FROM task") == []
    assert ask("SELECT audience, type FROM feed_entry") == [("carrier:ZTO", "case.forwarded")]


def test_what_does_not_pass_waits_with_its_checks_and_is_refused_by_nobody(
    waits: Waits, admit_all: Callable[..., int], ask: Ask, case_of: Case, record_of: Record
) -> None:
    number = waits()
    assert admit_all() == 1
    assert case_of(number).status == "RECEIVED"
    assert record_of(number, "CONDITIONS_REEVALUATED")["admission"]["proposed_ground"] == "MISSING_ELEMENTS"
    assert ask("SELECT kind FROM task") == []


def test_a_bureau_that_looks_first_and_an_uncertain_place_leave_it_to_an_officer(
    waits: Waits, admit_all: Callable[..., int], ask: Ask, case_of: Case, cautious: ReferenceData
) -> None:
    number = waits()
    _supplement(ask)
    admit_all(cautious)
    assert case_of(number).status == "RECEIVED"
    uncertain = waits()
    _supplement(ask)
    ask("UPDATE complaint SET triage = true WHERE number = :n", n=uncertain)
    admit_all()
    assert case_of(uncertain).status == "RECEIVED"


def test_a_repetition_that_proves_itself_is_merged_and_not_taken_up(
    prepare: Callable[..., Prepared],
    store: Callable[[Sequence[Prepared]], list[str]],
    route_all: Callable[..., int],
    waits: Waits,
    admit_all: Callable[..., int],
    ask: Ask,
    case_of: Case,
) -> None:
    [first] = store([prepare(**ITEM, issue_detail_code="FALSE_SIGN")])
    route_all()
    # without the reason under the issue it is no duplicate by the check, and compatible with one that has it
    second = waits(**ITEM, cites=first)
    ask("DELETE FROM task WHERE kind <> 'admit'")
    _supplement(ask)
    admit_all()
    assert case_of(second).status == "RECEIVED"
    assert ask("SELECT kind, subject_id FROM task") == [("merge", case_of(second).id)]


@pytest.mark.parametrize("status", ["FORWARDED", "AWAITING_SUPPLEMENT", "WITHDRAWN"])
def test_a_case_that_moved_on_meanwhile_is_left_alone(
    status: str, waits: Waits, admit_all: Callable[..., int], ask: Ask, case_of: Case
) -> None:
    number = waits()
    ask("UPDATE complaint SET elements_complete = true, status = :status", status=status)
    before = case_of(number)
    assert admit_all() == 1
    assert case_of(number) == before
    # it is done, and not tried again
    assert ask("SELECT 1 FROM task") == []
