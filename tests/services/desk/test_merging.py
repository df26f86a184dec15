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
from services.merging.merge import MergeError
from services.requests.answers import KeyReusedError
from services.rules.states.table import ConditionsNotMetError
from shared.database import Database
from shared.errors import NotFoundError
from tests.services.desks import Run

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


def test_a_merge_is_a_pointer_and_its_undoing_leads_back(
    pair: tuple[str, str], act: Act, case_of: Case, deadlines_of: Rows, events_of: Rows
) -> None:
    first, second = pair
    before = deadlines_of(second)
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
    back, after = case_of(second), deadlines_of(second)
    assert (back.status, back.merged_into, back.merged_from) == ("RECEIVED", None, None)
    assert {
        key: (deadline.due_at, deadline.round, deadline.stopped_at)
        for key, deadline in after.items()
        if key != "claim"
    } == {key: (deadline.due_at, deadline.round, None) for key, deadline in before.items() if key != "claim"}
    assert back.next_due_at is not None
    assert events_of(first)[-1].kind == "GAVE_BACK"


def test_a_case_that_was_with_the_enterprise_goes_back_there_without_a_second_notice(
    forwarded: Make, act: Act, case_of: Case, deadlines_of: Rows, ask: Ask
) -> None:
    first, second = forwarded(), forwarded()
    due = deadlines_of(second)["enterprise_reply"].due_at
    act(second, "merge", into=first, reason="同一事项")
    act(second, "unmerge", reason="并非同一事项")
    assert case_of(second).status == "FORWARDED"
    assert (
        deadlines_of(second)["enterprise_reply"].due_at,
        deadlines_of(second)["enterprise_reply"].round,
    ) == (
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
    assert ask("SELECT state FROM duplicate_candidate") == [("DISMISSED",)]
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
