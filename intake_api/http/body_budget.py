"""Limits the memory for request bodies in one process: a body has a budget from before it is read until it is answered.

A request waits in turn while the budget is used up; its body is not read meanwhile. The budget fits several of the largest
bodies or a hundred usual batches. A slow sender loses its part after a minute (`intake_api.http.bodies`).
"""

import asyncio
from typing import ClassVar

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.errors import UnavailableError

SIZE = 80 * 1024 * 1024
WAIT_SECONDS = 30
_BUDGET, _TAKEN = "shensu.body_budget", "shensu.body_budget.taken"


class TooMuchAtOnceError(UnavailableError):
    """The budget for bodies is used up by other requests."""

    code: ClassVar[str] = "too-much-at-once"
    title: ClassVar[str] = "Too much is being sent at this moment"


class BodyBudget:
    """Gives each request of an application bytes of the budget, and takes them back after its answer."""

    def __init__(self, app: ASGIApp, *, size: int = SIZE) -> None:
        self._app = app
        self._free = size
        self._turn = asyncio.Lock()
        self._grown = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        scope[_BUDGET] = self

        async def _send(message: Message) -> None:
            # the body is no longer needed, even if the client reads the answer slowly
            self._give_back(scope)
            await send(message)

        try:
            await self._app(scope, receive, _send)
        finally:
            self._give_back(scope)

    async def take(self, scope: Scope, size: int) -> None:
        """Take `size` bytes for a request; waits for its turn and until they are free."""
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
    """Take `size` bytes for the body of a request, once. Raises TooMuchAtOnceError after half a minute without success."""
    budget: BodyBudget = request.scope[_BUDGET]
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            await budget.take(request.scope, size)
    except TimeoutError as error:
        raise TooMuchAtOnceError(
            "Others send so much that your body finds no room; nothing of it was read. Send it again.",
            retry_after=5,
        ) from error
