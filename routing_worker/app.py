"""The worker process: its loops as supervised tasks, and a small application that tells how they are."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from functools import partial

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from routing_worker.deliveries import Deliveries, Watch
from routing_worker.escalation import Clocks
from routing_worker.interim import Interim
from routing_worker.loops import DRAINS, Bell, Drain, Figures, keep_on, listen
from services.access.data_keys import Keys
from services.delivery import dispatch
from services.delivery.dispatch import DELIVER
from services.delivery.http_sender import Sender
from services.reference.cache import ReferenceCache
from services.tasks.queue import FORWARD
from shared import database, serialisation
from shared.database import Database
from shared.http import problems
from shared.privacy import keyring
from shared.settings import Mode, Settings

ROLE = "shensu_worker"
REFRESH_LIMIT = timedelta(minutes=5)


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
    url = settings.database_url.get_secret_value()
    db = Database.connect(url, role=ROLE, pool_size=settings.pool_size, statement_timeout=REFRESH_LIMIT)
    delivery_bell = Bell()
    # what a desk does may send a case on, and tells its enterprise in any case
    bell = Bell(beside={FORWARD: delivery_bell, DELIVER: delivery_bell})
    # what waited while no worker ran is taken up at once
    bell.rung.set()
    delivery_bell.rung.set()
    drain = Drain(
        db=db,
        reference_cache=ReferenceCache(db),
        bell=bell,
        deliveries=delivery_bell,
        sweep_seconds=settings.sweep_seconds,
        lease=timedelta(seconds=settings.lease_seconds),
    )
    keys = Keys(db, partial(keyring.read, settings.key_file))
    deliveries = Deliveries(
        db=db,
        keys=keys,
        sender=Sender(development=settings.mode is Mode.DEVELOPMENT),
        bell=delivery_bell,
        sweep_seconds=settings.sweep_seconds,
        lease=max(dispatch.LEAST_LEASE, timedelta(seconds=settings.lease_seconds)),
    )
    figures = Figures(db)
    clocks = Clocks(
        db, drain.reference_cache, settings.sweep_seconds, settings.watchdog_seconds, settings.surge_seconds
    )
    work: dict[str, Callable[[], Awaitable[None]]] = {
        **{f"drain-{number}": drain.once for number in range(DRAINS)},
        "deliveries": deliveries.once,
        "exchange": Watch(db).once,
        "figures": figures.once,
        **clocks.loops(),
        "interim": Interim(db, drain.reference_cache, keys, delivery_bell, settings.interim_seconds).once,
        "doorbell": partial(listen, settings.redis_url.get_secret_value(), bell),
    }
    loops = {name: asyncio.create_task(keep_on(name, once), name=name) for name, once in work.items()}
    app.state.db = db
    app.state.bell = bell
    app.state.loops = loops
    try:
        yield
    finally:
        for loop in loops.values():
            loop.cancel()
        await asyncio.gather(*loops.values(), return_exceptions=True)
        await deliveries.close()
        await db.close()


async def livez(request: Request) -> Response:
    """Tell whether every loop still runs; a loop that ended is a fault, and the process should be restarted."""
    ended = [name for name, loop in request.app.state.loops.items() if loop.done()]
    if ended:
        return _state(503, status="broken", ended=ended)
    return _state(200, status="alive")


async def readyz(request: Request) -> Response:
    """Tell whether cases are routed. Without the doorbell (`degraded`) they are, some seconds later."""
    ended = [name for name, loop in request.app.state.loops.items() if loop.done()]
    if ended:
        return _state(503, status="unavailable", ended=ended)
    try:
        await database.ping(request.app.state.db)
    except (DBAPIError, PoolTimeoutError, OSError, TimeoutError):
        return _state(503, status="unavailable", database="down")
    heard = request.app.state.bell.is_heard
    return _state(
        200, status="ready" if heard else "degraded", database="up", doorbell="up" if heard else "down"
    )


async def metrics() -> Response:
    """Return the process's measurements."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _state(status_code: int, **state: object) -> Response:
    return Response(serialisation.to_bytes(state), status_code, media_type="application/json")
