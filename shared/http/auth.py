"""Callers of an API: their key, and the scope of an operation."""

import time
from collections.abc import Awaitable, Callable
from typing import ClassVar, Generic, Protocol, TypeVar

from starlette.requests import Request

from shared.errors import ShensuError

KEY_CACHE_SECONDS = 5.0
"""How long a process that knows a key may accept it after it was revoked."""
_CACHE_ENTRIES = 10_000


class UnauthenticatedError(ShensuError):
    """The request carries no key, or one that is not valid."""

    status: ClassVar[int] = 401
    code: ClassVar[str] = "unauthenticated"
    title: ClassVar[str] = "A valid API key is needed"


class ForbiddenError(ShensuError):
    """The key is valid, but does not carry the scope that this operation needs."""

    status: ClassVar[int] = 403
    code: ClassVar[str] = "forbidden"
    title: ClassVar[str] = "The key does not carry the needed scope"


class HasScopes(Protocol):
    """The attributes of a caller that authentication needs."""

    @property
    def name(self) -> str:
        """Name in logs."""

    @property
    def scopes(self) -> frozenset[str]:
        """The scopes of the caller."""

    @property
    def per_minute(self) -> int:
        """How many complaints or other requests the caller may send in a minute."""


CallerT = TypeVar("CallerT", bound=HasScopes)


CallerOut_co = TypeVar("CallerOut_co", bound=HasScopes, covariant=True)
SIGNATURE_INPUT = "signature-input"


class Recognises(Protocol[CallerOut_co]):
    """Recognises the caller of a request by its signature."""

    async def caller(self, request: Request) -> CallerOut_co:
        """Return the caller. Raises UnauthenticatedError."""


class Authenticator(Generic[CallerT]):
    """Finds the caller of a request; caches keys for a short time, so that a key costs one statement every few seconds.

    With `signatures`, a signed request needs no API key.
    """

    def __init__(
        self,
        look_up: Callable[[str], Awaitable[CallerT | None]],
        signatures: Recognises[CallerT] | None = None,
    ) -> None:
        self._look_up = look_up
        self._signatures = signatures
        self._cache: dict[str, tuple[float, CallerT]] = {}

    async def authenticate(self, request: Request, *scopes: str) -> CallerT:
        """Return the caller of a request if its key or signature is valid and has one of the scopes. Raises 401 or 403."""
        if self._signatures is not None and SIGNATURE_INPUT in request.headers:
            if "authorization" in request.headers:
                # two components could otherwise choose different ones
                raise UnauthenticatedError("Sign the request, or send an API key; not both.")
            caller = await self._signatures.caller(request)
        else:
            caller = await self._recognise(_bearer(request))
        request.scope["shensu.client"] = caller.name
        request.scope["shensu.per_minute"] = caller.per_minute
        if caller.scopes.isdisjoint(scopes):
            raise ForbiddenError(
                f"This operation needs a key with the scope {' or '.join(scopes)}; ask the operator for one."
            )
        return caller

    async def _recognise(self, key: str) -> CallerT:
        moment = time.monotonic()
        entry = self._cache.get(key)
        if entry is not None and entry[0] > moment:
            return entry[1]
        caller = await self._look_up(key)
        if caller is None:
            self._cache.pop(key, None)
            raise UnauthenticatedError("The API key is not valid: it is mistyped, unknown or revoked.")
        if len(self._cache) >= _CACHE_ENTRIES:
            self._cache.clear()
        self._cache[key] = (moment + KEY_CACHE_SECONDS, caller)
        return caller


def _bearer(request: Request) -> str:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key:
        raise UnauthenticatedError("Send the header `Authorization: Bearer <your API key>`.")
    return key
