"""Is the process alive, can it take complaints, what has it done: for supervisors, load balancers and Prometheus."""

from typing import Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from pydantic import Field

from intake_api.http import app_state, bodies
from intake_api.http.describing import answers
from services.fields import View
from shared import database, serialisation
from shared.errors import UnavailableError
from shared.http import metrics as measured
from shared.privacy.keyring import KeyFileError
from shared.privacy.sealing import SealBrokenError

router = APIRouter(tags=["operation"])


class Index(View):
    """Where the interface begins."""

    service: str
    description: str = Field(description="The address of this document.")
    complaints: list[str]
    history: list[str]
    reference: list[str]
    operation: list[str]
    authorization: str


class Liveness(View):
    """The process runs."""

    status: Literal["alive"]


class Readiness(View):
    """Whether the process can take complaints, and why it cannot."""

    status: Literal["ready", "degraded", "unavailable"]
    database: Literal["up", "down"]
    doorbell: Literal["up", "down"] | None = None
    reference_version: int | None = None
    reason: str | None = None


_INDEX = Index(
    service="shensu intake API",
    description="/openapi.json",
    complaints=["POST /v1/complaints", "POST /v1/complaints/batch", "GET /v1/complaints/{number}"],
    history=["POST /v1/imports"],
    reference=["/v1/reference"],
    operation=["/livez", "/readyz", "/metrics"],
    authorization="Authorization: Bearer <API key>",
)
_NOT_READY = "not ready: it cannot take complaints now, and says why"
_UNAVAILABLE = {"status": "unavailable", "database": "down"}
_READY = {"status": "ready", "database": "up", "doorbell": "up", "reference_version": 1}


@router.get(
    "/",
    operation_id="getIndex",
    summary="Get the index of the server",
    responses=answers((), _INDEX.model_dump()),
)
async def index() -> Index:
    """List the operations, without a key."""
    return _INDEX


@router.get(
    "/livez",
    operation_id="getLiveness",
    summary="Check whether the process runs",
    responses=answers((), {"status": "alive"}),
)
async def livez() -> Liveness:
    """Answer without using any other service."""
    return Liveness(status="alive")


@router.get(
    "/readyz",
    operation_id="getReadiness",
    summary="Check whether the process can take complaints",
    response_model=Readiness,
    responses=answers((), _READY)
    | {503: {"model": Readiness, "description": _NOT_READY} | answers((), _UNAVAILABLE)[200]},
)
async def readyz(request: Request) -> Response:
    """Say whether complaints can be taken. Without the doorbell (`degraded`) they can: routing takes seconds longer."""
    state = app_state.of(request)
    try:
        await database.ping(state.db)
        version = (await state.reference()).version
        await state.keys.ring()
    except database.NO_ANSWER:
        return _state(503, status="unavailable", database="down")
    except (UnavailableError, KeyFileError, SealBrokenError) as error:
        return _state(503, status="unavailable", database="up", reason=type(error).__name__)
    if not state.bell.reachable:
        return _state(200, status="degraded", database="up", doorbell="down", reference_version=version)
    return _state(200, status="ready", database="up", doorbell="up", reference_version=version)


def _state(status_code: int, **state: object) -> Response:
    return Response(serialisation.to_bytes(state), status_code, media_type=bodies.JSON)


@router.get(
    "/metrics",
    operation_id="getMetrics",
    summary="Get the metrics for Prometheus",
    response_class=PlainTextResponse,
)
async def metrics() -> Response:
    """Return the measurements of all processes that serve this port."""
    return measured.answer()
