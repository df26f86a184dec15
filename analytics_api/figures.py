"""Endpoints of figures, circulars and definitions: each is its signature and one call of a use case."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Response

from analytics_api import answers, app_state, openapi
from analytics_api.app_state import State
from analytics_api.parameters import CircularParameters, VolumeParameters
from services.circulars import bulletin
from services.circulars.layout import Circular
from services.figures import definitions, query, volume
from services.figures.definitions import Definitions
from services.figures.volume import Volume

router = APIRouter(prefix="/v1", dependencies=app_state.READERS_ONLY)
IfNoneMatch = Annotated[
    str | None,
    Header(
        alias="If-None-Match",
        description="ETag of the caller's copy: 304 if it still holds.",
        examples=['W/"7-1f0c"'],
    ),
]


@router.get(
    "/figures/volume",
    operation_id="getVolume",
    tags=["figures"],
    summary="Count complaints by period and dimensions",
    description=openapi.VOLUME,
    response_model=Volume,
    response_model_exclude_unset=True,
    responses=openapi.responses(
        "The figures", openapi.VOLUME_EXAMPLE, refused=openapi.VOLUME_REFUSALS, is_cached=True
    ),
)
async def get_volume(
    state: State,
    parameters: Annotated[VolumeParameters, Query()],
    response: Response,
    if_none_match: IfNoneMatch = None,
) -> Volume | Response:
    """Answer a question for volumes."""
    question = parameters.question()
    query.fact_for(question)
    return await answers.cached(
        state.db,
        question.identity,
        lambda: volume.volume(state.db, question),
        if_none_match=if_none_match,
        response=response,
    )


@router.get(
    "/circulars/{period}",
    operation_id="getCircular",
    tags=["circulars"],
    summary="Get the circular (通告) of a month",
    description=openapi.CIRCULAR,
    response_model=Circular,
    response_model_exclude_unset=True,
    responses=openapi.responses(
        "The circular", openapi.CIRCULAR_EXAMPLE, refused=openapi.CIRCULAR_REFUSALS, is_cached=True
    ),
)
async def get_circular(
    state: State,
    period: Annotated[str, Path(description="Month, `YYYY-MM`.", examples=["2021-03"], max_length=10)],
    parameters: Annotated[CircularParameters, Query()],
    response: Response,
    if_none_match: IfNoneMatch = None,
) -> Circular | Response:
    """Answer with a month's circular."""
    bulletin.month_of(period)
    return await answers.cached(
        state.db,
        [period, parameters.basis],
        lambda: bulletin.circular(state.db, period, parameters.basis),
        if_none_match=if_none_match,
        response=response,
    )


@router.get(
    "/definitions",
    operation_id="listDefinitions",
    tags=["figures"],
    summary="List the definitions of all figures",
    responses=openapi.responses("The definitions", openapi.DEFINITIONS_EXAMPLE),
)
async def list_definitions() -> Definitions:
    """List each figure with its formula, unit, denominator, rounding, version and source, and all dimensions.

    `code` is what answers and parameters name a figure or a dimension by.
    """
    return definitions.every()
