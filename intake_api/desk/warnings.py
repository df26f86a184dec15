"""What time tells a desk: the early warnings within its sight, and what the clocks told its bureau."""

import uuid
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from intake_api.desk.verbs import OPERATOR, context, desk
from intake_api.http import app_state, bodies
from intake_api.http.describing import problems_of
from services.fields import Code, Moment
from services.requests import cursors
from services.views import escalations, surges
from shared import serialisation

router = APIRouter(prefix="/v1/desk", tags=["desk"])
_PROBLEMS = problems_of(_400="no operator named", _401="no valid key", _403="not an officer of the bureau")


class Kind(StrEnum):
    """What stands out: complaints of a city, of an outlet, users of an outlet, a stoppage over provinces."""

    CITY = "CITY"
    OUTLET = "OUTLET"
    USERS = "USERS"
    STOPPAGE = "STOPPAGE"


class PageQuery(BaseModel):
    """Which page of a list is wanted."""

    model_config = ConfigDict(extra="forbid")

    since: Moment | None = None
    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(
        default=None, max_length=cursors.LONGEST, description="`next` of the page before."
    )


class WarningsQuery(PageQuery):
    """Which warnings a page shows. `since`: only those that stood out at that moment or later."""

    kind: Kind | None = None
    carrier_code: Code | None = None


@router.get(
    "/warnings", summary="List early warnings", responses=_PROBLEMS, openapi_extra={"parameters": OPERATOR}
)
async def list_warnings(request: Request, query: Annotated[WarningsQuery, Query()]) -> Response:
    """List what stands out within the bureau's sight: complaints of an enterprise in a city or against an outlet.

    Those that began last come first. `count` is compared with `mean` and `deviation` of the eight weeks before; for
    USERS it is the number of different users, for STOPPAGE that of provinces. While it lasts, `updated_at` moves on.
    """
    held, given = app_state.of(request), await context(request)
    who = await desk(request, given)
    wanted = surges.Wanted(**query.model_dump())
    return _json(await surges.page(held.db, wanted, bureau=who.bureau, reference=given.reference))


@router.get(
    "/warnings/{warning}",
    summary="Read one early warning",
    responses=_PROBLEMS | problems_of(_404="no such warning within the bureau's sight"),
    openapi_extra={"parameters": OPERATOR},
)
async def read_warning(request: Request, warning: uuid.UUID) -> Response:
    """Read one warning with its cases, as far as the bureau may see them; up to 500, newest first."""
    held, given = app_state.of(request), await context(request)
    who = await desk(request, given)
    return _json(await surges.one(held.db, warning, bureau=who.bureau, reference=given.reference))


@router.get(
    "/escalations",
    summary="List what the clocks told the bureau",
    responses=_PROBLEMS,
    openapi_extra={"parameters": OPERATOR},
)
async def list_escalations(request: Request, query: Annotated[PageQuery, Query()]) -> Response:
    """List which limits of which cases the bureau was told of since a moment (default: seven days ago), newest first."""
    held, given = app_state.of(request), await context(request)
    who = await desk(request, given)
    wanted = escalations.Wanted(**query.model_dump())
    return _json(await escalations.page(held.db, wanted, bureau=who.bureau, reference=given.reference))


def _json(content: object) -> Response:
    return Response(serialisation.to_bytes(content), media_type=bodies.JSON)
