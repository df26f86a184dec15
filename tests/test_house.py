"""The house keeps its own rules: packages are ours, files and functions stay short, each folder says what it is."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("services", "intake_api", "routing_worker", "analytics_api", "shared", "ops", "bench")
MOST_LINES = 300
LONGEST_FUNCTION = 60
VAGUE = {"told", "held", "given", "found", "one", "wanted", "asked", "known"}
MODULES = sorted(path for package in (*PACKAGES, "migrations") for path in (ROOT / package).rglob("*.py"))


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
    sources = [*MODULES, *(ROOT / "tests").rglob("*.py")]
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


SOURCES = ("services", "shared", "intake_api", "routing_worker", "analytics_api", "ops")
UNTESTED = ROOT / "tests" / "untested.txt"


def _has_behaviour(path: Path) -> bool:
    """Tell whether a module has a function with a body, and is more than tables, names and models."""
    return path.name not in {"__init__.py", "__main__.py"} and next(_functions(path), None) is not None


def _test_of(path: Path) -> Path:
    """Return the test module of the mirrored name: tests/<path>/test_<name>.py."""
    source = path.relative_to(ROOT)
    return ROOT / "tests" / source.parent / f"test_{source.name}"


def test_every_module_has_its_test_or_waits_for_it_in_a_list_that_only_shrinks() -> None:
    untested = [
        str(path.relative_to(ROOT))
        for package in SOURCES
        for path in sorted((ROOT / package).rglob("*.py"))
        if _has_behaviour(path) and not _test_of(path).exists()
    ]
    waiting = UNTESTED.read_text(encoding="utf-8").splitlines()
    assert sorted(set(untested) - set(waiting)) == [], "write the test of the mirrored name"
    assert sorted(set(waiting) - set(untested)) == [], "it has its test: remove it from tests/untested.txt"
    assert waiting == sorted(set(waiting))


def _names(path: Path) -> Iterator[object]:
    """Yield the names of variables, parameters, attributes and keys that a module defines."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name
            case ast.arg(arg=name):
                yield name
            case ast.Dict(keys=keys):
                yield from (key.value for key in keys if isinstance(key, ast.Constant))
            case ast.Subscript(slice=ast.Constant(value=key)):
                yield key


def test_names_say_what_a_thing_is() -> None:
    names = {str(path.relative_to(ROOT)): VAGUE.intersection(_names(path)) for path in MODULES}
    assert {path: vague for path, vague in names.items() if vague} == {}
