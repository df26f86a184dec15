"""Waiting for the figures: until every case of the months is counted, and in its province."""

import asyncio
from collections.abc import Sequence

import httpx
import pytest

from ops.demo import waiting
from ops.demo.margins import MONTHS

EXPECTED = sum(month.total for month in MONTHS)


def _wait(counts: Sequence[tuple[int, int]]) -> tuple[bool, int]:
    """Return whether all were counted, and how often the figures were asked, when they go so: all, without province."""
    answers = list(counts)
    requests: list[httpx.Request] = []

    def _answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        assert request.url.params["from"] == MONTHS[0].name
        placeless = request.url.params.get("province") == "000000"
        count = answers[0][placeless] if len(answers) > 1 else answers[-1][placeless]
        if (placeless or count < EXPECTED) and len(answers) > 1:
            answers.pop(0)
        return httpx.Response(200, json={"totals": [{"count": count - 5}, {"count": 5}]})

    async def _go() -> bool:
        async with httpx.AsyncClient(transport=httpx.MockTransport(_answer), base_url="http://x") as client:
            return await waiting.until_counted(client)

    return asyncio.run(_go()), len(requests)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "_BETWEEN_SECONDS", 0.0)


def test_it_ends_when_every_case_is_counted_in_its_province() -> None:
    assert _wait([(EXPECTED, 0)]) == (True, 2)
    assert _wait([(100, 100), (EXPECTED - 1, 0), (EXPECTED, 7), (EXPECTED, 0)]) == (True, 6)


def test_it_gives_up_when_its_patience_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "PATIENCE_SECONDS", 0.05)
    done, times = _wait([(EXPECTED - 1, 0)])
    assert not done
    assert times >= 1
