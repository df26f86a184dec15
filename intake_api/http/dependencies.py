"""What operations take from a request by dependencies: the caller with its scope, the key of the request, the form."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, NamedTuple, TypeVar

from fastapi import Depends, Path, Request
from fastapi.security import APIKeyHeader, HTTPBearer, SecurityScopes
from pydantic import BaseModel

from intake_api.http import app_state, bodies
from intake_api.http.app_state import AppState
from services.access.clients import Caller
from services.access.scopes import Scope
from services.cases.changes import KeyedContext
from services.requests import parsing
from services.requests.answers import RequestKeyMissingError

FormT = TypeVar("FormT", bound=BaseModel)
State = Annotated[AppState, Depends(app_state.of)]
CaseNumber = Annotated[str, Path(description="Public number of the case.", examples=["20260301000000017"])]
_KEY = HTTPBearer(scheme_name="key", auto_error=False)
_SIGNATURE = APIKeyHeader(name="Signature", scheme_name="signature", auto_error=False)
"""Both only describe: the authenticator checks, and its refusals say what to do."""


async def authenticated(
    request: Request,
    scopes: SecurityScopes,
    state: State,
    _key: Annotated[object, Depends(_KEY)],
    _signature: Annotated[object, Depends(_SIGNATURE)],
) -> Caller:
    """Return the caller of a request, who has one of the scopes; nothing is counted yet. Raises 401 or 403."""
    return await state.authenticator.authenticate(request, *scopes.scopes)


async def rate_limited(caller: Annotated[Caller, Depends(authenticated)], state: State) -> Caller:
    """Return the caller of a request, who has one of the scopes and is within its rate. Raises 401, 403 or 429."""
    await state.rate_limiter.check(caller)
    return caller


def security_of(*scopes: Scope) -> dict[str, Any]:
    """Describe the security of an operation that is read by hand."""
    return {"security": [{scheme: list(scopes)} for scheme in ("key", "signature")]}


async def keyed_context(state: State) -> KeyedContext:
    """Return what the changes of a request are written with."""
    return KeyedContext(await state.reference(), await state.keys.ring())


Context = Annotated[KeyedContext, Depends(keyed_context)]


def required_request_key(request: Request) -> str:
    """Return the Idempotency-Key. Raises RequestKeyMissingError without one, RequestKeyError for one that cannot be used."""
    key = bodies.request_key(request)
    if key is None:
        raise RequestKeyMissingError(
            "Send the header `Idempotency-Key` (up to 255 visible ASCII characters, a new one for each step)."
        )
    return key


RequestKey = Annotated[str, Depends(required_request_key)]


def form_of(model: type[FormT], limit: int = bodies.SINGLE_LIMIT) -> Callable[[Request], Awaitable[FormT]]:
    """Return the dependency that reads a body as a form: strictly as JSON, within the limit of its size."""

    async def read_form(request: Request) -> FormT:
        bodies.media_type(request, [bodies.JSON])
        return parsing.read_one(await bodies.read(request, limit), model)

    return read_form


class Batch(NamedTuple):
    """A batch as it came: NDJSON, or a JSON array."""

    media_type: str
    body: bytes


async def read_batch(request: Request) -> Batch:
    """Return the body of a batch, of one of the two media types and within the limit of its size."""
    media_type = bodies.media_type(request, [bodies.NDJSON, bodies.JSON])
    return Batch(media_type, await bodies.read(request, bodies.BATCH_LIMIT))


BatchBody = Annotated[Batch, Depends(read_batch)]
