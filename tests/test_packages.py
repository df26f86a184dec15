"""The shape of the source: packages of this tree, files and functions that a person reads in one go, layers that hold."""

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("services", "intake_api", "routing_worker", "analytics_api", "shared", "ops")
MOST_LINES = 300
MOST_LINES_OF_A_FUNCTION = 60
FILES = sorted(path for package in (*PACKAGES, "migrations") for path in (ROOT / package).rglob("*.py"))


def _named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_is_the_one_of_this_tree(package: str) -> None:
    file = importlib.import_module(package).__file__
    assert file is not None
    assert Path(file).is_relative_to(ROOT)


@pytest.mark.parametrize("path", FILES, ids=_named)
def test_a_file_can_be_read_in_one_go(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= MOST_LINES
    long = [
        f"{node.name}: {(node.end_lineno or 0) - node.lineno + 1}"
        for node in _functions(ast.parse(source))
        if (node.end_lineno or 0) - node.lineno >= MOST_LINES_OF_A_FUNCTION
    ]
    assert long == []


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize("path", FILES, ids=_named)
def test_a_file_says_why_it_exists(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring is not None
    assert len(docstring) > 10


@pytest.mark.parametrize("module", ["intake_api.app", "analytics_api.app", "routing_worker.app"])
def test_importing_a_process_opens_nothing_and_needs_no_setting(module: str) -> None:
    program = f"import socket; socket.socket.connect = None; import {module}"
    process = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=ROOT,
        env={"PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr
