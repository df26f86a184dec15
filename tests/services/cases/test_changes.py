"""A change of a case: its status and bureau afterwards, and that only a context with keys makes words."""

import pytest

from services.cases.case_update import CaseUpdate
from services.cases.changes import CaseChange, KeyedContext, NewEvent, WorkerContext
from services.rules.states.complaints import CONSUMER_COMPLAINTS
from services.rules.states.verbs import Actor, Verb
from shared.event_kinds import EventKind
from shared.vocabulary import Status
from tests.services.case_rows import head

EVENT = NewEvent(EventKind.NOTE)


def test_the_status_afterwards_is_that_of_the_move() -> None:
    move = CONSUMER_COMPLAINTS.check(Verb.ACCEPT, Status.RECEIVED, Actor.WORKER)
    assert (
        CaseChange(case=head(), actor=Actor.WORKER, new_events=[EVENT], move=move).status is Status.ACCEPTED
    )
    # without a move: the stored text as a status
    stays = CaseChange(case=head(status="REPLIED"), actor=Actor.WORKER, new_events=[EVENT])
    assert stays.status is Status.REPLIED


@pytest.mark.parametrize(
    ("columns", "bureau"),
    [
        ({}, "C330100"),
        ({"handling_bureau": "C330200"}, "C330200"),
        ({"handling_bureau": None}, None),
        ({"province": "440000"}, "C330100"),
    ],
)
def test_the_bureau_afterwards_is_the_one_that_the_change_names(
    columns: CaseUpdate, bureau: str | None
) -> None:
    change = CaseChange(case=head(), actor=Actor.REVIEWER, new_events=[EVENT], columns=columns)
    assert change.bureau == bureau


def test_an_event_without_data_shares_none_with_another() -> None:
    assert NewEvent(EventKind.NOTE).data == {}
    with pytest.raises(TypeError):
        NewEvent(EventKind.NOTE).data["by"] = "li.na"  # type: ignore[index] # that it cannot be written is the test


def test_a_context_shows_neither_reference_data_nor_keys(context: KeyedContext) -> None:
    assert repr(WorkerContext(context.reference)) == "WorkerContext()"
    assert repr(context) == "KeyedContext()"
    words = context.words(reason="理由", note=None)
    assert words is not None
    assert words.texts == {"reason": "理由"}
