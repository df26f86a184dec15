"""What the endpoints share while the process serves: the read-only database, the authenticator, the rate limiter."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, FastAPI, Request, Security
from fastapi.security import HTTPBearer, SecurityScopes

from services.access import clients
from services.access.clients import Caller
from services.access.scopes import Scope
from shared.database import Database
from shared.http.auth import Authenticator
from shared.http.rate_limits import RateLimiter
from shared.privacy import keyring
from shared.settings import Mode, Settings

ROLE = "shensu_analytics"


@dataclass(frozen=True, slots=True)
class AnalyticsState:
    """The process's resources."""

    db: Database
    authenticator: Authenticator[Caller]
    rate_limiter: RateLimiter


@contextlib.asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[AnalyticsState]:
    """Open the resources; close them at the end. Raises KeyFileError when the key file is missing."""
    pepper = keyring.read(settings.key_file).pepper
    db = Database.connect(
        settings.database_url.get_secret_value(), role=ROLE, read_only=True, pool_size=settings.pool_size
    )

    async def look_up(key: str) -> Caller | None:
        return await clients.authenticate(db, key, pepper, live_only=settings.mode is Mode.PRODUCTION)

    try:
        yield AnalyticsState(db, Authenticator(look_up), RateLimiter())
    finally:
        await db.close()


def enter(app: FastAPI, state: AnalyticsState) -> None:
    """Give an application its resources."""
    app.state.resources = state


def of(request: Request) -> AnalyticsState:
    """Return the resources of the process that serves a request."""
    resources: AnalyticsState = request.app.state.resources
    return resources


State = Annotated[AnalyticsState, Depends(of)]


async def authenticated(request: Request, scopes: SecurityScopes, state: State) -> Caller:
    """Return the caller of a request, who has the scope and is within its rate. Raises 401, 403 or 429."""
    caller = await state.authenticator.authenticate(request, *scopes.scopes)
    await state.rate_limiter.check(caller)
    return caller


_KEY = HTTPBearer(auto_error=False, description=f"API key with the scope `{Scope.ANALYTICS_READ}`.")
"""It only describes: the authenticator checks, and its refusals say what to do."""
READERS_ONLY = [Security(authenticated, scopes=[Scope.ANALYTICS_READ]), Depends(_KEY)]
"""The dependencies of every operation that shows figures."""
