"""Is the process alive, can it answer, what has it done: for supervisors, load balancers and Prometheus."""

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.responses import JSONResponse, Response

from analytics_api.app_state import InHouse
from services.figures import state
from shared import clock

router = APIRouter(tags=["operation"])


@router.get("/", operation_id="getIndex", summary="What there is here")
async def get_index() -> dict[str, object]:
    """List the operations, without a key."""
    return {
        "service": "shensu analytics API",
        "description": "/openapi.json",
        "figures": ["/v1/figures/volume?period=month&last=12&by=business", "/v1/circulars/2021-03"],
        "operation": ["/livez", "/readyz", "/metrics"],
        "authorization": "Authorization: Bearer <API key with the scope analytics:read>",
    }


@router.get("/livez", operation_id="getLiveness", summary="The process runs")
async def get_liveness() -> dict[str, str]:
    """Answer without asking anything else."""
    return {"status": "alive"}


@router.get(
    "/readyz", operation_id="getReadiness", summary="The process can answer", response_class=JSONResponse
)
async def get_readiness(of: InHouse) -> JSONResponse:
    """Say whether the database answers, and how old the facts are."""
    try:
        seen = await state.current(of.db)
    except (DBAPIError, PoolTimeoutError, OSError, TimeoutError):
        return JSONResponse({"status": "unavailable", "database": "down"}, status_code=503)
    as_of = None if seen.as_of is None else seen.as_of.astimezone(clock.SHANGHAI).isoformat()
    return JSONResponse(
        {"status": "ready", "database": "up", "figures_version": seen.version, "figures_as_of": as_of}
    )


@router.get(
    "/metrics", operation_id="getMetrics", summary="Measurements for Prometheus", response_class=Response
)
async def get_metrics() -> Response:
    """Return the process's measurements."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
