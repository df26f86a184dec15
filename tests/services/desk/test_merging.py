"""Repeated demands as one: proposed with evidence, merged by an officer or by proof, followed by input, undone."""

from collections.abc import Callable
from typing import Any

import pytest

from services.access.clients import Caller
from services.cases.changes import KeyedContext
from services.casework import forms
from services.casework.session import DeskSession
from services.desk.perform import VerbOutcome
from services.intake import filer_steps
from services.intake.preparation import IntakeContext
from services.merging import proven
from services.merging.merge import MergeError
from services.reference.data import ReferenceData
from services.requests.answers import KeyReusedError
from services.rules.states.table import ConditionsNotMetError
from shared.database import Database
from shared.errors import NotFoundError
from tests.services.desks import HOUR, Run

Act = Callable[..., VerbOutcome]
Make = Callable[..., str]
Case = Callable[[str], Any]
Rows = Callable[[str], Any]
Ask = Callable[..., list[Any]]
ITEM = {"item": {"waybill": "75123456789012"}}


@pytest.fixture
def pair(forwarded: Make, received: Make) -> tuple[str, str]:
    """Return a case that is with the enterprise, and a later one of the same item, cause and person."""
    return forwarded(**ITEM), received(**ITEM)


@pytest.fixture
def merge_proven(db: Database, run: Run, reference: ReferenceData) -> Callable[[], int]:
    """Return a function that does what the worker does about proven repetitions."""
    return lambda: int(run(proven.merge_batch(db, reference, size=100, lease=HOUR)))


def _candidates(ask: Ask) -> list[tuple[Any, ...]]:
    rows = ask(
        "SELECT c.number, o.number, d.evidence, d.state FROM duplicate_candidate d "
        "JOIN complaint c ON c.id = d.complaint_id JOIN complaint o ON o.id = d.other_id"
    )
    return [tuple(row) for row in rows]


def test_a_repetition_is_proposed_with_its_evidence_and_merged_by_nobody(
    pair: tuple[str, str], ask: Ask, case_of: Case, events_of: Rows, merge_proven: Callable[[], int]
) -> None:
    first, second = pair
    assert _candidates(ask) == [(second, first, ["WAYBILL", "CAUSE", "PHONE"], "PROPOSED")]
    event = next(event for event in events_of(second) if event.kind == "DUPLICATE_PROPOSED")
    assert event.data == {"cases": [{"number": first, "evidence": ["WAYBILL", "CAUSE", "PHONE"]}]}
    assert merge_proven() == 0
    assert case_of(second).status == "RECEIVED"


@pytest.mark.parametrize(
    "changes",
    [
        {"complainant": {"name": "李四", "phone": "13900139000", "role": "ADDRESSEE"}},
        {"issue_code": "DELAY"},
        {"carrier_code": "YTO"},
        {"item": {"waybill": "75123456789013"}},
    ],
    ids=["another person", "another cause", "another enterprise", "another item"],
)
def test_what_is_not_the_same_matter_is_not_proposed(
    changes: dict[str, Any], forwarded: Make, received: Make, ask: Ask
) -> None:
    forwarded(**ITEM)
    received(**(ITEM | changes))
    assert _candidates(ask) == []


def test_a_request_that_names_the_earlier_case_is_merged_by_the_machine(
    forwarded: Make, received: Make, ask: Ask, case_of: Case, merge_proven: Callable[[], int], events_of: Rows
) -> None:
    first = forwarded(**ITEM)
    second = received(**ITEM, cites=first)
    assert case_of(second).status == "RECEIVED"
    assert merge_proven() == 1
    assert (case_of(second).status, case_of(second).merged_into) == ("MERGED", case_of(first).id)
    assert _candidates(ask)[0][3] == "MERGED"
    merged = events_of(second)[-1]
    assert (merged.kind, merged.actor, merged.data["into"]) == ("MERGED", "WORKER", first)


def test_to_name_a_case_proves_nothing_without_item_cause_and_person(
    forwarded: Make, received: Make, case_of: Case, merge_proven: Callable[[], int]
) -> None:
    first = forwarded(**ITEM)
    stranger = {"complainant": {"name": "李四", "phone": "13900139000", "role": "ADDRESSEE"}}
    second = received(**ITEM, **stranger, cites=first)
    third = received(cites=first)
    assert merge_proven() == 0
    assert {case_of(number).status for number in (second, third)} == {"RECEIVED"}


def test_a_proven_repetition_of_a_case_that_ended_waits_for_an_officer(
    forwarded: Make, received: Make, act: Act, case_of: Case, merge_proven: Callable[[], int]
) -> None:
    first = forwarded(**ITEM)
    act(first, "withdraw", reason="用户撤回")
    second = received(**ITEM, cites=first)
    merge_proven()
    assert case_of(second).status == "RECEIVED"


def test_a_merge_is_a_pointer_and_its_undoing_leads_back(
    pair: tuple[str, str], act: Act, case_of: Case, clocks_of: Rows, events_of: Rows
) -> None:
    first, second = pair
    before = clocks_of(second)
    with pytest.raises(ConditionsNotMetError):
        act(second, "merge", into=first)
    outcome = act(second, "merge", into=first, reason="同一快件同一诉求")
    assert outcome.answer.model_dump()["merged_into"] == first
    merged = case_of(second)
    assert (merged.status, merged.merged_from, merged.next_due_at, merged.claimed_by) == (
        "MERGED",
        "RECEIVED",
        None,
        None,
    )
    assert "TOOK_OVER" in [event.kind for event in events_of(first)]
    act(second, "unmerge", reason="并非同一事项")
    back, after = case_of(second), clocks_of(second)
    assert (back.status, back.merged_into, back.merged_from) == ("RECEIVED", None, None)
    assert {
        key: (deadline.due_at, deadline.round, deadline.stopped_at)
        for key, deadline in after.items()
        if key != "claim"
    } == {key: (deadline.due_at, deadline.round, None) for key, deadline in before.items() if key != "claim"}
    assert back.next_due_at is not None
    assert events_of(first)[-1].kind == "GAVE_BACK"


def test_a_case_that_was_with_the_enterprise_goes_back_there_without_a_second_notice(
    forwarded: Make, act: Act, case_of: Case, clocks_of: Rows, ask: Ask
) -> None:
    first, second = forwarded(), forwarded()
    due = clocks_of(second)["enterprise_reply"].due_at
    act(second, "merge", into=first, reason="同一事项")
    act(second, "unmerge", reason="并非同一事项")
    assert case_of(second).status == "FORWARDED"
    assert (clocks_of(second)["enterprise_reply"].due_at, clocks_of(second)["enterprise_reply"].round) == (
        due,
        1,
    )
    types = [
        row.type
        for row in ask(
            "SELECT type FROM feed_entry f JOIN complaint c ON c.id = f.complaint_id WHERE c.number = :number ORDER BY seq",
            number=second,
        )
    ]
    assert types == ["case.forwarded", "case.merged", "case.unmerged"]


@pytest.mark.parametrize("wrong", ["itself", "ended", "another enterprise"])
def test_what_cannot_be_merged(wrong: str, forwarded: Make, received: Make, act: Act) -> None:
    number = received()
    if wrong == "itself":
        into = number
    elif wrong == "ended":
        into = forwarded()
        act(into, "withdraw", reason="x")
    else:
        into = forwarded(carrier_code="YTO")
    with pytest.raises(MergeError):
        act(number, "merge", into=into, reason="x")
    with pytest.raises(NotFoundError):
        act(number, "merge", into=forwarded(addressee={"region_code": "440103"}), reason="x")


def test_a_dismissed_proposal_is_gone_for_good(pair: tuple[str, str], act: Act, ask: Ask) -> None:
    first, second = pair
    act(second, "dismiss-duplicate", other=first, reason="两次不同的快件")
    assert _candidates(ask)[0][3] == "DISMISSED"
    with pytest.raises(MergeError, match="`duplicates` of the case lists"):
        act(second, "dismiss-duplicate", other=first, reason="again")


def test_later_input_follows_the_merge(
    pair: tuple[str, str],
    act: Act,
    db: Database,
    run: Run,
    intake_context: IntakeContext,
    context: KeyedContext,
    case_of: Case,
    events_of: Rows,
) -> None:
    first, second = pair
    act(second, "merge", into=first, reason="同一事项")
    form = forms.Supplement(message="又收到一条短信。")

    def _send(key: str = "k", **changes: Any) -> Any:
        sent = form.model_copy(update=changes)
        return run(
            filer_steps.supplement(db, second, sent, key, caller=intake_context.caller, context=context)
        )

    answered = _send()
    assert not answered.replayed
    assert events_of(first)[-1].kind == "SUPPLEMENTED"
    version = case_of(first).version
    assert _send().receipt == answered.receipt
    assert _send().replayed
    assert case_of(first).version == version
    with pytest.raises(KeyReusedError):
        _send(message="另一条")


def test_a_client_takes_back_its_own_and_nobody_elses(
    pair: tuple[str, str],
    db: Database,
    run: Run,
    intake_context: IntakeContext,
    context: KeyedContext,
    case_of: Case,
    new_context: Callable[..., IntakeContext],
    act: Act,
) -> None:
    first, second = pair
    act(second, "claim")
    reason = forms.Reason(reason="用户来电撤回")
    other: Caller = new_context("complaint:read:all", "complaint:write").caller
    with pytest.raises(NotFoundError):
        run(filer_steps.withdraw(db, first, reason, caller=other, context=context))
    withdrawn = run(filer_steps.withdraw(db, second, reason, caller=intake_context.caller, context=context))
    assert (withdrawn.status, case_of(second).claimed_by) == ("WITHDRAWN", None)
    assert (
        run(filer_steps.withdraw(db, second, reason, caller=intake_context.caller, context=context))
        == withdrawn
    )
    assert case_of(first).status == "FORWARDED"


def test_a_superior_may_undo_what_an_officer_merged(
    pair: tuple[str, str], act: Act, desk: Callable[..., DeskSession], case_of: Case
) -> None:
    first, second = pair
    act(second, "merge", into=first, reason="同一事项")
    act(second, "unmerge", by=desk("P330000"), reason="误并")
    assert case_of(second).status == "RECEIVED"
