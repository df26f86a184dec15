"""The entries of measures and dimensions fit the tables: facts, cases, and what a change of a case marks."""

import pytest

from services.rules.metrics import measures
from services.rules.metrics.dimensions import Dimension
from services.rules.metrics.measures import Measure
from shared.models import figures
from shared.models.cases import complaint
from shared.vocabulary import Responsibility, Status

TABLES = (figures.daily_fact, figures.monthly_fact, figures.channel_fact, figures.circular_fact)


def test_each_measure_is_a_column_of_the_facts() -> None:
    assert tuple(Measure) == figures.MEASURES


@pytest.mark.parametrize("dimension", Dimension)
def test_each_dimension_is_a_key_of_some_facts(dimension: Dimension) -> None:
    assert any(dimension.column in table.primary_key.columns for table in TABLES)


def test_all_that_is_counted_by_is_a_column_of_the_case() -> None:
    assert measures.COUNTED_COLUMNS.issubset(complaint.columns.keys())
    assert measures.COUNTED_COLUMNS.issuperset(
        {"merged_into", "level", "province", "closed_at", "recovered_fen"}
    )


def test_the_moments_of_a_case_in_the_order_of_its_life() -> None:
    assert measures.MOMENTS == ("received_at", "accepted_at", "closed_at")


def test_a_merged_case_and_a_responsible_enterprise_are_words_of_the_vocabulary() -> None:
    assert measures.MERGED_STATUS == Status.MERGED
    assert Measure.VALID.where == {"responsibility": Responsibility.ENTERPRISE}


def test_bases() -> None:
    assert set(measures.BASES) >= {Measure.RECEIVED, Measure.ACCEPTED, Measure.CLOSED, Measure.VALID}
    assert Measure.RECOVERED_FEN not in measures.BASES, "money is no number of cases"
