"""Each code that an answer can carry has its texts, and the page of the docs lists them all."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from ops.cli import app
from services.reference import code_texts
from services.reference.code_texts import CodeKind
from services.views.next_step import NextStep
from shared import form_faults
from shared.errors import ShensuError
from shared.event_kinds import EventKind

ROOT = Path(__file__).parents[3]
OF_SCANS = {"unknown-code", "unknown-region"}


def _subclasses(error: type[ShensuError]) -> Iterator[type[ShensuError]]:
    for subclass in error.__subclasses__():
        yield subclass
        yield from _subclasses(subclass)


def _codes(kind: CodeKind) -> set[str]:
    return {text["code"] for text in code_texts.of_kind(kind)}


def _notices() -> set[str]:
    """Return the codes of the notices that the sources make."""
    calls = [
        node
        for path in (ROOT / "services").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Notice"
    ]
    return {ast.literal_eval(call.args[0]) for call in calls}


FAULT_CALLS = {"FieldError": 1, "add": 1, "missing": 1, "unless": 2, "PydanticCustomError": 0}
"""Calls that make a fault, with the place of its code."""
ADD_ARGUMENTS = 3
OF_FILES = ROOT / "services" / "reference"
"""Faults of reference files are printed by the command line, and are no answer of an API."""


def _faults() -> set[str]:
    """Return the codes of the faults that the sources make, by calls with literal codes."""
    codes = set(form_faults.CODES)
    for room in ("services", "intake_api", "analytics_api"):
        for path in (ROOT / room).rglob("*.py"):
            if OF_FILES not in path.parents:
                codes |= set(_codes_of_calls(ast.parse(path.read_text(encoding="utf-8"))))
    return codes


def _codes_of_calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        place = FAULT_CALLS.get(name)
        if (
            place is not None
            and len(node.args) > max(place, 1)
            and (name != "add" or len(node.args) == ADD_ARGUMENTS)
        ):
            code = node.args[place]
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                yield code.value


def test_each_fault_has_a_text_and_each_code_the_same_style() -> None:
    assert _codes("fault") == _faults()
    for kind in ("problem", "fault", "notice"):
        assert [code for code in _codes(kind) if re.fullmatch("[a-z]+(-[a-z]+)*", code) is None] == []


def test_each_problem_has_the_title_of_its_class_and_a_text() -> None:
    # every module of the APIs and of the command line is imported with it
    assert app.app is not None
    classes = {
        error.code: error.title for error in _subclasses(ShensuError) if "tests" not in error.__module__
    }
    texts = {text["code"]: text["en"] for text in code_texts.of_kind("problem")}
    assert texts.keys() == classes.keys()
    assert {code: texts[code] for code in classes} == classes


def test_each_notice_event_and_next_step_has_its_texts() -> None:
    assert _codes("notice") == _notices() | OF_SCANS
    assert _codes("event") == set(EventKind)
    assert _codes("what_next") == set(NextStep)


@pytest.mark.parametrize("kind", get_args(CodeKind))
def test_each_text_is_in_both_languages_and_stands_once(kind: CodeKind) -> None:
    texts = code_texts.of_kind(kind)
    assert len(texts) == len(_codes(kind))
    assert all(text["en"].isascii() and text["zh"] and not text["zh"].isascii() for text in texts)


def test_the_page_is_as_the_command_prints_it() -> None:
    assert (ROOT / "docs" / "codes.md").read_text(encoding="utf-8") == code_texts.page()
