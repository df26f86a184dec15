"""Is the process alive, can it take complaints, what has it done: for supervisors, load balancers and Prometheus."""

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from intake_api.http import app_state, bodies
from shared import database, serialisation
from shared.errors import UnavailableError
from shared.privacy.keyring import KeyFileError

router = APIRouter(tags=["operation"])


@router.get("/", operation_id="getIndex", summary="What there is here")
async def index() -> dict[str, object]:
    """List the operations, without a key."""
    return {
        "service": "shensu intake API",
        "description": "/openapi.json",
        "complaints": ["POST /v1/complaints", "POST /v1/complaints/batch", "GET /v1/complaints/{number}"],
        "history": ["POST /v1/imports"],
        "reference": ["/v1/reference"],
        "operation": ["/livez", "/readyz", "/metrics"],
        "authorization": "Authorization: Bearer <API key>",
    }


@router.get("/livez", operation_id="getLiveness", summary="The process runs")
async def livez() -> dict[str, str]:
    """Answer without asking anything else."""
    return {"status": "alive"}


@router.get("/readyz", operation_id="getReadiness", summary="The process can take complaints")
async def readyz(request: Request) -> Response:
    """Say whether complaints can be taken. Without the doorbell (`degraded`) they can: routing takes seconds longer."""
    state = app_state.of(request)
    try:
        await database.ping(state.db)
        version = (await state.reference()).version
        await state.keys.ring()
    except (DBAPIError, PoolTimeoutError, OSError, TimeoutError):
        return _state(503, status="unavailable", database="down")
    except (UnavailableError, KeyFileError) as error:
        return _state(503, status="unavailable", database="up", reason=type(error).__name__)
    if not state.bell.reachable:
        return _state(200, status="degraded", database="up", doorbell="down", reference_version=version)
    return _state(200, status="ready", database="up", doorbell="up", reference_version=version)


def _state(status_code: int, **state: object) -> Response:
    return Response(serialisation.to_bytes(state), status_code, media_type=bodies.JSON)


@router.get("/metrics", operation_id="getMetrics", summary="Measurements for Prometheus")
async def metrics() -> Response:
    """Return the process's measurements."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
