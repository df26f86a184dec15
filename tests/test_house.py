"""Rules of the source: packages of this tree, short files and functions, docstrings, names, tests by module."""

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("services", "intake_api", "routing_worker", "analytics_api", "shared", "ops", "bench")
MOST_LINES = 300
LONGEST_FUNCTION = 60
VAGUE = {"told", "held", "given", "found", "one", "wanted", "asked", "known"}
MODULES = sorted(path for package in (*PACKAGES, "migrations") for path in (ROOT / package).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("package", PACKAGES)
def test_the_package_is_ours(package: str) -> None:
    # packages of these names exist on the registry and would shadow ours
    file = importlib.import_module(package).__file__
    assert file is not None
    assert Path(file).is_relative_to(ROOT)


def test_files_are_short() -> None:
    sources = [*MODULES, *TESTS]
    assert len(sources) > 100
    assert {
        str(path): n for path in sources if (n := len(path.read_text("utf-8").splitlines())) > MOST_LINES
    } == {}


def test_functions_are_short() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in MODULES
        for node in _functions(path)
        if (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


def test_modules_say_what_they_are_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in MODULES
        if len(ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "") <= 10
    ]
    assert silent == []


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


SOURCES = ("services", "shared", "intake_api", "routing_worker", "analytics_api", "ops")


def _has_behaviour(path: Path) -> bool:
    """Tell whether a module has a function with a body, and is more than tables, names and models."""
    return path.name not in {"__init__.py", "__main__.py"} and next(_functions(path), None) is not None


def _test_of(path: Path) -> Path:
    """Return the test module of the mirrored name: tests/<path>/test_<name>.py."""
    source = path.relative_to(ROOT)
    return ROOT / "tests" / source.parent / f"test_{source.name}"


def test_every_module_has_its_test() -> None:
    untested = [
        str(path.relative_to(ROOT))
        for package in SOURCES
        for path in sorted((ROOT / package).rglob("*.py"))
        if _has_behaviour(path) and not _test_of(path).exists()
    ]
    assert untested == [], "write the test of the mirrored name"


def _variables(tree: ast.AST) -> Iterator[str]:
    """Yield the names of variables, parameters, attributes and functions that a module defines."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name
            case ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name


def _keys(tree: ast.AST) -> Iterator[object]:
    """Yield the keys of mappings that a module writes or reads."""
    for node in ast.walk(tree):
        match node:
            case ast.Dict(keys=keys):
                yield from (key.value for key in keys if isinstance(key, ast.Constant))
            case ast.Subscript(slice=ast.Constant(value=key)):
                yield key


def test_names_say_what_a_thing_is() -> None:
    vague = {}
    for path in (*MODULES, *TESTS):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        # tests write keys of their own: columns of a query, members that a form refuses
        names = {*_variables(tree), *(() if path in TESTS else _keys(tree))}
        vague[str(path.relative_to(ROOT))] = VAGUE & names
    assert {path: names for path, names in vague.items() if names} == {}
