"""The description of the analytics interface: complete, and its examples are real answers."""

import json
import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from pydantic import BaseModel

from analytics_api import openapi
from services.circulars.layout import Circular
from services.figures.definitions import Definitions, FigureEnvelope
from services.figures.volume import Volume
from services.rules.metrics.definitions import METRICS
from shared.http import examples

Get = Callable[..., httpx.Response]


def test_the_description_is_complete(get: Get) -> None:
    described = get("/openapi.json").json()
    operations = [operation for path in described["paths"].values() for operation in path.values()]
    assert {operation["operationId"] for operation in operations} >= {
        "getVolume",
        "getCircular",
        "getReadiness",
    }
    for path in ("/v1/figures/volume", "/v1/circulars/{period}"):
        operation = described["paths"][path]["get"]
        assert operation["description"]
        assert operation["security"]
        assert {"200", "304", "401", "403", "422", "429", "503"} <= operation["responses"].keys()
        assert all(
            parameter["description"] for parameter in operation["parameters"] if parameter["in"] == "query"
        )


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
def test_each_figure_of_an_answer_has_the_name_of_its_definition(example: FigureEnvelope) -> None:
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


def test_a_cached_answer_is_described_with_its_etag_and_with_304() -> None:
    described = openapi.responses("Counts.", openapi.VOLUME_EXAMPLE, is_cached=True)
    assert described.keys() == {200, 304}
    assert "ETag" in described[200]["headers"]
    plain = openapi.responses("Counts.", openapi.VOLUME_EXAMPLE)
    assert plain.keys() == {200}
    shown = examples.restored(plain[200]["content"]["application/json"]["example"])
    assert shown == openapi.VOLUME_EXAMPLE.model_dump(mode="json", by_alias=True, exclude_unset=True)
