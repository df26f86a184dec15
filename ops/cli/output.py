"""Output of commands: text for people, one JSON value for programs. Times are shown in Asia/Shanghai civil time."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from shared import clock

IDENTIFIERS = frozenset({"id", "key_id", "name"})
_WIDE = 200
AsJson = Annotated[bool, typer.Option("--json", help="Answer with one JSON value.")]


def say(line: str) -> None:
    """Print a line about progress to standard error; standard output has the answer only."""
    typer.echo(line, err=True)


def answer(value: object, text: str, *, as_json: bool) -> None:
    """Print the answer as text or as JSON."""
    typer.echo(json.dumps(value, ensure_ascii=False, default=_text) if as_json else text)


def rows(records: Sequence[Mapping[str, object]], columns: Sequence[str], *, as_json: bool) -> None:
    """Print rows: as a table with these columns, or completely as JSON."""
    if as_json:
        typer.echo(json.dumps([dict(row) for row in records], ensure_ascii=False, default=_text))
        return
    table = Table(box=box.SIMPLE_HEAD)
    for column in columns:
        # identifiers are copied, so they are never wrapped
        table.add_column(column, overflow="fold", no_wrap=column in IDENTIFIERS)
    for row in records:
        table.add_row(*(_cell(row.get(column)) for column in columns))
    console = Console()
    if not console.is_terminal:
        console.width = _WIDE
    console.print(table if records else "none")


def _cell(value: object) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else _text(value)


def _text(value: object) -> str:
    """Return the text of a value that JSON cannot encode; moments in civil time, to the second."""
    if isinstance(value, datetime):
        return value.astimezone(clock.SHANGHAI).isoformat(timespec="seconds")
    return str(value)
