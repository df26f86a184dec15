"""Calls of the demo: what may be repeated is repeated, and a refusal ends in one sentence."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import httpx
import pytest

from ops.demo import calls
from ops.demo.calls import Patience
from ops.stack.processes import StackError

PROBLEM = {"detail": "The case is closed.", "errors": [{"pointer": "/reason", "message": "say why"}]}


def _ask(answers: Sequence[httpx.Response | Exception]) -> tuple[Any, int]:
    """Return what a call comes to when the service answers so, and how often it was asked."""
    waiting = list(answers)
    requests: list[httpx.Request] = []

    def _answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        answer = waiting.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def _go() -> Any:
        async with httpx.AsyncClient(
            transport=httpx.MockTransport(_answer), base_url="http://shensu"
        ) as client:
            return await calls.ask(client, "GET", "/v1/x")

    return asyncio.run(_go()), len(requests)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sleep: Callable[[float], Any] = asyncio.sleep
    monkeypatch.setattr(asyncio, "sleep", lambda _seconds: sleep(0))


def test_an_answer_is_its_json() -> None:
    assert _ask([httpx.Response(200, json={"a": 1})]) == ({"a": 1}, 1)


@pytest.mark.parametrize(
    "first",
    [httpx.Response(503, headers={"retry-after": "1"}), httpx.Response(429), httpx.ConnectError("away")],
    ids=["unavailable", "rate", "away"],
)
def test_what_may_be_repeated_is_repeated(first: httpx.Response | Exception) -> None:
    assert _ask([first, first, httpx.Response(200, json=1)]) == (1, 3)


def test_a_refusal_is_not_repeated_and_says_what_was_wrong() -> None:
    with pytest.raises(StackError, match=r"answered 422: The case is closed\. /reason: say why"):
        _ask([httpx.Response(422, json=PROBLEM)])
    with pytest.raises(StackError, match="answered 500: no problem document"):
        _ask([httpx.Response(500, text="x")])


def test_a_service_that_stays_away_is_given_up() -> None:
    with pytest.raises(StackError, match="http://shensu does not answer: ConnectError"):
        _ask([httpx.ConnectError("away")] * 8)
    with pytest.raises(StackError, match="answered 503"):
        _ask([httpx.Response(503)] * 8)


def test_patience_ends() -> None:
    assert Patience(-1).passed
    assert not Patience(60).passed
