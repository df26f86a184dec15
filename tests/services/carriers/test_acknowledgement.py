"""An enterprise acknowledges what was last handed to it: once for each hand-over, and never what has ended."""

from collections.abc import Callable
from typing import Any

import pytest

from services.access.clients import Caller
from services.access.scopes import Scope
from services.carriers import acknowledgement
from services.carriers.acknowledgement import NothingToAcknowledgeError
from services.cases.changes import KeyedContext
from shared import ids
from shared.database import Database
from shared.errors import NotFoundError
from tests.services.carriers.conftest import Run

Act = Callable[..., Any]
Make = Callable[..., str]
Acknowledge = Callable[..., dict[str, Any]]


def _caller(code: str) -> Caller:
    return Caller(
        ids.uuid7(), f"key-{code}", "carrier", frozenset({Scope.CARRIER_EXCHANGE}), code, None, None, 600
    )


@pytest.fixture
def acknowledge(db: Database, run: Run, context: KeyedContext) -> Acknowledge:
    """Return a function that acknowledges a case as a carrier."""

    def _acknowledge(number: str, code: str = "ZTO") -> dict[str, Any]:
        done: dict[str, Any] = run(
            acknowledgement.acknowledge(db, number, caller=_caller(code), context=context)
        )
        return done

    return _acknowledge


def test_what_is_sent_back_is_acknowledged_anew(
    forwarded: Make,
    act: Act,
    put_reply: Callable[[str], None],
    acknowledge: Acknowledge,
    case_of: Any,
    events_of: Any,
) -> None:
    number = forwarded()
    first = acknowledge(number)
    assert acknowledge(number) == first
    put_reply(number)
    act(number, "rework", ground="ACCOUNT_DIFFERS", reason="用户称未收到。")
    again = acknowledge(number)
    assert again["acknowledged_at"] > first["acknowledged_at"]
    assert acknowledge(number) == again
    assert case_of(number).acknowledged_at == again["acknowledged_at"]
    kinds = [event.kind for event in events_of(number)]
    assert kinds.count("ACKNOWLEDGED") == 2


def test_what_has_ended_or_is_anothers_is_not_acknowledged(
    forwarded: Make, act: Act, acknowledge: Acknowledge, case_of: Any
) -> None:
    ended, other = forwarded(), forwarded(carrier_code="YTO")
    act(ended, "withdraw", reason="用户撤回")
    with pytest.raises(NothingToAcknowledgeError) as refused:
        acknowledge(ended)
    assert refused.value.members == {"case_status": "WITHDRAWN"}
    with pytest.raises(NotFoundError):
        acknowledge(other)
    assert case_of(ended).acknowledged_at is None
