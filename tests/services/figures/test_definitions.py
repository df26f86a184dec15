"""Definitions of figures: every metric and dimension with its words, and numbers as JSON has them."""

from dataclasses import asdict
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from services.figures import definitions
from services.figures.state import NEVER, FactsState
from services.rules.metrics.definitions import METRICS
from services.rules.metrics.dimensions import Dimension
from services.rules.metrics.measures import Measure


@pytest.mark.parametrize("code", METRICS)
def test_a_definition_says_all_that_the_registry_holds(code: str) -> None:
    assert definitions.of(code).model_dump() == asdict(METRICS[code])


def test_every_metric_and_dimension_is_listed() -> None:
    every = definitions.every()
    assert [each.code for each in every.metrics] == list(METRICS)
    assert {each.code for each in every.dimensions} == set(Dimension)
    assert all(each.zh and each.filter for each in every.dimensions)
    assert set(Measure) <= {each.code for each in every.metrics}


def test_the_definitions_of_an_answer_begin_with_what_it_counts_each_once() -> None:
    shown = definitions.by_code(Measure.CLOSED, ["share", Measure.CLOSED, "share"])
    assert list(shown) == [Measure.CLOSED, "share"]
    assert (definitions.unit(Measure.CLOSED), definitions.unit(Measure.RECOVERED_FEN)) == ("case", "fen")
    with pytest.raises(KeyError):
        definitions.of("nothing")


def test_an_age_is_shown_in_civil_time_and_without_facts_there_is_none() -> None:
    at = datetime(2021, 3, 31, 17, tzinfo=UTC)
    as_of = definitions.as_of(FactsState(3, at))
    assert as_of is not None
    assert as_of.isoformat() == "2021-04-01T01:00:00+08:00"
    assert definitions.as_of(NEVER) is None


def test_a_rounded_figure_is_a_number_and_an_unknown_one_null() -> None:
    assert definitions.as_number(Decimal("14.3")) == 14.3
    assert definitions.as_number(Decimal(0)) == 0.0
    assert definitions.as_number(None) is None
