"""The analytics application, put together.

Nothing is opened, read or connected before the process starts to serve.
"""

import contextlib
import functools
from collections.abc import AsyncIterator

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError

from analytics_api import app_state, figures, health, openapi
from shared.http import openapi as published
from shared.http import problems
from shared.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """Return the application, without its edge."""

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with app_state.opened(settings) as resources:
            app_state.enter(app, resources)
            yield

    # No pages that load scripts from elsewhere: the description is /openapi.json.
    app = FastAPI(
        title=openapi.TITLE,
        version="1",
        description=openapi.ABOUT,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=published.operation_id,
    )
    problems.install(app, RequestValidationError)
    app.include_router(health.router)
    app.include_router(figures.router)
    complete = functools.partial(
        published.complete, tags=openapi.TAGS, parameters=openapi.PARAMETERS, vocabulary=openapi.VOCABULARY
    )
    app.openapi = published.completed(app.openapi, complete)  # type: ignore[method-assign] # the framework's way
    return app
