"""What operations of every audience take from a request: the state of the process, the caller, the form."""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

from fastapi import Depends, Path, Request
from pydantic import BaseModel

from intake_api.http import app_state, bodies
from intake_api.http.app_state import AppState
from services.access.clients import Caller
from services.access.scopes import Scope
from services.cases.changes import KeyedContext
from services.requests import parsing

FormT = TypeVar("FormT", bound=BaseModel)
State = Annotated[AppState, Depends(app_state.of)]
CaseNumber = Annotated[str, Path(description="Public number of the case.", examples=["20260301000000017"])]


async def write_context(state: State) -> KeyedContext:
    """Return what the changes of a request are written with."""
    return KeyedContext(await state.reference(), await state.keys.ring())


Context = Annotated[KeyedContext, Depends(write_context)]


def caller_with(*scopes: Scope) -> Callable[[Request], Awaitable[Caller]]:
    """Return the dependency that finds the caller, who needs one of the scopes, and counts the request."""

    async def authenticated(request: Request) -> Caller:
        state = app_state.of(request)
        caller = await state.authenticator.authenticate(request, *scopes)
        await state.rate_limiter.check(caller)
        return caller

    return authenticated


def form_of(model: type[FormT], limit: int = bodies.SINGLE_LIMIT) -> Callable[[Request], Awaitable[FormT]]:
    """Return the dependency that reads a body as a form: strictly as JSON, within the limit of its size."""

    async def read_form(request: Request) -> FormT:
        bodies.media_type(request, [bodies.JSON])
        return parsing.read_one(await bodies.read(request, limit), model)

    return read_form
