"""What the endpoints share while the process serves: the read-only database and the door."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.security import HTTPBearer

from services.access import clients
from services.access.clients import Caller
from services.access.scopes import Scope
from shared.database import Database
from shared.http.auth import Authenticator, RateLimiter
from shared.privacy import keyring
from shared.settings import Mode, Settings

ROLE = "shensu_analytics"
SCOPE = Scope.ANALYTICS_READ


@dataclass(frozen=True, slots=True)
class AppState:
    """The process's resources."""

    db: Database
    authenticator: Authenticator[Caller]
    rate_limiter: RateLimiter


@contextlib.asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[AppState]:
    """Open the resources; close them at the end. Raises KeyFileError when the key file is missing."""
    pepper = keyring.read(settings.key_file).pepper
    db = Database.connect(
        settings.database_url.get_secret_value(), role=ROLE, read_only=True, pool_size=settings.pool_size
    )

    async def look_up(key: str) -> Caller | None:
        return await clients.authenticate(db, key, pepper, live_only=settings.mode is Mode.PRODUCTION)

    try:
        yield AppState(db, Authenticator(look_up), RateLimiter())
    finally:
        await db.close()


def enter(app: FastAPI, house: AppState) -> None:
    """Give an application its resources."""
    app.state.house = house


def of(request: Request) -> AppState:
    """Return the resources of the process that serves a request."""
    house = request.app.state.house
    assert isinstance(house, AppState)  # noqa: S101 - set before the first request is served
    return house


async def _reader(request: Request) -> Caller:
    state = of(request)
    caller = await state.authenticator.authenticate(request, SCOPE)
    await state.rate_limiter.check(caller)
    return caller


# Told to OpenAPI only: the check itself is the door's, whose refusals say what to do.
_BEARER = HTTPBearer(auto_error=False, description=f"API key with the scope `{SCOPE}`.")

InHouse = Annotated[AppState, Depends(of)]
READERS_ONLY = [Depends(_reader), Depends(_BEARER)]
