"""Persons of the demo: their numbers have a form that intake takes, and no two share a telephone."""

import itertools

import pytest

from ops.demo import generate
from ops.demo.margins import FEBRUARY, MARCH, Margins
from shared import identifiers


@pytest.mark.parametrize("month", [FEBRUARY, MARCH], ids=lambda month: month.name)
def test_numbers_have_their_form(month: Margins) -> None:
    rows = list(itertools.islice(generate.complaints(month), 2_000))
    persons = [row["complainant"] for row in rows]
    assert len({person["phone"] for person in persons}) == len(rows)
    for person in persons:
        assert identifiers.normal_phone(person["phone"]) == f"+86{person['phone']}"
    cards = [person["identity_card"] for person in persons if "identity_card" in person]
    assert cards
    assert all(identifiers.normal_identity_card(card) for card in cards)
