"""One case as its enterprise sees it: what was said to this enterprise and to no other, and what it has acknowledged."""

from collections.abc import Callable
from typing import Any

import pytest

from services.access.clients import Caller
from services.access.scopes import Scope
from services.cases.changes import KeyedContext
from services.casework.session import DeskSession
from services.views import carrier_case
from shared import ids
from shared.database import Database
from shared.errors import NotFoundError
from tests.services.desks import Run

Act = Callable[..., Any]
Make = Callable[..., str]
Find = Callable[..., dict[str, Any]]


def _caller(code: str) -> Caller:
    return Caller(
        ids.uuid7(), f"key-{code}", "carrier", frozenset({Scope.CARRIER_EXCHANGE}), code, None, None, 600
    )


@pytest.fixture
def find(db: Database, run: Run, context: KeyedContext) -> Find:
    """Return a function that reads a case as a carrier."""
    ring = context.ring

    def _find(number: str, code: str = "ZTO") -> dict[str, Any]:
        case: dict[str, Any] = run(carrier_case.find(db, number, caller=_caller(code), ring=ring))
        return case

    return _find


def test_who_takes_a_case_over_reads_nothing_that_was_said_to_the_one_before(
    forwarded: Make,
    act: Act,
    desk: Callable[..., DeskSession],
    find: Find,
    ask: Callable[..., Any],
) -> None:
    number = forwarded()
    act(number, "follow-up", message="给第一家的话")
    assert [event["text"] for event in find(number)["messages"]] == [None, "给第一家的话"]
    # silent beyond its deadline, closed, reopened without a reply, and handed to another
    ask("UPDATE case_deadline SET due_at = clock_timestamp() WHERE key = 'enterprise_reply'")
    finding = {"close_reason": "OTHER", "responsibility": "ENTERPRISE", "responsible_unit": "杭州分拨"}
    act(number, "close-unanswered", answer="企业未答复。", **finding)
    act(number, "reopen", reason="重新转办", by=desk(officer="chen.jie", supervisor=True))
    by = desk(officer="chen.jie", supervisor=True)
    act(number, "forward", carrier_code="YTO", instruction="给第二家的话", by=by)
    # the one before is told that the case is another's, and sees it no more
    query = "SELECT type FROM feed_entry WHERE audience = :audience ORDER BY seq"
    assert ask(query, audience="carrier:ZTO")[-1].type == "case.moved"
    assert [entry.type for entry in ask(query, audience="carrier:YTO")] == ["case.forwarded"]
    with pytest.raises(NotFoundError):
        find(number)
    theirs = find(number, "YTO")
    assert [event["text"] for event in theirs["messages"]] == ["给第二家的话"]
    assert "第一家" not in str(theirs)


def test_a_rework_is_shown_with_its_ground_and_text(
    forwarded: Make, act: Act, put_reply: Callable[[str], None], find: Find, ask: Callable[..., Any]
) -> None:
    number = forwarded()
    put_reply(number)
    # its words are another matter's tests
    ask("UPDATE reply SET by = 'tests'")
    act(number, "rework", ground="ACCOUNT_DIFFERS", reason="用户称未收到。")
    last = find(number)["messages"][-1]
    assert (last["type"], last["text"], last["ground"]) == (
        "case.rework",
        "用户称未收到。",
        "ACCOUNT_DIFFERS",
    )
