"""Reading cases: one by number, pages of many, and why a case went where it went."""

from typing import Annotated

from fastapi import APIRouter, Query, Security
from pydantic import BaseModel, ConfigDict, Field

from intake_api.complaints import describing, examples
from intake_api.http.dependencies import CaseNumber, State, rate_limited
from intake_api.http.describing import answers
from intake_api.http.language import ReaderLanguage
from services.access.clients import Caller
from services.access.scopes import Scope
from services.cases import lookup
from services.fields import Code, Reference
from services.views import client_case, client_list, deadlines_explained, decision_explained
from services.views.client_case import ClientCase
from services.views.client_list import CasePage, ListFilter
from services.views.deadlines_explained import ExplainedDeadlines
from services.views.decision_explained import Audience
from services.views.explanation import Explanation
from shared.http import problems
from shared.vocabulary import Level, Status

router = APIRouter(prefix="/v1/complaints", tags=["cases"])
CaseReader = Annotated[
    Caller, Security(rate_limited, scopes=[Scope.COMPLAINT_READ, Scope.COMPLAINT_READ_ALL])
]


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


@router.get("", summary="List cases", responses=answers(describing.LISTING, examples.LIST))
async def list_cases(query: Annotated[ListQuery, Query()], caller: CaseReader, state: State) -> CasePage:
    """List the cases that the key may see, newest receipt first. `next` is the cursor of the following page, or null."""
    return await client_list.page(state.db, ListFilter(**query.model_dump()), caller=caller)


for _address in ("/batch", "/search"):
    # no number of a case is written like this: the address is there, and takes POST
    router.add_api_route(
        _address, problems.post_only, methods=list(problems.OTHER_THAN_POST), include_in_schema=False
    )


@router.get(
    "/{number}",
    summary="Read one case",
    response_model_exclude_unset=True,
    responses=answers(describing.READING, examples.CASE),
)
async def read_case(number: CaseNumber, caller: CaseReader, state: State) -> ClientCase:
    """Read one case by its public number. Persons are masked; a case of another client does not exist for a key."""
    reference, ring = await state.reference(), await state.keys.ring()
    return await client_case.find(state.db, number, caller=caller, reference=reference, ring=ring)


@router.get(
    "/{number}/explanation",
    summary="Explain one case",
    responses=answers(describing.EXPLAINING, examples.EXPLANATION),
)
async def explain_case(
    number: CaseNumber, caller: CaseReader, state: State, language: ReaderLanguage
) -> Explanation:
    """Explain why the case went where it went: every rule that was tried, facts, versions; texts in Chinese or English.

    `summary` says what the case is now: who changed bureau or level, or accepted it, and when.
    """
    audience, reference = Audience.of_client(caller), await state.reference()
    return await decision_explained.explain(
        state.db, number, audience=audience, reference=reference, language=language
    )


@router.get(
    "/{number}/deadlines",
    summary="Explain the deadlines of one case",
    response_model_exclude_unset=True,
    responses=answers(describing.EXPLAINING, examples.DEADLINES),
)
async def explain_case_deadlines(
    number: CaseNumber, caller: CaseReader, state: State, language: ReaderLanguage
) -> ExplainedDeadlines:
    """Explain every deadline that ran for the case: start, counted time, days left out, due moment, rule and source."""
    visibility, reference = lookup.of_client(caller), await state.reference()
    return await deadlines_explained.explain(
        state.db, number, scope=visibility, reference=reference, language=language
    )
