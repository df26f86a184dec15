"""Tables of facts: every measure in every table, whole and never null, by the dimensions that the key names."""

import pytest
from sqlalchemy import BigInteger, Table

from services.rules.metrics.measures import Measure
from shared.models import figures
from shared.models.figures import MEASURES

FACTS = {
    "daily_fact": ("day", "province", "business", "channel", "level"),
    "monthly_fact": (
        "month",
        "business",
        "business_type",
        "carrier_code",
        "issue_code",
        "issue_detail_code",
        "province",
    ),
    "channel_fact": ("month", "business", "channel", "level", "province"),
    "circular_fact": ("month", "business", "business_type", "carrier_code", "issue_code"),
}


def test_the_measures_are_those_of_the_rules() -> None:
    assert set(MEASURES) == {measure.value for measure in Measure}


@pytest.mark.parametrize("name", FACTS)
def test_a_table_of_facts_has_a_key_of_dimensions_and_every_measure(name: str) -> None:
    table: Table = getattr(figures, name)
    assert tuple(table.primary_key.columns.keys()) == FACTS[name]
    measures = [table.c[measure] for measure in MEASURES]
    assert all(isinstance(column.type, BigInteger) and not column.nullable for column in measures)
    assert len(table.columns) == len(FACTS[name]) + len(MEASURES)
