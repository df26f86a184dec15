"""What to send in place of a region code that means nothing."""

from services.reference import region_codes
from services.reference.data import ReferenceData


def test_of_a_divided_division_the_parts_are_named(packaged: ReferenceData) -> None:
    advice = region_codes.advice(packaged, "512300")
    assert "divided among several provinces" in advice
    assert "500119 南川区" in advice


def test_for_an_unknown_code_the_advice_is_the_form(packaged: ReferenceData) -> None:
    assert "six digits" in region_codes.advice(packaged, "999999")
