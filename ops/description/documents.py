"""OpenAPI documents of the two APIs, built without a server, a database or a key file."""

from enum import StrEnum
from typing import Any

from pydantic import SecretStr

from analytics_api.app import create_app as create_analytics
from intake_api.app import create_app as create_intake
from shared.settings import Settings

_NOWHERE = SecretStr("postgresql://nobody@127.0.0.1/nothing")
"""Settings need an address; nothing connects before the application serves."""


class Api(StrEnum):
    """The two APIs."""

    INTAKE = "intake"
    ANALYTICS = "analytics"


_FACTORIES = {Api.INTAKE: create_intake, Api.ANALYTICS: create_analytics}


def document(api: Api) -> dict[str, Any]:
    """Return the OpenAPI document of an API, equal to the one at /openapi.json."""
    settings = Settings(
        database_url=_NOWHERE,
        SHENSU_MODE="development",
    )
    return _FACTORIES[api](settings).openapi()
