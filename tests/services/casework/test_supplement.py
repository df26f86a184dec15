"""What comes after the filing: the case continues, its conditions are re-evaluated, and nothing the user wrote is lost."""

from collections.abc import Callable
from typing import Any

import pytest

from services.cases.changes import KeyedContext
from services.casework import forms
from services.casework.session import DeskSession
from services.casework.supplement import CaseEndedError
from services.desk.perform import VerbOutcome
from services.intake import filer_steps
from services.intake.preparation import IntakeContext
from services.rules.states.table import ConditionsNotMetError
from services.views import desk_case
from shared.database import Database
from shared.vocabulary import OtherProcedure
from tests.services.desks import Run

WAYBILL, OTHER = "75123456789021", "75123456789022"

Case = Callable[[str], Any]
Rows = Callable[[str], Any]
REFUSAL = {"ground": "TIME_BARRED", "legal_basis": "2014 art. 9(6)", "reason": "寄件已超过一年。"}

Act = Callable[..., VerbOutcome]
Make = Callable[..., str]


@pytest.fixture
def whole(
    db: Database, run: Run, context: KeyedContext, desk: Callable[..., DeskSession]
) -> Callable[[str], dict[str, Any]]:
    """Return a function that reads a case whole, as Hangzhou's officer."""
    return lambda number: run(desk_case.read(db, number, desk=desk(), context=context)).model_dump()


def test_a_request_that_is_replaced_stays_in_the_file(
    received: Make, act: Act, whole: Callable[[str], dict[str, Any]]
) -> None:
    number = received()
    before = whole(number)["request"]
    act(number, "supplement", request="请赔偿三倍运费。", waybill="看不清")
    case = whole(number)
    assert case["request"] == "请赔偿三倍运费。"
    [event] = [event for event in case["history"] if event["kind"] == "SUPPLEMENTED"]
    assert event["texts"] == {"request": "请赔偿三倍运费。", "former_request": before}


def test_while_the_user_is_asked_acceptance_stands_still_and_the_total_does_not(
    received: Make,
    act: Act,
    case_of: Case,
    deadlines_of: Rows,
    ask: Callable[..., list[Any]],
    work: Callable[[], None],
) -> None:
    number = received(request=None)
    before = deadlines_of(number)
    act(number, "request-supplement", items=["REQUEST"], message="请补充诉求。")
    deadlines = deadlines_of(number)
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
    after = deadlines_of(number)
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
    act(number, "request-supplement", items=["REQUEST"], message="请补充诉求。")
    with pytest.raises(ConditionsNotMetError, match="wait until the deadline has passed"):
        act(number, "refuse", **refusal)
    ask("UPDATE case_deadline SET due_at = clock_timestamp() WHERE key = 'supplement'")
    act(number, "refuse", **refusal)
    assert case_of(number).status == "REFUSED"
    with pytest.raises(CaseEndedError):
        act(number, "supplement", request="请赔偿。")


def test_what_comes_over_a_merge_replaces_nothing_and_is_kept(
    received: Make,
    act: Act,
    db: Database,
    run: Run,
    context: KeyedContext,
    intake_context: IntakeContext,
    whole: Callable[[str], dict[str, Any]],
) -> None:
    into, number = received(item={"waybill": WAYBILL}), received(item={"waybill": WAYBILL})
    act(number, "merge", into=into, reason="同一快件")
    before = whole(into)["request"]
    form = forms.Supplement(
        request="请退还运费。", waybill=OTHER, message="补充", other_procedure=OtherProcedure.LITIGATION
    )
    run(filer_steps.supplement(db, number, form, "k", caller=intake_context.caller, context=context))
    after = whole(into)
    assert (after["request"], after["waybill"][-4:]) == (before, WAYBILL[-4:])
    assert after["other_procedure"] == "LITIGATION"
    [event] = [event for event in after["history"] if event["kind"] == "SUPPLEMENTED"]
    assert event["texts"] == {"message": "补充", "request": "请退还运费。"}
    act(number, "unmerge", reason="并非同一事项")
    assert whole(into)["request"] == before
