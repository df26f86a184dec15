"""The worker process: its loops as supervised tasks, and a small application that reports their health."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError

from routing_worker import registry
from routing_worker.state import WorkerState
from routing_worker.supervision import keep_on
from shared import database, serialisation
from shared.http import metrics as measured
from shared.http import problems
from shared.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """Return the application; its loops start with it and end with it."""

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with _working(app, settings):
            yield

    app = FastAPI(
        title="Shensu routing worker",
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    problems.install(app, RequestValidationError)
    app.add_api_route("/livez", livez)
    app.add_api_route("/readyz", readyz)
    app.add_api_route("/metrics", metrics)
    return app


@contextlib.asynccontextmanager
async def _working(app: FastAPI, settings: Settings) -> AsyncIterator[None]:
    state = WorkerState.opened(settings)
    works = registry.works(state)
    loops = {name: asyncio.create_task(keep_on(name, work), name=name) for name, work in works.items()}
    app.state.db = state.db
    app.state.bell = state.bell
    app.state.loops = loops
    try:
        yield
    finally:
        for loop in loops.values():
            loop.cancel()
        await asyncio.gather(*loops.values(), return_exceptions=True)
        await state.close()


async def livez(request: Request) -> Response:
    """Report whether every loop runs; a loop that ended is a fault: the process should be restarted."""
    ended = [name for name, loop in request.app.state.loops.items() if loop.done()]
    if ended:
        return _state(503, status="broken", ended=ended)
    return _state(200, status="alive")


async def readyz(request: Request) -> Response:
    """Report whether cases are routed; without the doorbell (`degraded`), they are routed some seconds later."""
    ended = [name for name, loop in request.app.state.loops.items() if loop.done()]
    if ended:
        return _state(503, status="unavailable", ended=ended)
    try:
        await database.ping(request.app.state.db)
    except database.NO_ANSWER:
        return _state(503, status="unavailable", database="down")
    heard = request.app.state.bell.is_heard
    return _state(
        200, status="ready" if heard else "degraded", database="up", doorbell="up" if heard else "down"
    )


async def metrics() -> Response:
    """Return the metrics of all processes that serve this port."""
    return measured.answer()


def _state(status_code: int, **state: object) -> Response:
    return Response(serialisation.to_bytes(state), status_code, media_type="application/json")
