"""The verb that prints the OpenAPI document of an API: for generators of clients and for linters, without a database."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import SecretStr

from analytics_api.app import create_app as create_analytics
from intake_api.app import create_app as create_intake
from shared.settings import Settings

_NOWHERE = SecretStr("postgresql://nobody@127.0.0.1/nothing")
"""Settings need an address; nothing connects before an application serves."""


class Api(StrEnum):
    """The two APIs."""

    INTAKE = "intake"
    ANALYTICS = "analytics"


_FACTORIES = {Api.INTAKE: create_intake, Api.ANALYTICS: create_analytics}


def document(api: Api) -> dict[str, Any]:
    """Return the OpenAPI document of an API, as the API itself serves it at /openapi.json."""
    settings = Settings(
        database_url=_NOWHERE,
        SHENSU_MODE="development",
    )
    return _FACTORIES[api](settings).openapi()


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
