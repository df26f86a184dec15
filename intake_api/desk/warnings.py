"""What time tells a desk: the early warnings that it may see, and the notifications of its bureau."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Path, Query

from intake_api.desk import describing, examples
from intake_api.desk.dependencies import OPERATOR, Desk
from intake_api.http.dependencies import Context, State
from intake_api.http.describing import answers
from services.views import escalations, surges
from services.views.escalations import EscalationPage, EscalationQuery
from services.views.surges import SurgePage, SurgeQuery, SurgeWithCases

router = APIRouter(prefix="/v1/desk", tags=["desk"])
_READING = {"parameters": [OPERATOR]}


@router.get(
    "/warnings",
    summary="List early warnings",
    responses=answers(describing.LISTING, examples.WARNINGS),
    openapi_extra=_READING,
)
async def list_warnings(
    query: Annotated[SurgeQuery, Query()], desk: Desk, context: Context, state: State
) -> SurgePage:
    """List what stands out among the cases that the bureau may see: an enterprise in a city, an outlet, a stoppage.

    Those that began last come first. `count` is compared with `mean` and `deviation` of the eight weeks before; for
    USERS it is the number of different users, for STOPPAGE that of provinces. While it lasts, `updated_at` moves on.
    """
    return await surges.page(state.db, query, bureau=desk.bureau, reference=context.reference)


@router.get(
    "/warnings/{warning}",
    summary="Read one early warning",
    responses=answers(describing.OF_WARNING, examples.WARNING),
    openapi_extra=_READING,
)
async def read_warning(
    warning: Annotated[uuid.UUID, Path(description="Id of the warning.")],
    desk: Desk,
    context: Context,
    state: State,
) -> SurgeWithCases:
    """Read one warning with its cases, as far as the bureau may see them; up to 500, newest first."""
    return await surges.find(state.db, warning, bureau=desk.bureau, reference=context.reference)


@router.get(
    "/escalations",
    summary="List the notifications of the bureau",
    responses=answers(describing.LISTING, examples.ESCALATIONS),
    openapi_extra=_READING,
)
async def list_escalations(
    query: Annotated[EscalationQuery, Query()], desk: Desk, context: Context, state: State
) -> EscalationPage:
    """List which deadlines of which cases the bureau was notified of (default: of the last seven days), newest first."""
    return await escalations.page(state.db, query, bureau=desk.bureau, reference=context.reference)
