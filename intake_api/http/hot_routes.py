"""Answers requests of raw routes without parameters before the framework's layers: they do the same work for none of them.

Of a post of one complaint the layers would take a seventh of the processor time. Faults are rendered by the handlers of the
application, as everywhere.
"""

import inspect
from collections.abc import Awaitable, Iterable

from fastapi import FastAPI, Request, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from intake_api.http.raw import RawRoute
from shared.http import problems


class HotRoutes:
    """Wraps the layers of an application; requests of other routes, and of other methods, go through them."""

    def __init__(self, layers: ASGIApp, app: FastAPI, routes: Iterable[BaseRoute]) -> None:
        self._layers = layers
        self._app = app
        self._routes = {
            (method, route.path): route
            for route in routes
            if isinstance(route, RawRoute) and not route.param_convertors
            for method in route.methods or ()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        route = self._routes.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        if route is None:
            await self._layers(scope, receive, send)
            return
        scope["route"] = route
        request = Request(scope, receive, send)
        try:
            response = await route.endpoint(request)
        except Exception as error:  # noqa: BLE001 - a process edge: every fault is answered by its handler
            response = await self._rendered(request, error)
        await response(scope, receive, send)

    async def _rendered(self, request: Request, error: Exception) -> Response:
        handlers = self._app.exception_handlers
        handler = next(
            (handlers[kind] for kind in type(error).__mro__ if kind in handlers), problems.unexpected
        )
        answer: Response | Awaitable[Response] = handler(request, error)
        return await answer if inspect.isawaitable(answer) else answer
