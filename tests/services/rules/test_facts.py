"""Facts of the rules: the values in a reason keep their names and order, and what is usual is told by a default."""

import dataclasses
from datetime import time

from services.rules.facts import NO_PARAMS, Bureau, CaseFacts, Params, Tried
from shared.vocabulary import BureauLevel


def test_values_in_a_reason_have_names_and_an_order() -> None:
    params = Params.of(place="330106", days=7)
    assert params == (("place", "330106"), ("days", 7))
    assert dict(params) == {"place": "330106", "days": 7}
    # compared and hashed by value: a decision that is made again is equal
    assert {Params.of(days=7), Params.of(days=7)} == {params[1:]}
    assert Params.of() == NO_PARAMS == ()


def test_a_rule_that_was_tried_has_no_values_unless_it_names_some() -> None:
    assert Tried("R1", "matched", "PLACE") == Tried("R1", "matched", "PLACE", Params.of())
    assert Tried("R1", "matched", "PLACE") != Tried("R1", "matched", "PLACE", Params.of(place="330106"))


def test_the_facts_that_every_case_has_are_those_without_a_default() -> None:
    needed = [field.name for field in dataclasses.fields(CaseFacts) if field.default is dataclasses.MISSING]
    assert needed == [
        "received_at",
        "business",
        "carrier_code",
        "carrier_in_scope",
        "issue_code",
        "role",
        "has_cause_and_request",
    ]


def test_a_bureau_works_from_half_past_eight_to_half_past_five() -> None:
    bureau = Bureau("C1", "杭州", BureauLevel.CITY, "330100", "P1", city_handles=False, auto_admit=True)
    assert bureau.hours == ((time(8, 30), time(17, 30)),)
