"""The decision table R1-R9: one rule at a time, then what must hold for any facts whatever."""

import dataclasses
import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.rules.facts import CaseFacts, Jurisdictions
from services.rules.jurisdiction import bureau_choice
from services.rules.jurisdiction.bureau_choice import (
    BureauChoice,
    ChoiceReason,
    ChoiceRule,
    Match,
    PassedOver,
)
from shared.vocabulary import Role, Urgency

FactsFactory = Callable[..., CaseFacts]

HANGZHOU_COUNTY, HANGZHOU, SHENZHEN_COUNTY, DONGGUAN = "330106", "330100", "440305", "441900"
BEIJING_COUNTY, XIANTAO, HONG_KONG, ABROAD = "110101", "429004", "810000", "USA"


def _outcome(decision: BureauChoice) -> tuple[str, str, str, str]:
    return decision.rule, decision.handling, decision.supervising, decision.province


@pytest.mark.parametrize(
    ("region", "bureaus"),
    [
        ("330106", ("C330100", "P330000", "330000")),  # county whose province lets cities handle
        ("330100", ("C330100", "P330000", "330000")),  # its city
        ("330000", ("P330000", "N", "330000")),  # its province
        ("440305", ("P440000", "N", "440000")),  # county whose province handles all itself
        ("441900", ("P440000", "N", "440000")),  # city without counties
        ("110101", ("P110000", "N", "110000")),  # municipality: no city bureau
        ("429004", ("P420000", "N", "420000")),  # county directly under its province
    ],
)
def test_a_place_of_any_rank_has_its_bureaus(
    facts: FactsFactory, reference: Jurisdictions, region: str, bureaus: tuple[str, str, str]
) -> None:
    decision = bureau_choice.decide(facts(dispute_region=region), reference)
    assert _outcome(decision) == ("R2", *bureaus)
    assert not decision.triage


@pytest.mark.parametrize(
    ("changes", "rule", "handling"),
    [
        ({"upper_assignment": "C440300", "dispute_region": HANGZHOU_COUNTY}, "R1", "C440300"),
        ({"upper_assignment": "NOSUCH", "dispute_region": HANGZHOU_COUNTY}, "R2", "C330100"),
        ({"dispute_region": HANGZHOU_COUNTY, "mailing_region": DONGGUAN}, "R2", "C330100"),
        ({"issue_code": "ACCEPTANCE_SERVICE", "mailing_region": XIANTAO}, "R3", "P420000"),
        ({"issue_code": "OVERCHARGE", "mailing_region": XIANTAO}, "R3", "P420000"),
        ({"issue_code": "DELIVERY_SERVICE", "delivery_region": XIANTAO}, "R4", "P420000"),
        ({"issue_code": "COD", "delivery_region": XIANTAO}, "R4", "P420000"),
        (
            {"issue_code": "DELAY", "failing_link_region": BEIJING_COUNTY, "role": Role.SENDER},
            "R5",
            "P110000",
        ),
        ({"issue_code": "DELAY", "role": Role.SENDER}, "R6", "C330100"),
        ({"issue_code": "DAMAGE", "role": Role.ADDRESSEE}, "R6", "P440000"),
        ({"issue_code": "LOSS_SHORTAGE", "role": Role.AGENT, "complainant_region": XIANTAO}, "R9", "P420000"),
        ({"delivery_region": HONG_KONG}, "R7", "C330100"),
        ({"mailing_region": ABROAD}, "R7", "P440000"),
        ({"issue_code": "DELIVERY_SERVICE", "delivery_region": HONG_KONG}, "R7", "C330100"),
        ({"complainant_region": HANGZHOU_COUNTY}, "R9", "P330000"),
        ({"complainant_region": HONG_KONG}, "R9", "N"),
        ({"complainant_region": "999999"}, "R9", "N"),
        ({}, "R9", "N"),
    ],
)
def test_the_first_rule_that_decides(
    facts: FactsFactory, reference: Jurisdictions, changes: dict[str, Any], rule: str, handling: str
) -> None:
    legs = {"mailing_region": HANGZHOU_COUNTY, "delivery_region": SHENZHEN_COUNTY}
    decision = bureau_choice.decide(facts(**(legs | changes)), reference)
    assert (decision.rule, decision.handling) == (rule, handling)
    assert decision.triage == (rule == "R9")


def test_the_supervisor_of_a_named_bureau_is_its_parent(
    facts: FactsFactory, reference: Jurisdictions
) -> None:
    assert _outcome(bureau_choice.decide(facts(upper_assignment="C440300"), reference)) == (
        "R1",
        "C440300",
        "P440000",
        "440000",
    )
    assert _outcome(bureau_choice.decide(facts(upper_assignment="N"), reference)) == (
        "R1",
        "N",
        "N",
        "000000",
    )


@pytest.mark.parametrize(
    "legs",
    [
        {"mailing_region": HANGZHOU},
        {"mailing_region": HANGZHOU, "delivery_region": DONGGUAN},
        {"mailing_region": HONG_KONG, "delivery_region": ABROAD},
    ],
)
def test_no_single_domestic_leg_decides_nothing(
    facts: FactsFactory, reference: Jurisdictions, legs: dict[str, str]
) -> None:
    assert bureau_choice.decide(facts(**legs), reference).rule == "R9"


STOPPAGE = {"urgency": (Urgency.NETWORK_STOPPAGE,), "provinces_hit": 3}


def test_a_stoppage_over_provinces_is_led_by_the_national_centre(
    facts: FactsFactory, reference: Jurisdictions
) -> None:
    decision = bureau_choice.decide(facts(**STOPPAGE, complainant_region=HANGZHOU), reference)
    assert _outcome(decision) == ("R8", "N", "N", "000000")
    assert decision.tried[-1].reason is ChoiceReason.NETWORK_STOPPAGE
    assert dict(decision.tried[-1].params) == {"provinces": 3}
    assert not decision.triage


def test_where_the_place_is_known_its_bureau_assists_and_the_centre_leads(
    facts: FactsFactory, reference: Jurisdictions
) -> None:
    decision = bureau_choice.decide(facts(**STOPPAGE, dispute_region=HANGZHOU_COUNTY), reference)
    assert _outcome(decision) == ("R2", "C330100", "N", "330000")
    assert [(rule.rule, rule.outcome) for rule in decision.tried] == [
        ("R1", "passed_over"),
        ("R2", "matched"),
        ("R8", "matched"),
    ]


def test_the_pattern_does_not_overrule_a_superior(facts: FactsFactory, reference: Jurisdictions) -> None:
    decision = bureau_choice.decide(facts(**STOPPAGE, upper_assignment="C330100"), reference)
    assert _outcome(decision) == ("R1", "C330100", "P330000", "330000")


def test_the_pattern_is_recorded_once(facts: FactsFactory, reference: Jurisdictions) -> None:
    decision = bureau_choice.decide(facts(**STOPPAGE), reference)
    assert [rule.rule for rule in decision.tried] == [f"R{n}" for n in range(1, 9)]


def test_a_city_is_its_own_city(facts: FactsFactory, reference: Jurisdictions) -> None:
    nameless = dataclasses.replace(reference.regions[HANGZHOU], city=None)
    other = dataclasses.replace(reference, regions={**reference.regions, HANGZHOU: nameless})
    assert bureau_choice.decide(facts(dispute_region=HANGZHOU), other).handling == "C330100"


@pytest.mark.parametrize("short", [{"provinces_hit": 2}, {"urgency": (Urgency.SAFETY,)}])
def test_fewer_provinces_or_another_trouble_is_no_pattern(
    facts: FactsFactory, reference: Jurisdictions, short: dict[str, Any]
) -> None:
    assert bureau_choice.decide(facts(**(STOPPAGE | short)), reference).rule == "R9"
    led = bureau_choice.decide(facts(**(STOPPAGE | short), dispute_region=HANGZHOU), reference)
    assert led.supervising == "P330000"


def test_the_number_of_provinces_is_configuration(facts: FactsFactory, reference: Jurisdictions) -> None:
    wary = dataclasses.replace(reference, national_lead_provinces=2)
    assert bureau_choice.decide(facts(**(STOPPAGE | {"provinces_hit": 2})), wary).rule == "R8"


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"dispute_region": HANGZHOU}, ("BOUNCES", "P330000", "N", "330000")),
        ({"dispute_region": DONGGUAN}, ("BOUNCES", "N", "N", "000000")),
        ({"complainant_region": HANGZHOU}, ("BOUNCES", "N", "N", "000000")),
        ({"upper_assignment": "C330100"}, ("R1", "C330100", "P330000", "330000")),
    ],
)
def test_after_too_many_bounces_the_superior_decides(
    facts: FactsFactory, reference: Jurisdictions, changes: dict[str, str], outcome: tuple[str, ...]
) -> None:
    assert _outcome(bureau_choice.decide(facts(**changes, bounces=2), reference)) == outcome
    assert bureau_choice.decide(facts(**changes, bounces=1), reference).rule != "BOUNCES"


def test_every_rule_tried_is_recorded_in_order(facts: FactsFactory, reference: Jurisdictions) -> None:
    decision = bureau_choice.decide(facts(), reference)
    assert [rule.rule for rule in decision.tried] == [f"R{n}" for n in range(1, 10)]
    assert [rule.outcome for rule in decision.tried] == ["passed_over"] * 8 + ["matched"]
    assert all(rule.reason for rule in decision.tried)


def _broken(_facts: CaseFacts, _book: Jurisdictions) -> Match | PassedOver:
    raise KeyError("a secret")


def test_a_rule_that_fails_is_recorded_and_the_next_one_decides(
    facts: FactsFactory, reference: Jurisdictions
) -> None:
    table = (ChoiceRule("R2", _broken), *bureau_choice.RULES[2:])
    decision = bureau_choice.decide(facts(issue_code="COD", delivery_region=HANGZHOU), reference, table)
    assert (decision.rule, decision.handling) == ("R4", "C330100")
    assert [error.rule for error in decision.errors] == ["R2"]
    assert (decision.errors[0].reason, dict(decision.errors[0].params)) == (
        ChoiceReason.RULE_FAILED,
        {"error": "KeyError"},
    )


def test_without_a_fault_there_is_no_alarm(facts: FactsFactory, reference: Jurisdictions) -> None:
    assert bureau_choice.decide(facts(), reference).errors == ()


def test_if_every_rule_fails_the_floor_holds(facts: FactsFactory, reference: Jurisdictions) -> None:
    table = tuple(ChoiceRule(rule.id, _broken) for rule in bureau_choice.RULES)
    decision = bureau_choice.decide(facts(dispute_region=HANGZHOU), reference, table)
    assert _outcome(decision) == ("FLOOR", "N", "N", "000000")
    assert decision.triage
    assert len(decision.errors) == 9


def test_a_book_with_holes_still_gives_a_bureau(facts: FactsFactory, reference: Jurisdictions) -> None:
    holes = dataclasses.replace(reference, bureaus={"C330100": reference.bureaus["C330100"]}, regions={})
    named = bureau_choice.decide(facts(upper_assignment="C330100"), holes)
    assert _outcome(named) == ("R1", "C330100", "P330000", "000000")
    city_only = dataclasses.replace(
        reference, bureaus={k: v for k, v in reference.bureaus.items() if k != "N"}
    )
    bounced = bureau_choice.decide(facts(dispute_region=DONGGUAN, bounces=9), city_only)
    assert bounced.handling == "N"


regions = st.none() | st.sampled_from(
    ["330000", "330100", "330106", "440300", "441900", "110101", "429004", "810000", "USA", "", "000000"]
)
any_changes = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(
            [
                "dispute_region",
                "mailing_region",
                "delivery_region",
                "complainant_region",
                "failing_link_region",
            ],
            regions,
        ),
        "upper_assignment": st.none() | st.sampled_from(["N", "P330000", "C330100", "NOSUCH", ""]),
        "issue_code": st.sampled_from(["DELAY", "COD", "OVERCHARGE", "DELIVERY_SERVICE", "DAMAGE", "?"]),
        "role": st.sampled_from(Role),
        "urgency": st.lists(st.sampled_from(Urgency), max_size=2).map(tuple),
        "provinces_hit": st.integers(0, 5),
        "bounces": st.integers(0, 5),
    },
)


@given(any_changes)
def test_any_case_has_a_bureau_a_supervisor_and_a_record(
    facts: FactsFactory, reference: Jurisdictions, changes: dict[str, Any]
) -> None:
    decision = bureau_choice.decide(facts(**changes), reference)
    assert decision.handling in reference.bureaus
    assert decision.supervising in reference.bureaus
    assert decision.province == "000000" or f"P{decision.province}" in reference.bureaus
    assert (decision.province == "000000") == (decision.handling == "N")
    assert not decision.errors
    assert any(rule.rule == decision.rule and rule.outcome == "matched" for rule in decision.tried)
    assert decision == bureau_choice.decide(facts(**changes), reference)


@given(any_changes, st.sets(st.integers(0, 8)))
def test_whatever_rules_fail_a_bureau_is_found(
    facts: FactsFactory, reference: Jurisdictions, changes: dict[str, Any], broken: set[int]
) -> None:
    table = tuple(
        ChoiceRule(rule.id, _broken) if n in broken else rule for n, rule in enumerate(bureau_choice.RULES)
    )
    decision = bureau_choice.decide(facts(**changes), reference, table)
    assert decision.handling in reference.bureaus
    order = [
        rule.rule for rule in itertools.takewhile(lambda rule: rule.outcome != "matched", decision.tried)
    ]
    assert order == [rule.id for rule in table[: len(order)]]
    assert {error.rule for error in decision.errors} <= {f"R{n + 1}" for n in broken}
