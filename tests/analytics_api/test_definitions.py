"""The registry of figures as the API shows it: definitions, parameters, descriptions; examples are real answers."""

from collections.abc import Callable

import httpx

from services.rules.metrics.definitions import METRICS
from services.rules.metrics.dimensions import Dimension

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
