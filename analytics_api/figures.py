"""Endpoints of figures and circulars: each is its signature and one call of a use case."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from analytics_api import answers, app_state, openapi
from analytics_api.app_state import InHouse
from analytics_api.parameters import CircularParameters, VolumeParameters
from services.circulars import bulletin
from services.figures import query, volume

router = APIRouter(prefix="/v1", dependencies=app_state.READERS_ONLY)


@router.get(
    "/figures/volume",
    operation_id="getVolume",
    tags=["figures"],
    summary="How many complaints, by period and by what you choose",
    description=openapi.VOLUME,
    responses=openapi.responses(openapi.VOLUME_EXAMPLE),
    response_class=Response,
)
async def get_volume(request: Request, of: InHouse, asked: Annotated[VolumeParameters, Query()]) -> Response:
    """Answer a question for volumes."""
    question = asked.question()
    query.fact_for(question)
    return await answers.kept(request, of.db, question.identity, lambda: volume.volume(of.db, question))


@router.get(
    "/circulars/{period}",
    operation_id="getCircular",
    tags=["circulars"],
    summary="The circular (通告) of a month",
    description=openapi.CIRCULAR,
    responses=openapi.responses(openapi.CIRCULAR_EXAMPLE),
    response_class=Response,
)
async def get_circular(
    request: Request,
    of: InHouse,
    period: Annotated[str, Path(description="Month, `YYYY-MM`.", examples=["2021-03"], max_length=10)],
    asked: Annotated[CircularParameters, Query()],
) -> Response:
    """Answer with a month's circular."""
    bulletin.month_named(period)
    return await answers.kept(
        request, of.db, [period, asked.basis], lambda: bulletin.circular(of.db, period, asked.basis)
    )
