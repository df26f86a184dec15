"""The command that describes the platform from its code; it needs no database and no stack."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from ops.cli.output import AsJson, answer
from ops.description import layers as layers_
from ops.description.entries import DescriptionEntry
from ops.description.sections import SECTIONS
from shared.errors import InvalidInputError


def describe(
    sections: Annotated[
        list[str] | None, typer.Argument(help=f"Any of: {', '.join(SECTIONS)}; default: all.")
    ] = None,
    *,
    layers: Annotated[
        bool, typer.Option("--layers", help="Print the layers as the table of docs/architecture.md.")
    ] = False,
    write: Annotated[bool, typer.Option("--write", help="With --layers: update the page.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what the code defines: tables, events, messages, scopes, loops, verbs, metrics, settings, operations."""
    if write and not layers:
        raise InvalidInputError("--write updates the table of layers: give --layers too")
    if layers:
        _layers(write=write)
        return
    if unknown := sorted(set(sections or ()) - SECTIONS.keys()):
        raise InvalidInputError(f"no section {', '.join(unknown)}; there are {', '.join(SECTIONS)}")
    entries = {name: SECTIONS[name]() for name in sections or SECTIONS}
    value = {name: [asdict(entry) for entry in section] for name, section in entries.items()}
    text = "\n\n".join(_text(name, section) for name, section in entries.items())
    answer(value, text, as_json=as_json)


def _layers(*, write: bool) -> None:
    if not write:
        typer.echo(layers_.markdown())
        return
    page = layers_.PAGE.read_text(encoding="utf-8")
    layers_.PAGE.write_text(layers_.drawn(page), encoding="utf-8")


def _text(name: str, entries: Sequence[DescriptionEntry]) -> str:
    lines = [f"{name} ({len(entries)})"]
    for entry in entries:
        lines.append(f"  {entry.name}: {entry.meaning}")
        lines += [f"      {key}: {value}" for key, value in entry.details.items() if value]
    return "\n".join(lines)
