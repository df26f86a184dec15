"""Layers of the source tree, from the import contracts in `pyproject.toml`, which CI enforces."""

import ast
import tomllib
from pathlib import Path

from ops.description.entries import DescriptionEntry

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "architecture.md"
BEGIN = "<!-- begin: python -m ops describe --layers --write -->"
END = "<!-- end -->"


def layers() -> list[DescriptionEntry]:
    """Return every package of the layer contracts, from the top: its docstring and its layer."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = [
        contract for contract in settings["tool"]["importlinter"]["contracts"] if contract["type"] == "layers"
    ]
    return [
        _entry(container, name.strip(), number)
        for contract in contracts
        for container in contract.get("containers", [""])
        for number, layer in enumerate(contract["layers"], 1)
        for name in layer.split("|")
    ]


def markdown() -> str:
    """Return the layers as the table of docs/architecture.md."""
    rows = [
        f"| {entry.details['layer']} | `{entry.name}` | {entry.meaning} |".replace("`services.", "`")
        if entry.name.startswith("services.")
        else f"| {entry.details['layer']} | `{entry.name}/` | {entry.meaning} |"
        for entry in layers()
    ]
    return "\n".join(["| layer | package | what it does |", "|---|---|---|", *rows])


def drawn(page: str) -> str:
    """Return a page with the current table between its two markers. Raises ValueError if a marker is missing."""
    before, _, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"{PAGE} needs the markers {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{markdown()}\n{END}{after}"


def _entry(container: str, name: str, number: int) -> DescriptionEntry:
    dotted = f"{container}.{name}" if container else name
    layer = f"{container} {number}" if container else str(number)
    return DescriptionEntry(dotted, _docstring(dotted), {"layer": layer})


def _docstring(dotted: str) -> str:
    folder = ROOT.joinpath(*dotted.split("."))
    path = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return docstring.partition("\n\n")[0].replace("\n", " ")
