"""What to send in place of a region code that means nothing."""

from services.reference import region_codes
from services.reference.data import ReferenceData


def test_of_a_divided_division_the_parts_are_named(packaged: ReferenceData) -> None:
    advice = region_codes.advice(packaged, "512300")
    assert "divided among several provinces" in advice
    assert "500119 南川区" in advice


def test_a_code_that_never_was_one_is_told_the_form(packaged: ReferenceData) -> None:
    assert "six digits" in region_codes.advice(packaged, "999999")
