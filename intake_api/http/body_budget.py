"""Memory for bodies: so many bytes of them at once in one process, from before they are read until they are answered.

Who comes while it is full waits in turn, and nothing of theirs is read meanwhile. It is wide enough for some of the largest
and for a hundred usual batches, and a slow sender gives its part back after a minute (`intake_api.http.bodies`).
"""

import asyncio
from typing import ClassVar

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.errors import UnavailableError

SIZE = 80 * 1024 * 1024
WAIT_SECONDS = 30
_ROOM, _TAKEN = "shensu.room", "shensu.room.taken"


class TooMuchAtOnceError(UnavailableError):
    """Others send so much at this moment that there is no room for the body."""

    code: ClassVar[str] = "too-much-at-once"
    title: ClassVar[str] = "Too much is being sent at this moment"


class BodyBudget:
    """Wraps an application whose endpoints take room for what they read; gives back what each request took."""

    def __init__(self, app: ASGIApp, *, size: int = SIZE) -> None:
        self._app = app
        self._free = size
        self._turn = asyncio.Lock()
        self._grown = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        scope[_ROOM] = self

        async def _send(message: Message) -> None:
            # however slowly the answer is fetched, the body is not needed any more
            self._give_back(scope)
            await send(message)

        try:
            await self._app(scope, receive, _send)
        finally:
            self._give_back(scope)

    async def take(self, scope: Scope, size: int) -> None:
        """Take so many bytes for a request, when its turn has come and they are free."""
        async with self._turn:
            while self._free < size:
                self._grown.clear()
                await self._grown.wait()
            self._free -= size
            scope[_TAKEN] = size

    def _give_back(self, scope: Scope) -> None:
        if taken := scope.pop(_TAKEN, 0):
            self._free += taken
            self._grown.set()


async def take(request: Request, size: int) -> None:
    """Take room for the body of a request, once. Raises TooMuchAtOnceError if it does not get any within half a minute."""
    room: BodyBudget = request.scope[_ROOM]
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            await room.take(request.scope, size)
    except TimeoutError as error:
        raise TooMuchAtOnceError(
            "Others send so much that your body finds no room; nothing of it was read. Send it again.",
            retry_after=5,
        ) from error
