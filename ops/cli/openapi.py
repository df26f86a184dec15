"""The command that prints the OpenAPI document of an API, for client generators and linters, without a database."""

import json
from pathlib import Path
from typing import Annotated

import typer

from ops.description.documents import Api, document


def openapi(
    api: Annotated[Api, typer.Argument(help="Which API.")],
    *,
    out: Annotated[Path | None, typer.Option(dir_okay=False, help="Write to this file.")] = None,
) -> None:
    """Print the OpenAPI document of an API; needs no database and no key file."""
    text = json.dumps(document(api), ensure_ascii=False, indent=2)
    if out is None:
        typer.echo(text)
    else:
        out.write_text(f"{text}\n", encoding="utf-8")
