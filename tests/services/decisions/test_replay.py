"""A stored decision is replayed from its own facts: identical, or it is told what differs."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, cast

import pytest

from services.decisions.replay import DecisionReplay, replay, replay_all
from services.intake.preparation import Prepared
from shared.database import Database
from shared.errors import NotFoundError

Prepare = Callable[..., Prepared]
Store = Callable[[Sequence[Prepared]], list[str]]
Run = Callable[[Coroutine[Any, Any, Any]], Any]
Ask = Callable[..., list[Any]]
CHANGE = (
    "UPDATE case_event SET data = jsonb_set(data::jsonb, CAST(CAST(:place AS text) AS text[]), "
    "CAST(CAST(:value AS text) AS jsonb))::json WHERE kind = 'ROUTED'"
)


@pytest.fixture
def again(db: Database, run: Run) -> Callable[[str], DecisionReplay]:
    """Return replay, run to its end."""

    def _again(number: str) -> DecisionReplay:
        [result] = run(replay(db, number))
        return cast("DecisionReplay", result)

    return _again


CASES: tuple[dict[str, Any], ...] = (
    {},
    {
        "urgency": ["DEATH", "MINOR"],
        "requested_fen": 600_000,
        "item": {"goods": "MEDICINE", "mailed_on": "2020-01-01"},
    },
    {"addressee": None, "enterprise_complaint": None},
    {
        "enterprise_complaint": {"outcome": "PENDING", "complained_on": "2024-01-01"},
        "other_procedure": "LITIGATION",
    },
    {"channel": "UPPER_BUREAU", "upper_assignment": "P440000"},
    {
        "external_ref": "h",
        "received_at": "2019-03-05T10:00:00.123456+08:00",
        "outcome": {
            "closed_at": "2019-03-20T10:00:00+08:00",
            "close_reason": "SETTLED",
            "responsibility": "NONE",
        },
    },
)


def test_a_decision_is_identical_when_it_is_made_again(
    prepare: Prepare, store: Store, route_all: Callable[..., int], again: Callable[[str], DecisionReplay]
) -> None:
    numbers = store([prepare(**changes) for changes in CASES])
    route_all()
    for number in numbers:
        result = again(number)
        assert (result.identical, result.differences) == (True, ())
        assert result.reference_then == result.reference_now


def test_differences_are_named_by_their_place(
    prepare: Prepare,
    store: Store,
    route_all: Callable[..., int],
    again: Callable[[str], DecisionReplay],
    ask: Ask,
) -> None:
    [number] = store([prepare()])
    route_all()
    ask(CHANGE, place="{jurisdiction,handling}", value='"P330000"')
    result = again(number)
    assert not result.identical
    assert result.differences == ("/jurisdiction/handling: then 'P330000', now 'C330100'",)


def test_a_fact_that_was_changed_leads_to_another_decision(
    prepare: Prepare,
    store: Store,
    route_all: Callable[..., int],
    again: Callable[[str], DecisionReplay],
    ask: Ask,
) -> None:
    [number] = store([prepare()])
    route_all()
    ask(CHANGE, place="{facts,urgency}", value='["DEATH"]')
    places = {line.partition(":")[0] for line in again(number).differences}
    assert {"/level/level", "/level/triggers", "/level/copied_to"} <= places


@pytest.mark.parametrize("size", [7, 100, 500])
def test_every_stored_decision_is_replayed_and_the_altered_one_named(
    prepare: Prepare,
    store: Store,
    route_all: Callable[..., int],
    db: Database,
    run: Run,
    ask: Ask,
    size: int,
) -> None:
    live = CASES[:-1]
    numbers = store([prepare(**live[place % len(live)]) for place in range(300)])
    numbers += store([prepare(**CASES[-1])])
    route_all()
    ask(
        CHANGE + " AND complaint_id = (SELECT id FROM complaint WHERE number = :number)",
        place="{level,copied_to}",
        value='["N000000"]',
        number=numbers[0],
    )

    async def _replay_all() -> list[DecisionReplay]:
        return [result async for batch in replay_all(db, size=size) for result in batch]

    results = run(_replay_all())
    assert sorted(result.number for result in results) == sorted(numbers)
    [differing] = [result for result in results if not result.identical]
    assert (differing.number, differing.seq) == (numbers[0], 2)
    assert differing.differences == ("/level/copied_to: then ['N000000'], now []",)


def test_a_document_that_cannot_be_read_is_named_and_stops_nothing(
    prepare: Prepare,
    store: Store,
    route_all: Callable[..., int],
    again: Callable[[str], DecisionReplay],
    ask: Ask,
) -> None:
    [number] = store([prepare()])
    route_all()
    ask(CHANGE, place="{facts,role}", value='"NOBODY"')
    assert again(number).differences == ("/facts: cannot be read (ValueError)",)


@pytest.mark.parametrize("number", ["20261124000000017", "no number", ""])
def test_an_unknown_number_is_not_found(number: str, again: Callable[[str], DecisionReplay]) -> None:
    with pytest.raises(NotFoundError):
        again(number)


def test_a_case_that_waits_has_no_decision_yet(
    prepare: Prepare, store: Store, again: Callable[[str], DecisionReplay]
) -> None:
    [number] = store([prepare()])
    with pytest.raises(NotFoundError):
        again(number)
