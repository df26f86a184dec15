"""The document of a decision: what is usual is left out, and the facts come back as they were stored."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.decisions import document
from services.rules.facts import CaseFacts
from shared import serialisation
from shared.vocabulary import Business, EnterpriseOutcome, Goods, Level, OtherProcedure, Role, Urgency

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
