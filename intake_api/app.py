"""The intake application, put together. Nothing is opened, read or connected before the process serves."""

import contextlib
from collections.abc import AsyncIterator

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.types import ASGIApp

from intake_api import openapi
from intake_api.carriers import feed, inbound
from intake_api.complaints import codes, evidence, filer_steps, filing, imports, reading, reference, searching
from intake_api.desk import bulk, verbs, warnings
from intake_api.desk import reading as desk_reading
from intake_api.hotlines import orders
from intake_api.hotlines import steps as order_steps
from intake_api.http import app_state, health
from intake_api.http.body_budget import BodyBudget
from intake_api.http.hot_routes import HotRoutes
from shared.http import openapi as published
from shared.http import problems
from shared.settings import Settings


class IntakeApi(FastAPI):
    """The application, with the layers that are its own outside those of the framework."""

    def build_middleware_stack(self) -> ASGIApp:
        """Return the layers around the routes."""
        return BodyBudget(HotRoutes(super().build_middleware_stack(), self, filing.router.routes))


def create_app(settings: Settings) -> FastAPI:
    """Return the application, without its edge."""

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with app_state.opened(app, settings):
            yield

    # No pages that load scripts from elsewhere: the description is /openapi.json.
    app = IntakeApi(
        title="Shensu intake API",
        version="1",
        description=openapi.ABOUT,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=published.operation_id,
    )
    problems.install(app, RequestValidationError)
    app.openapi = published.completed(app.openapi, openapi.complete)  # type: ignore[method-assign] # the framework's way
    for part in (
        health,
        filing,
        filer_steps,
        searching,
        evidence,
        reading,
        verbs,
        bulk,
        desk_reading,
        warnings,
        feed,
        inbound,
        orders,
        order_steps,
        imports,
        codes,
        reference,
    ):
        app.include_router(part.router)
    return app
