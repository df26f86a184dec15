"""`ops replay`: one case or all; the exit code says whether a decision differs."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from ops.cli import app, replays
from services.decisions import replay
from services.intake.preparation import Prepared
from tests.services.conftest import (  # noqa: F401 - fixtures that file cases
    ask,
    intake_context,
    new_context,
    prepare,
    reference,
    reference_cache,
    store,
)
from tests.services.routing.conftest import route_all  # noqa: F401 - as above

Ops = Callable[..., Any]
ALTER = (
    "UPDATE case_event SET data = jsonb_set(data::jsonb, '{jurisdiction,handling}', '\"P330000\"')::json "
    "WHERE kind = 'ROUTED' AND complaint_id = (SELECT id FROM complaint WHERE number = :number)"
)


@pytest.fixture
def numbers(
    prepare: Callable[..., Prepared],  # noqa: F811 - the fixture
    store: Callable[[Sequence[Prepared]], list[str]],  # noqa: F811 - the fixture
    route_all: Callable[..., int],  # noqa: F811 - the fixture
) -> list[str]:
    """Return the numbers of three routed cases."""
    filed = store([prepare() for _ in range(3)])
    route_all()
    return filed


def test_all_decisions_are_repeated_and_those_that_differ_are_named(
    numbers: list[str],
    ask: Callable[..., list[Any]],  # noqa: F811 - the fixture
    ops: Ops,
) -> None:
    assert ops("replay", "--all") == {"replayed": 3, "differing": []}
    assert ops("replay", numbers[1]) == {"replayed": 1, "differing": []}
    ask(ALTER, number=numbers[1])
    report = ops("replay", "--all", code=1)
    assert report["replayed"] == 3
    [differing] = report["differing"]
    assert (differing["number"], differing["event"]) == (numbers[1], 2)
    assert differing["differences"] == ["/jurisdiction/handling: then 'P330000', now 'C330100'"]
    assert ops("replay", numbers[1], code=1) == {"replayed": 1, "differing": [differing]}
    assert ops("replay", numbers[0]) == {"replayed": 1, "differing": []}


@pytest.mark.usefixtures("ops")
def test_the_operator_reads_how_far_a_long_replay_has_come(
    numbers: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(replay.replay_all, "__kwdefaults__", {"size": 1})
    monkeypatch.setattr(replays, "PROGRESS", 2)
    assert app.main(["replay", "--all"]) == 0
    output = capsys.readouterr()
    assert output.err == "2 decisions replayed, 0 differ so far\n"
    assert output.out == f"{len(numbers)} decisions replayed, 0 differ\n"


@pytest.mark.parametrize(("arguments", "code"), [((), 2), (("20261124000000017", "--all"), 2)])
def test_a_number_or_all_and_not_both(arguments: tuple[str, ...], code: int, ops: Ops) -> None:
    assert "number of a complaint, or --all" in ops("replay", *arguments, code=code)


def test_a_case_without_a_decision_is_not_found(ops: Ops) -> None:
    assert "no routed case" in ops("replay", "20261124000000017", code=1)
