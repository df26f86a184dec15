"""The history of a case: its kinds are those of the code, and the database takes no other."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from services.cases import events
from services.cases.changes import KeyedContext, WorkerContext
from shared.event_kinds import EventKind


def test_the_database_takes_no_other_kind_of_event_or_case(
    received: Callable[..., str], ask: Callable[..., Any]
) -> None:
    received()
    with pytest.raises(IntegrityError, match="ck_case_event_kind"):
        ask("UPDATE case_event SET kind = 'SOMETHING'")
    with pytest.raises(IntegrityError, match="ck_complaint_kind"):
        ask("UPDATE complaint SET kind = 'SOMETHING'")
    for kind in EventKind:
        ask("UPDATE case_event SET kind = :kind WHERE seq = 1", kind=kind)


def test_only_a_context_with_keys_makes_words(context: KeyedContext) -> None:
    assert not hasattr(WorkerContext(context.reference), "words")
    assert context.words(reason="", note=None) is None
    words = context.words(reason="不属本局", note="")
    assert words is not None
    assert (words.texts, words.only(["note"])) == ({"reason": "不属本局"}, None)


def test_words_open_where_they_were_sealed_only(
    received: Callable[..., str], case_of: Callable[..., Any], context: KeyedContext
) -> None:
    case_id = case_of(received()).id
    sealed = events.seal_words(context.words(reason="不属本局"), complaint_id=case_id, seq=4)
    assert events.read_words(sealed, context.ring, complaint_id=case_id, seq=4) == {"reason": "不属本局"}
    assert events.read_words(None, context.ring, complaint_id=case_id, seq=4) == {}
    with pytest.raises(Exception, match="altered or moved"):
        events.read_words(sealed, context.ring, complaint_id=case_id, seq=5)
