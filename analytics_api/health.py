"""Health and measurements of the process: for supervisors, load balancers and Prometheus."""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, Field

from analytics_api import openapi
from analytics_api.app_state import State
from services.figures import definitions
from services.figures import state as figures_state
from shared import database
from shared.http import metrics

router = APIRouter(tags=["operation"])


class Index(BaseModel):
    """The index of this server."""

    service: str
    description: str = Field(description="Address of the OpenAPI document.")
    figures: list[str]
    operation: list[str]
    authorization: str


class Liveness(BaseModel):
    """The process runs."""

    status: Literal["alive"]


class Readiness(BaseModel):
    """Whether the process can answer; version and age of the facts where it can."""

    status: Literal["ready", "unavailable"]
    database: Literal["up", "down"]
    figures_version: int | None = None
    figures_as_of: datetime | None = None


INDEX = Index(
    service="shensu analytics API",
    description="/openapi.json",
    figures=[
        "/v1/figures/volume?period=month&last=12&by=business",
        "/v1/circulars/2021-03",
        "/v1/definitions",
    ],
    operation=["/livez", "/readyz", "/metrics"],
    authorization="Authorization: Bearer <API key with the scope analytics:read>",
)
_NOT_READY = "not ready: the database does not answer now"
_UNAVAILABLE = {"status": "unavailable", "database": "down"}
_READY = {
    "status": "ready",
    "database": "up",
    "figures_version": 7,
    "figures_as_of": "2026-11-23T09:00:00+08:00",
}


@router.get(
    "/",
    operation_id="getIndex",
    summary="Get the index of the server",
    responses={200: openapi.example(INDEX.model_dump())},
)
async def get_index() -> Index:
    """List the operations, without a key."""
    return INDEX


@router.get(
    "/livez",
    operation_id="getLiveness",
    summary="Check that the process runs",
    responses={200: openapi.example({"status": "alive"})},
)
async def get_liveness() -> Liveness:
    """Answer without using any other service."""
    return Liveness(status="alive")


@router.get(
    "/readyz",
    operation_id="getReadiness",
    summary="Check whether the process can answer",
    response_model_exclude_unset=True,
    responses={
        200: openapi.example(_READY),
        503: {"model": Readiness, "description": _NOT_READY} | openapi.example(_UNAVAILABLE),
    },
)
async def get_readiness(state: State, response: Response) -> Readiness:
    """Check whether the database answers, and how old the facts are. The status is 503 while it does not."""
    try:
        facts = await figures_state.current(state.db)
    except database.NO_ANSWER:
        response.status_code = 503
        return Readiness(status="unavailable", database="down")
    return Readiness(
        status="ready",
        database="up",
        figures_version=facts.version,
        figures_as_of=definitions.as_of(facts),
    )


@router.get(
    "/metrics",
    operation_id="getMetrics",
    summary="Get the metrics for Prometheus",
    response_class=PlainTextResponse,
)
async def get_metrics() -> Response:
    """Return the process's measurements."""
    return metrics.answer()
