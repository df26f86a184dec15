"""`docs/rules.md` leads a stranger to every rule: each row names its function and its tag, and no rule lacks a row."""

import ast
import csv
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from services import rules
from services.rules import admission
from services.rules.failing_link import inference
from services.rules.jurisdiction import bureau_choice
from services.rules.metrics.definitions import METRICS
from services.rules.states import grounds
from services.rules.states.complaints import CONSUMER_COMPLAINTS
from shared.vocabulary import DeadlineKind, RefusalGround

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
DOTTED = re.compile(r"`((?:services|shared)\.[\w.]+)`")
TAGS = ("V1", "V2", "V3", "M", "P")
UNITS = {"day": "day", "workday": "working day", "hour": "hour", "office_hour": "office hour"}
# what a docstring calls a source: a tag, the rulebook, an article, a text by its year or number
SOURCE = re.compile(r"\[(?:V[123]|M|P)\b|rulebook|\barts?\b|2014|2020|66号文", re.IGNORECASE)


class Row(NamedTuple):
    """A row of a table of rules: the last cell names the functions, the one before it the tag."""

    cells: tuple[str, ...]

    @property
    def tag(self) -> str:
        """How reliable the source is."""
        return self.cells[-2]

    @property
    def functions(self) -> tuple[str, ...]:
        """The dotted names of the functions and tables that decide."""
        return tuple(DOTTED.findall(self.cells[-1]))

    @property
    def tags(self) -> set[str]:
        """The tag of the rule, and those that the source's cell shows."""
        return {self.tag, *re.findall(r"\b(V[123]|M|P)\b", " ".join(self.cells[1:-2]))}


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip("|").split("|"))


def _rows() -> Iterator[Row]:
    in_rules = False
    for before, line in pairwise(PAGE.splitlines()):
        if not line.startswith("|"):
            in_rules = False
        elif line.startswith("|---"):
            in_rules = _cells(before)[-2:] == ("tag", "function")
        elif in_rules:
            yield Row(_cells(line))


ROWS = tuple(_rows())
NAMED = sorted(set(DOTTED.findall(PAGE)))
WITH_ROW = {name for row in ROWS for name in row.functions}


class Function(NamedTuple):
    """A public function of the rules, with what its docstring says."""

    dotted: str
    doc: str

    @property
    def tags(self) -> set[str]:
        """The tags in square brackets, as in `[V3]` or `[P; as the form asks, V1]`."""
        brackets = re.findall(r"\[((?:V[123]|M|P)\b[^\]]*)\]", self.doc)
        return {tag for text in brackets for tag in re.findall(r"\b(?:V[123]|M|P)\b", text)}


def _public(body: list[ast.stmt], prefix: str) -> Iterator[Function]:
    for node in body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield Function(f"{prefix}.{node.name}", ast.get_docstring(node) or "")


def _functions() -> Iterator[Function]:
    """Yield the public functions of modules, and the methods whose docstring names a source."""
    for module in pkgutil.walk_packages(rules.__path__, "services.rules."):
        source = importlib.import_module(module.name).__file__
        assert source is not None
        body = ast.parse(Path(source).read_text(encoding="utf-8")).body
        yield from _public(body, module.name)
        for node in body:
            if isinstance(node, ast.ClassDef):
                methods = _public(node.body, f"{module.name}.{node.name}")
                yield from (method for method in methods if SOURCE.search(method.doc))


FUNCTIONS = tuple(_functions())


def _dotted(function: object) -> str:
    return f"{function.__module__}.{getattr(function, '__name__', '')}"


def test_the_page_has_rules() -> None:
    assert len(ROWS) > 150
    assert len(FUNCTIONS) > 70


@pytest.mark.parametrize("dotted", NAMED)
def test_what_the_page_names_exists(dotted: str) -> None:
    assert pkgutil.resolve_name(dotted) is not None


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.cells[0])
def test_each_row_names_its_function_and_its_tag(row: Row) -> None:
    assert row.tag in TAGS
    assert row.functions, "name the function that decides"
    assert all(row.cells), "no cell is empty"


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.dotted)
def test_each_public_function_of_the_rules_is_on_the_page(function: Function) -> None:
    assert function.dotted in NAMED
    if SOURCE.search(function.doc):
        assert function.dotted in WITH_ROW, "its docstring names a source: it decides, and has a row"


@pytest.mark.parametrize(
    "function", [entry for entry in FUNCTIONS if entry.tags], ids=lambda function: function.dotted
)
def test_the_tags_of_the_code_are_those_of_the_page(function: Function) -> None:
    rows = [row for row in ROWS if function.dotted in row.functions]
    assert {row.tag for row in rows} <= function.tags
    assert function.tags <= {tag for row in rows for tag in row.tags}


@pytest.mark.parametrize(
    "dotted", sorted(name for name in WITH_ROW if not name.startswith("services.rules."))
)
def test_the_tags_of_a_use_case_are_shown(dotted: str) -> None:
    use_case = Function(dotted, inspect.getdoc(pkgutil.resolve_name(dotted)) or "")
    assert use_case.tags <= {tag for row in ROWS if dotted in row.functions for tag in row.tags}


@pytest.mark.parametrize("rule", bureau_choice.RULES, ids=lambda rule: rule.id)
def test_every_rule_of_jurisdiction_has_its_row(rule: bureau_choice.ChoiceRule) -> None:
    assert re.search(rf"^\| {rule.id} \|.*`{_dotted(rule.apply)}` \|$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("number", range(1, 9))
def test_every_check_of_admission_has_its_row(number: int) -> None:
    dotted = _dotted(admission.CHECKS[number - 1])
    assert re.search(rf"^\| A{number} \|.*`{dotted}` \|$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("rule", inference.RULES, ids=lambda rule: rule.id)
def test_every_rule_of_failing_links_has_its_row(rule: inference.InferenceRule) -> None:
    issues = ", ".join(sorted(rule.issues))
    assert re.search(
        rf"^\| {rule.id} \|.*\| {issues} \| P \| `{_dotted(rule.apply)}` \|$", PAGE, re.MULTILINE
    )


@pytest.mark.parametrize("code", METRICS)
def test_every_figure_has_its_row(code: str) -> None:
    assert re.search(rf"^\|.*`{code}`.*\|.*`services\.rules\.metrics\.", PAGE, re.MULTILINE)


@pytest.mark.parametrize(
    "guard", sorted({_dotted(move.guard) for move in CONSUMER_COMPLAINTS.moves if move.guard is not None})
)
def test_every_condition_of_the_state_table_has_its_row(guard: str) -> None:
    assert guard in WITH_ROW


def test_every_ground_of_refusal_has_its_legal_basis() -> None:
    assert set(grounds.LEGAL_BASES) == set(RefusalGround)
    words = {11: "eleven", 12: "twelve", 13: "thirteen", 14: "fourteen"}
    assert f"| {words[len(RefusalGround)]} grounds |" in PAGE


@pytest.mark.parametrize("kind", DeadlineKind)
def test_every_deadline_has_its_row(kind: DeadlineKind) -> None:
    assert [row for row in ROWS if f"`{kind}`" in row.cells[0]]


def _amounts() -> dict[str, tuple[str, str]]:
    """Amount in words and tag of each deadline rule of version 2020."""
    path = ROOT / "shared" / "reference_data" / "deadline_rules.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return {
            line["key"]: (f"{line['amount']} {UNITS.get(line['unit'], line['unit'])}", line["confidence"])
            for line in csv.DictReader(lines)
            if line["version"] == "2020"
        }


AMOUNTS = _amounts()


@pytest.mark.parametrize("key", sorted(AMOUNTS.keys() & set(DeadlineKind)))
def test_amount_and_tag_of_a_deadline_are_those_of_the_reference_data(key: str) -> None:
    [row] = [row for row in ROWS if f"`{key}`" in row.cells[0]]
    amount, tag = AMOUNTS[key]
    plural = "" if amount.startswith("1 ") else "s"
    assert (row.cells[2], row.tag) == (f"{amount}{plural}", tag)


@pytest.mark.parametrize("key", sorted(key for key in AMOUNTS if re.search(r"_l[0-3]$", key)))
def test_the_amounts_of_each_level_are_those_of_the_reference_data(key: str) -> None:
    target, level = key.rsplit("_", 1)
    [row] = [row for row in ROWS if f"`{target}`" in row.cells[0]]
    amount, tag = AMOUNTS[key]
    number, unit = amount.split(" ", 1)
    said = row.cells[2].partition(level.upper())[2] if level != "l0" else row.cells[2]
    assert re.match(rf"\s*{number}\b", said)
    assert unit in row.cells[2]
    assert row.tag == tag


def test_the_deadlines_of_a_province_are_marked_by_their_source() -> None:
    path = ROOT / "shared" / "reference_data" / "hotline_deadlines.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        tags = {line["confidence"] for line in csv.DictReader(lines) if line["region"] == "440000"}
    [row] = [row for row in ROWS if "services.rules.hotline.deadline_for" in row.functions]
    assert tags == {row.tag}
