"""A case that something happens to before it was routed: nobody's desk yet, and the worker never stumbles over it."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from services.cases.changes import KeyedContext
from services.casework import forms
from services.casework.session import NotYourCaseError
from services.intake import filer_steps
from services.intake.preparation import IntakeContext, Prepared
from shared.database import Database

Prepare = Callable[..., Prepared]
Store = Callable[[Sequence[Prepared]], list[str]]
Read = Callable[[str], Any]
ITEM = {"item": {"waybill": "75000000000012"}}


def test_what_was_withdrawn_at_once_is_placed_and_counted_and_nothing_more(
    prepare: Prepare,
    store: Store,
    work: Callable[[], None],
    db: Database,
    run: Callable[..., Any],
    intake_context: IntakeContext,
    context: KeyedContext,
    case_of: Read,
    deadlines_of: Read,
    events_of: Read,
    ask: Callable[..., list[Any]],
) -> None:
    [earlier] = store([prepare(**ITEM)])
    work()
    [number] = store([prepare(**ITEM, cites=earlier)])
    reason = forms.Reason(reason="用户立即撤回")
    run(filer_steps.withdraw(db, number, reason, caller=intake_context.caller, context=context))
    work()
    case = case_of(number)
    assert (case.status, case.handling_bureau) == ("WITHDRAWN", "C330100")
    assert case.routed_at is not None
    assert [event.kind for event in events_of(number)] == ["RECEIVED", "WITHDRAWN", "ROUTED"]
    assert all(deadline.stopped_at is not None for deadline in deadlines_of(number).values())
    assert ask("SELECT kind FROM task") == []
    assert ask("SELECT 1 FROM duplicate_candidate") == []


@pytest.mark.parametrize(
    ("verb", "form"),
    [
        ("reassign", {"bureau": "C330200", "reason": "属宁波"}),
        ("level", {"level": "L2", "reason": "急"}),
        ("note", {"note": "先看看"}),
    ],
)
def test_no_desk_acts_on_what_has_no_bureau_yet(
    prepare: Prepare,
    store: Store,
    act: Callable[..., Any],
    desk: Callable[..., Any],
    verb: str,
    form: dict[str, Any],
) -> None:
    [number] = store([prepare()])
    with pytest.raises(NotYourCaseError, match="waits to be assigned"):
        act(number, verb, by=desk("N000000", "chen.jie", supervisor=True), **form)
