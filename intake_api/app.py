"""The intake application, put together. Nothing is opened, read or connected before the process serves."""

import contextlib
from collections.abc import AsyncIterator

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError

from intake_api import (
    afterwards,
    carrier_inbound,
    carriers,
    desk,
    desk_reading,
    desk_warnings,
    evidence,
    filing,
    health,
    hotline,
    imports,
    inquiry,
    reference,
    resources,
    room,
    schema,
    searching,
)
from shared.http import openapi, problems
from shared.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """Return the application, without its edge."""

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with resources.opened(app, settings):
            yield

    # No pages that load scripts from elsewhere: the description is /openapi.json.
    app = FastAPI(
        title="Shensu intake API",
        version="1",
        description=schema.ABOUT,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=openapi.operation_id,
    )
    app.add_middleware(room.Room)
    problems.install(app, RequestValidationError)
    app.openapi = openapi.completed(app.openapi, schema.complete)  # type: ignore[method-assign] # the framework's way
    for part in (
        health,
        filing,
        afterwards,
        searching,
        evidence,
        inquiry,
        desk,
        desk_reading,
        desk_warnings,
        carriers,
        carrier_inbound,
        hotline,
        imports,
        reference,
    ):
        app.include_router(part.router)
    return app
