"""The registry of figures as the API shows it: definitions, parameters, descriptions; examples are real answers."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from pydantic import BaseModel

from analytics_api import openapi
from services.circulars import bulletin
from services.circulars.layout import Circular
from services.figures.definitions import Definitions, Envelope
from services.figures.volume import Volume
from services.rules.metrics.definitions import METRICS
from services.rules.metrics.dimensions import Dimension
from services.rules.metrics.measures import BASES

Get = Callable[..., httpx.Response]


def test_the_definitions_list_every_figure_and_every_dimension(get: Get) -> None:
    answer = get("/v1/definitions").json()
    assert [metric["code"] for metric in answer["metrics"]] == list(METRICS)
    assert [dimension["code"] for dimension in answer["dimensions"]] == list(Dimension)
    ratio = next(metric for metric in answer["metrics"] if metric["code"] == "valid_ratio")
    assert ratio == {
        "code": "valid_ratio",
        "version": "1",
        "zh": "有效申诉占比",
        "en": "valid of all closed",
        "formula": "100 × valid ÷ closed",
        "unit": "percent",
        "denominator": "closed",
        "decimals": 1,
        "source": "国家邮政局邮政业用户申诉情况通告",
        "rounding": "ROUND_HALF_UP",
    }


def test_the_definitions_need_a_key(get: Get) -> None:
    assert get("/v1/definitions", authorization="").status_code == 401


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


COUNTS = {"count", "total", "satisfied", "percent", "by_business_type", "version"}
"""Members that are no figures of their own: numbers of the figure, or of the code, that they stand under."""


def _numbers(name: str, value: object) -> Iterator[str]:
    """Yield the names of the numbers of an answer."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _numbers(key, item) if name != "by_business_type" else ()
    elif isinstance(value, list):
        for item in value:
            yield from _numbers(name, item)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield name


@pytest.mark.parametrize("example", [openapi.VOLUME_EXAMPLE, openapi.CIRCULAR_EXAMPLE])
def test_each_figure_of_an_answer_has_the_name_of_its_definition(example: Envelope) -> None:
    answer = example.model_dump(mode="json", by_alias=True, exclude_unset=True)
    defined = set(answer.pop("definition"))
    figures = set(_numbers("", answer)) - COUNTS
    assert figures <= defined | METRICS.keys()
    members = set(re.findall(r'"(\w+)":', json.dumps(answer)))
    assert defined - {example.basis} <= members


@pytest.mark.parametrize(
    ("example", "model"),
    [
        (openapi.VOLUME_EXAMPLE, Volume),
        (openapi.CIRCULAR_EXAMPLE, Circular),
        (openapi.DEFINITIONS_EXAMPLE, Definitions),
    ],
    ids=["volume", "circular", "definitions"],
)
def test_an_example_is_an_answer(example: BaseModel, model: type[BaseModel]) -> None:
    assert isinstance(example, model)
    assert example.model_dump_json(by_alias=True)


def test_a_measure_that_is_no_basis_is_refused(get: Get) -> None:
    problem = get("/v1/figures/volume?basis=recovered_fen").json()
    assert [fault["pointer"] for fault in problem["errors"]] == ["/query/basis"]
    assert "received, accepted, closed, valid" in problem["errors"][0]["message"]
