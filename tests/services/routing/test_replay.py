"""A stored decision is replayed from its own facts: identical, or it is told what differs."""

import json
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, date, datetime
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.decisions import document
from services.decisions.replay import DecisionReplay, replay, replay_all
from services.intake.preparation import Prepared
from services.rules.facts import CaseFacts
from shared import serialisation
from shared.database import Database
from shared.errors import NotFoundError
from shared.vocabulary import Business, EnterpriseOutcome, Goods, Level, OtherProcedure, Role, Urgency

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


def test_what_differs_is_told_by_its_place(
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


REGION = st.none() | st.sampled_from(["330106", "810000", "110105"])
DAY = st.none() | st.dates(date(1990, 1, 1), date(2100, 1, 1))
FACTS = st.builds(
    CaseFacts,
    received_at=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds are naive
    business=st.sampled_from(Business),
    carrier_code=st.text(max_size=5),
    carrier_in_scope=st.booleans(),
    issue_code=st.text(max_size=5),
    issue_detail_code=st.none() | st.text(max_size=5),
    role=st.sampled_from(Role),
    agent_authorised=st.booleans(),
    goods=st.sampled_from(Goods),
    urgency=st.lists(st.sampled_from(Urgency), max_size=3).map(tuple),
    dispute_region=REGION,
    mailing_region=REGION,
    delivery_region=REGION,
    complainant_region=REGION,
    upper_assignment=st.none() | st.just("P330000"),
    failing_link_region=REGION,
    requested_fen=st.none() | st.integers(0, 10**13),
    mailed_on=DAY,
    enterprise_outcome=st.none() | st.sampled_from(EnterpriseOutcome),
    enterprise_complained_on=DAY,
    other_procedure=st.sampled_from(OtherProcedure),
    has_cause_and_request=st.booleans(),
    same_waybill_open=st.integers(0, 5),
    same_matter_number=st.none() | st.just("20261124000000017"),
    provinces_hit=st.integers(0, 34),
    initial_level=st.sampled_from(Level),
    bounces=st.integers(0, 5),
)


@given(facts=FACTS)
def test_facts_come_back_as_they_were_stored(facts: CaseFacts) -> None:
    stored = json.loads(serialisation.to_text(document.facts_as_json(facts)))
    assert document.facts_from_json(stored) == facts


def test_usual_facts_are_not_stored_and_are_shown() -> None:
    received_at = datetime(2026, 3, 2, tzinfo=UTC)
    facts = CaseFacts(
        received_at=received_at,
        business=Business.EXPRESS,
        carrier_code="ZTO",
        carrier_in_scope=True,
        issue_code="DELAY",
        role=Role.SENDER,
        has_cause_and_request=True,
        goods=Goods.MEDICINE,
    )
    stored = document.facts_as_json(facts)
    assert stored.keys() == {
        "received_at",
        "business",
        "carrier_code",
        "carrier_in_scope",
        "issue_code",
        "role",
        "has_cause_and_request",
        "goods",
    }
    shown = document.shown_facts(stored)
    assert (shown["goods"], shown["urgency"], shown["initial_level"]) == ("MEDICINE", (), "L0")
    assert "requested_fen" not in shown


def test_a_stored_decision_without_a_fact_that_every_case_has_is_refused() -> None:
    with pytest.raises(TypeError):
        document.facts_from_json({"carrier_code": "ZTO"})
