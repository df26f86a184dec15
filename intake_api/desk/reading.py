"""What the bureau desk reads: its worklist, one case whole, its limits and why it went where it went."""

from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from intake_api.desk.verbs import OPERATOR, context, desk
from intake_api.http import app_state, bodies
from intake_api.http.describing import body_of, problems_of
from services.cases import lookup
from services.cases.changes import KeyedContext
from services.casework.session import DeskSession
from services.desk import unmask
from services.desk.unmask import Unmask
from services.requests import cursors, parsing
from services.views import deadlines_explained, decision_explained, desk_case, worklist
from services.views.decision_explained import Audience
from services.views.language import Language
from services.views.worklist import Queue, Wanted
from shared import serialisation
from shared.vocabulary import Level, Status

router = APIRouter(prefix="/v1/desk/cases", tags=["desk"])
_OPERATOR: dict[str, Any] = {"parameters": OPERATOR}
_REFUSED = problems_of(
    _400="no operator named",
    _401="no valid key",
    _403="no desk, or no officer of it",
    _404="no such case within the bureau's sight",
)


class At(NamedTuple):
    """A desk that reads, and what it reads with."""

    desk: DeskSession
    context: KeyedContext


async def _reading(request: Request) -> At:
    given = await context(request)
    return At(await desk(request, given), given)


Reading = Annotated[At, Depends(_reading)]


class WorklistQuery(BaseModel):
    """Which cases a page of the worklist shows."""

    model_config = ConfigDict(extra="forbid")

    queue: Queue = Field(
        default=Queue.BUREAU,
        description="mine: claimed by the officer; bureau: all that the bureau handles; unclaimed, overdue, triage: of "
        "these; supervised: handled by bureaus below; copied: a copy came for its level.",
    )
    status: Status | None = None
    level: Level | None = None
    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(
        default=None, max_length=cursors.LONGEST, description="`next` of the page before."
    )


Lang = Annotated[Language, Query(description="Language of the texts: `zh` or `en`.")]


@router.get(
    "",
    summary="List the work of the desk",
    responses=problems_of(
        _400="no operator named", _403="no desk, or no officer of it", _422="a parameter that there is not"
    ),
    openapi_extra=_OPERATOR,
)
async def list_work(request: Request, query: Annotated[WorklistQuery, Query()], at: Reading) -> Response:
    """List open cases in the order of need: the one whose next limit runs out first comes first.

    `what_next` says what is to be done, `next_limit` which limit runs out first. `next` is the cursor of the following
    page, or null.
    """
    wanted = Wanted(**query.model_dump())
    held = app_state.of(request)
    return _json(await worklist.page(held.db, wanted, desk=at.desk, reference=at.context.reference))


@router.get("/{number}", summary="Read a case whole", responses=_REFUSED, openapi_extra=_OPERATOR)
async def read_whole_case(request: Request, number: str, at: Reading) -> Response:
    """Read a case with all that is known and was done, persons masked. The ETag is the version that If-Match asks for."""
    held = app_state.of(request)
    case = await desk_case.read(held.db, number, desk=at.desk, context=at.context)
    return _json(case, {"ETag": f'"{case["version"]}"'})


@router.get(
    "/{number}/deadlines", summary="Explain the limits of a case", responses=_REFUSED, openapi_extra=_OPERATOR
)
async def explain_limits(request: Request, number: str, at: Reading) -> Response:
    """Explain every limit that ran for the case: start, counted stretches, days left out, due moment, rule and source."""
    scope = lookup.of_bureau(at.desk.bureau)
    held = app_state.of(request)
    return _json(
        await deadlines_explained.explain(held.db, number, scope=scope, reference=at.context.reference)
    )


@router.get("/{number}/explanation", summary="Explain a case", responses=_REFUSED, openapi_extra=_OPERATOR)
async def explain_way(request: Request, number: str, at: Reading, lang: Lang = Language.EN) -> Response:
    """Explain why the case went where it went: every rule that was tried, facts, versions; texts in Chinese or English."""
    audience = Audience.of_bureau(at.desk.bureau)
    held = app_state.of(request)
    reference = at.context.reference
    explanation = await decision_explained.explain(
        held.db, number, audience=audience, reference=reference, language=lang
    )
    return _json(explanation.model_dump())


@router.post(
    "/{number}/unmask",
    summary="See persons in clear",
    responses=problems_of(
        _400="not JSON, or no operator named",
        _401="no valid key",
        _403="no scope to unmask, a mere copy, or confidential and no supervisor",
        _404="no such case within the bureau's sight",
        _415="not application/json",
        _422="faults of the form",
    ),
    openapi_extra=_OPERATOR | {"requestBody": body_of({"$ref": "#/components/schemas/Unmask"}, bodies.JSON)},
)
async def unmask_persons(request: Request, number: str, at: Reading) -> Response:
    """See the named fields of the persons of a case in clear, for a purpose. Each time is written into the audit trail."""
    bodies.media_type(request, [bodies.JSON])
    wanted = parsing.read_one(await bodies.read(request, bodies.SINGLE_LIMIT), Unmask)
    held = app_state.of(request)
    return _json(await unmask.unmask(held.db, number, wanted, desk=at.desk, context=at.context))


def _json(content: object, headers: dict[str, str] | None = None) -> Response:
    return Response(serialisation.to_bytes(content), headers=headers, media_type=bodies.JSON)
