"""`docs/rules.md` leads a stranger to every rule: what it names exists, and no rule is missing from it."""

import importlib
import re
from operator import attrgetter
from pathlib import Path

import pytest

from services.rules import admission, metrics
from services.rules.failing_link import inference
from services.rules.jurisdiction import bureau_choice

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(services\.rules\.[\w.]+)`", PAGE)))


def test_the_page_names_functions() -> None:
    assert len(NAMED) > 30


@pytest.mark.parametrize("dotted", NAMED)
def test_what_the_page_names_exists(dotted: str) -> None:
    package, module, *attributes = dotted.removeprefix("services.").split(".")
    holder = importlib.import_module(f"services.{package}.{module}")
    assert attrgetter(".".join(attributes))(holder) is not None


@pytest.mark.parametrize("rule", bureau_choice.RULES, ids=lambda rule: rule.id)
def test_every_rule_of_jurisdiction_has_its_row(rule: bureau_choice.Rule) -> None:
    assert re.search(rf"^\| {rule.id} \|.*`{_dotted(rule.apply)}` \|$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("number", range(1, 9))
def test_every_check_of_admission_has_its_row(number: int) -> None:
    dotted = _dotted(admission.CHECKS[number - 1])
    assert re.search(rf"^\| A{number} \|.*`{dotted}` \|$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("rule", inference.RULES, ids=lambda rule: rule.id)
def test_every_rule_of_failing_links_has_its_row(rule: inference.Rule) -> None:
    issues = ", ".join(sorted(rule.issues))
    assert re.search(
        rf"^\| {rule.id} \|.*\| {issues} \| P \| `{_dotted(rule.apply)}` \|$", PAGE, re.MULTILINE
    )


@pytest.mark.parametrize("key", metrics.METRICS)
def test_every_figure_has_its_row(key: str) -> None:
    assert re.search(rf"^\|.*`{key}`.*\|.*`services\.rules\.metrics\.", PAGE, re.MULTILINE)


def _dotted(function: object) -> str:
    return f"{function.__module__}.{getattr(function, '__name__', '')}"
