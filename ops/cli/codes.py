"""The command that prints the codes of answers with their texts: as JSON, or as the documentation page."""

import json
from typing import Annotated

import typer

from services.reference import code_texts


def codes(
    *, markdown: Annotated[bool, typer.Option("--markdown", help="Print docs/codes.md.")] = False
) -> None:
    """Print the codes of problems, notices, events and what_next."""
    if markdown:
        typer.echo(code_texts.page(), nl=False)
    else:
        typer.echo(json.dumps(code_texts.lists(), ensure_ascii=False, indent=2))
