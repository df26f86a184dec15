"""How verbs answer: text for people, one JSON value for programs, one clear sentence on failure."""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table

IDENTIFIERS = frozenset({"id", "key_id", "name"})
_WIDE = 200
AsJson = Annotated[bool, typer.Option("--json", help="Answer with one JSON value.")]


def say(line: str) -> None:
    """Tell the operator how things go, beside the answer proper."""
    typer.echo(line, err=True)


def answer(value: Any, text: str, *, as_json: bool) -> None:
    """Print the answer in the form that was asked for."""
    typer.echo(json.dumps(value, ensure_ascii=False, default=str) if as_json else text)


def rows(found: Sequence[Mapping[str, Any]], columns: Sequence[str], *, as_json: bool) -> None:
    """Print rows: as a table with these columns, or whole as JSON."""
    if as_json:
        typer.echo(json.dumps([dict(row) for row in found], ensure_ascii=False, default=str))
        return
    table = Table(box=box.SIMPLE_HEAD)
    for column in columns:
        # an identifier is there to be copied: it is never broken
        table.add_column(column, overflow="fold", no_wrap=column in IDENTIFIERS)
    for row in found:
        table.add_row(*(_cell(row.get(column)) for column in columns))
    console = Console()
    if not console.is_terminal:
        console.width = _WIDE
    console.print(table if found else "none")


def _cell(value: object) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
