"""No overdue open case without its escalation: over cases of every kind, in any order of time, work and sweeps."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.desk.perform import VerbOutcome

HOUR = timedelta(hours=1)
Make = Callable[..., str]
OVERDUE_UNTOLD = """
    SELECT c.number, k.key FROM complaint c JOIN case_deadline k ON k.bucket = c.bucket AND k.complaint_id = c.id
    WHERE c.status NOT IN ('REFUSED', 'MERGED', 'CLOSED', 'WITHDRAWN', 'TRANSFERRED') AND k.stopped_at IS NULL
        AND k.due_at <= clock_timestamp() AND NOT EXISTS (
            SELECT FROM escalation e WHERE e.complaint_id = c.id AND e.key = k.key AND e.round = k.round
                AND e.step IN ('OVERDUE', 'LONG_OVERDUE'))
"""
OVERDUE = """
    SELECT count(DISTINCT c.id) FROM complaint c JOIN case_deadline k ON k.bucket = c.bucket AND k.complaint_id = c.id
    WHERE k.stopped_at IS NULL AND k.due_at <= clock_timestamp()
"""


@pytest.fixture
def kinds(
    unrouted: Make, received: Make, forwarded: Make, replied: Make, act: Callable[..., VerbOutcome]
) -> dict[str, Callable[[], str]]:
    """Return functions that make a case of a kind."""

    def _done(made: Make, verb: str, **form: Any) -> Callable[[], str]:
        def _make() -> str:
            number = made()
            act(number, verb, **form)
            return number

        return _make

    return {
        "unassigned": unrouted,
        "unclaimed": received,
        "claimed": _done(received, "claim"),
        "paused": _done(received, "pause", deadline="acceptance", basis="APPRAISAL", reason="鉴定"),
        "asked": _done(received, "request-supplement", items=["REQUEST"], message="请补充。"),
        "raised": _done(received, "level", level="L2", reason="媒体关注"),
        "released": _done(_done(received, "claim"), "release", reason="休假"),
        "forwarded": forwarded,
        "followed up": _done(forwarded, "follow-up", message="请速核实。"),
        "replied": replied,
        "rework": _done(replied, "rework", ground="ACCOUNT_DIFFERS", reason="说法不一"),
        "ended": _done(received, "withdraw", reason="用户撤回"),
    }


@pytest.mark.parametrize("seed", range(8))
def test_no_overdue_open_case_is_without_its_escalation(
    seed: int,
    kinds: dict[str, Callable[[], str]],
    later: Callable[..., None],
    sweep_all: Callable[..., int],
    act: Callable[..., VerbOutcome],
    ask: Callable[..., list[Any]],
    broken: Callable[[], dict[str, int]],
    case_of: Callable[[str], Any],
) -> None:
    rng = random.Random(seed)  # noqa: S311 - repeatable, not secret
    numbers = [make() for make in rng.sample(list(kinds.values()), len(kinds))]
    noted = [number for number in numbers if case_of(number).handling_bureau == "C330100"]
    for _ in range(12):
        for number in rng.sample(numbers, 4):
            later(rng.randrange(1, 200) * HOUR, number)
        if rng.random() < 0.5:
            act(rng.choice(noted), "note", note="记录。", progress=rng.random() < 0.3)
        if rng.random() < 0.6:
            sweep_all(size=rng.choice([1, 3, 500]))
            assert ask(OVERDUE_UNTOLD) == []
    sweep_all(size=3)
    assert ask(OVERDUE_UNTOLD) == []
    assert ask(OVERDUE)[0][0] > 5, "the mixture has cases that are overdue"
    assert broken() == {}
    assert sweep_all() == 0
