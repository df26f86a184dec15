"""Types say what a thing is: `Any` grows rarer, and the name of a type has one meaning in the product."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("services", "intake_api", "routing_worker", "analytics_api", "shared", "ops")
MODULES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
MOST_ANY = 3.0
"""Uses of `Any` in 1,000 lines. The number is lowered as they go, and never raised."""
OF_EACH_APP = {"Index", "Liveness", "Readiness", "State"}
"""Types that each process has for itself, in the same role."""
_TYPE_NAME = re.compile(r"[A-Z]+[a-z]\w*")


def _uses_of_any(tree: ast.Module) -> int:
    return sum(isinstance(node, ast.Name) and node.id == "Any" for node in ast.walk(tree))


def _types(tree: ast.Module) -> Iterator[str]:
    """Yield the names of classes and aliases that a module defines; type variables (`…T`) are its own."""
    for node in tree.body:
        match node:
            case ast.ClassDef(name=name):
                yield name
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                if _TYPE_NAME.fullmatch(name) and not name.endswith("T"):
                    yield name


def test_any_is_rare() -> None:
    sources = [path.read_text(encoding="utf-8") for path in MODULES]
    uses = sum(_uses_of_any(ast.parse(source)) for source in sources)
    lines = sum(source.count("\n") for source in sources)
    assert uses * 1000 / lines <= MOST_ANY, f"{uses} uses of Any in {lines} lines: name the type"


def test_the_name_of_a_type_has_one_meaning() -> None:
    modules = defaultdict(list)
    for path in MODULES:
        for name in _types(ast.parse(path.read_text(encoding="utf-8"))):
            if not name.startswith("_") and name not in OF_EACH_APP:
                modules[name].append(str(path.relative_to(ROOT)))
    assert {name: places for name, places in modules.items() if len(places) > 1} == {}
