"""The language of texts: `lang` first, then `Accept-Language`, else English."""

from collections.abc import Callable
from typing import Any

import pytest

from intake_api.http import language
from services.views.language import Language
from tests.running import Stack


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("", Language.EN),
        ("*", Language.EN),
        ("fr, de;q=0.8", Language.EN),
        ("zh", Language.ZH),
        ("zh-CN,zh;q=0.9,en;q=0.8", Language.ZH),
        ("en;q=0.4, ZH-Hans;q=0.6", Language.ZH),
        ("fr, en;q=0.5, zh;q=0.5", Language.EN),
        ("zh;q=0, en;q=0.1", Language.EN),
        ("zh;q=much, en", Language.EN),
        (" zh ; q = 1.0 ", Language.ZH),
    ],
)
def test_the_preferred_language_that_we_have(header: str, chosen: Language) -> None:
    assert language.accepted(header) is chosen


@pytest.mark.parametrize(
    ("query", "header", "chosen"),
    [
        ("", None, "en"),
        ("", "zh-CN,en;q=0.5", "zh"),
        ("?lang=en", "zh", "en"),
        ("?lang=zh", None, "zh"),
        ("", "(none of ours;q=", "en"),
    ],
)
def test_an_explanation_comes_in_the_language_of_its_reader(
    query: str, header: str | None, chosen: str, stack: Stack, filing: Callable[..., dict[str, Any]]
) -> None:
    number = stack.post(filing()).json()["number"]
    stack.wait_until_routed(number)
    headers = stack.as_client("call-centre") | ({"Accept-Language": header} if header else {})
    for address, key in (("explanation", "summary"), ("deadlines", "counting")):
        url = f"{stack.intake}/v1/complaints/{number}/{address}{query}"
        answer = stack.http.get(url, headers=headers)
        assert (answer.headers["content-language"], answer.headers["vary"]) == (chosen, "Accept-Language")
        text = str(answer.json()[key])
        assert ("每" in text or "规则" in text or "北京时间" in text) is (chosen == "zh")


def test_a_language_that_we_have_not_is_refused(stack: Stack) -> None:
    assert stack.get("/v1/complaints/20261124000000017/explanation?lang=fr").status_code == 422
