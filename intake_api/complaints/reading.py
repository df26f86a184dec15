"""Reading cases: one by number, pages of many, and why a case went where it went."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from intake_api.http import app_state, bodies
from intake_api.http.language import ReaderLanguage
from services.access.clients import Caller
from services.access.scopes import Scope
from services.cases import lookup
from services.cases.lookup import READ_ALL
from services.fields import Code, Reference
from services.views import client_case, client_list, deadlines_explained, decision_explained
from services.views.client_list import Wanted
from services.views.deadlines_explained import ExplainedDeadlines
from services.views.decision_explained import Audience
from services.views.explanation import Explanation
from shared import serialisation
from shared.vocabulary import Level, Status

router = APIRouter(prefix="/v1/complaints", tags=["cases"])
READ = Scope.COMPLAINT_READ


async def reader(request: Request) -> Caller:
    """Return the caller, who may read its own cases or all."""
    state = app_state.of(request)
    caller = await state.authenticator.authenticate(request, READ, READ_ALL)
    await state.rate_limiter.check(caller)
    return caller


Reader = Annotated[Caller, Depends(reader)]


class ListQuery(BaseModel):
    """Which cases a page shows."""

    model_config = ConfigDict(extra="forbid")

    external_ref: Reference | None = Field(default=None, description="The sender's own number.")
    status: Status | None = None
    level: Level | None = None
    bureau: Code | None = Field(default=None, description="Code of the handling bureau.")
    triage: bool | None = Field(
        default=None, description="Only cases whose place an officer has to find, or none."
    )
    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(default=None, max_length=200, description="`next` of the page before.")


@router.get("", summary="List cases")
async def list_cases(request: Request, query: Annotated[ListQuery, Query()], caller: Reader) -> Response:
    """List the cases that the key may see, newest receipt first. `next` is the cursor of the following page, or null."""
    wanted = Wanted(**query.model_dump())
    return _json(await client_list.page(app_state.of(request).db, wanted, caller=caller))


@router.get("/{number}", summary="Read one case")
async def read_case(request: Request, number: str, caller: Reader) -> Response:
    """Read one case by its public number. Persons are masked; a case of another client does not exist for a key."""
    state = app_state.of(request)
    reference, ring = await state.reference(), await state.keys.ring()
    return _json(await client_case.find(state.db, number, caller=caller, reference=reference, ring=ring))


@router.get("/{number}/explanation", summary="Explain one case")
async def explain_case(
    request: Request, number: str, caller: Reader, language: ReaderLanguage
) -> Explanation:
    """Explain why the case went where it went: every rule that was tried, facts, versions; texts in Chinese or English."""
    state = app_state.of(request)
    audience = Audience.of_client(caller)
    reference = await state.reference()
    return await decision_explained.explain(
        state.db, number, audience=audience, reference=reference, language=language
    )


@router.get(
    "/{number}/deadlines", summary="Explain the deadlines of one case", response_model_exclude_unset=True
)
async def explain_clocks(
    request: Request, number: str, caller: Reader, language: ReaderLanguage
) -> ExplainedDeadlines:
    """Explain every deadline of the case: start, counted time, days left out, due moment, rule and source."""
    state = app_state.of(request)
    scope = lookup.of_client(caller)
    reference = await state.reference()
    return await deadlines_explained.explain(
        state.db, number, scope=scope, reference=reference, language=language
    )


def _json(content: object) -> Response:
    return Response(serialisation.to_bytes(content), media_type=bodies.JSON)
