"""Parameters of figures: made from the registry, strict, and turned into the question that they ask."""

from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from analytics_api.parameters import VolumeParameters
from services.circulars import bulletin
from services.figures.query import Period
from services.rules.metrics.dimensions import Dimension
from services.rules.metrics.measures import BASES, Measure
from shared.errors import InvalidInputError

Get = Callable[..., httpx.Response]


@pytest.fixture
def parameters(get: Get) -> dict[str, Any]:
    """Return the described parameters of volumes, by name."""
    described = get("/openapi.json").json()["paths"]["/v1/figures/volume"]["get"]["parameters"]
    return {parameter["name"]: parameter for parameter in described}


def test_every_dimension_is_a_parameter(parameters: dict[str, Any]) -> None:
    for dimension in Dimension:
        assert parameters[dimension.value]["description"] == dimension.filter_text
        assert dimension.value in parameters["by"]["description"]


def test_every_basis_is_a_value_of_its_parameter(parameters: dict[str, Any]) -> None:
    assert parameters["basis"]["schema"]["enum"] == list(BASES)
    assert all(basis.zh in parameters["basis"]["description"] for basis in BASES)


def test_a_circular_offers_only_what_it_takes(get: Get) -> None:
    described = get("/openapi.json").json()["paths"]["/v1/circulars/{period}"]["get"]["parameters"]
    (basis,) = [parameter for parameter in described if parameter["name"] == "basis"]
    for value in basis["schema"]["enum"]:
        assert get(f"/v1/circulars/2021-03?basis={value}").status_code == 200
    assert basis["schema"]["enum"] == list(bulletin.BASES)


def test_a_measure_that_is_no_basis_is_refused(get: Get) -> None:
    problem = get("/v1/figures/volume?basis=recovered_fen").json()
    assert [fault["pointer"] for fault in problem["errors"]] == ["/query/basis"]
    assert "received, accepted, closed, valid" in problem["errors"][0]["message"]


def test_a_question_has_periods_dimensions_and_codes_each_once() -> None:
    parameters = VolumeParameters.model_validate(
        {
            "from": "2021-Q1",
            "to": "2021-Q2",
            "period": "quarter",
            "basis": "received",
            "by": "business, province",
            "carrier": "ZTO, STO,ZTO",
        }
    )
    question = parameters.question()
    assert (question.period, question.first, question.last) == (
        Period.QUARTER,
        date(2021, 1, 1),
        date(2021, 4, 1),
    )
    assert (question.basis, question.by) == (Measure.RECEIVED, (Dimension.BUSINESS, Dimension.PROVINCE))
    assert question.only == {Dimension.CARRIER: ("STO", "ZTO")}


@pytest.mark.parametrize(
    "values",
    [{"carrier": ""}, {"carrier": "ZTO,,STO"}, {"carrier": "ZTO,"}, {"carrier": "Z;O"}, {"last": 401}],
)
def test_what_is_no_list_of_codes_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        VolumeParameters.model_validate(values)


def test_periods_that_contradict_one_another_are_refused() -> None:
    with pytest.raises(InvalidInputError):
        VolumeParameters.model_validate({"from": "2021-04", "to": "2021-03"}).question()
