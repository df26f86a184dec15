"""What the bureau desk reads: its worklist, one case whole, its deadlines, and the explanation of its way."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from intake_api.desk import describing, examples
from intake_api.desk.dependencies import OPERATOR, Desk, etag
from intake_api.http.dependencies import CaseNumber, Context, State, form_of
from intake_api.http.describing import answers, form_body
from intake_api.http.language import ReaderLanguage
from services.cases import lookup
from services.desk import unmask
from services.desk.unmask import Unmask, Unmasked
from services.views import deadlines_explained, decision_explained, desk_case, worklist
from services.views.deadlines_explained import ExplainedDeadlines
from services.views.decision_explained import Audience
from services.views.explanation import Explanation
from services.views.whole_case import WholeCase
from services.views.worklist import WorklistPage, WorklistQuery

router = APIRouter(prefix="/v1/desk/cases", tags=["desk"])
_READING = {"parameters": [OPERATOR]}


@router.get(
    "",
    summary="List the work of the desk",
    responses=answers(describing.LISTING, examples.WORKLIST),
    openapi_extra=_READING,
)
async def list_work(
    query: Annotated[WorklistQuery, Query()], desk: Desk, context: Context, state: State
) -> WorklistPage:
    """List open cases in the order of need: the one whose next deadline passes first comes first.

    `what_next` says what is to be done, `next_deadline` which deadline passes first. `next` is the cursor of the
    following page, or null.
    """
    return await worklist.page(state.db, query, desk=desk, reference=context.reference)


@router.get(
    "/{number}",
    summary="Read a case whole",
    response_model_exclude_unset=True,
    responses=answers(describing.EXPLAINING, examples.WHOLE_CASE, headers=describing.ETAG),
    openapi_extra=_READING,
)
async def read_whole_case(
    number: CaseNumber,
    desk: Desk,
    context: Context,
    state: State,
    response: Response,
    language: ReaderLanguage,
) -> WholeCase:
    """Read a case with all that is known and was done, persons masked. The ETag is the version that If-Match asks for."""
    case = await desk_case.read(state.db, number, desk=desk, context=context, language=language)
    response.headers.update(etag(case.version))
    return case


@router.get(
    "/{number}/deadlines",
    operation_id="explainDeadlines",
    summary="Explain the deadlines of a case",
    response_model_exclude_unset=True,
    responses=answers(describing.EXPLAINING, examples.DEADLINES),
    openapi_extra=_READING,
)
async def explain_deadlines(
    number: CaseNumber, desk: Desk, context: Context, state: State, language: ReaderLanguage
) -> ExplainedDeadlines:
    """Explain every deadline of the case: start, counted time, days left out, due moment, rule and source."""
    scope = lookup.of_bureau(desk.bureau)
    return await deadlines_explained.explain(
        state.db, number, scope=scope, reference=context.reference, language=language
    )


@router.get(
    "/{number}/explanation",
    operation_id="explainWholeCase",
    summary="Explain the decisions on a case",
    responses=answers(describing.EXPLAINING, examples.EXPLANATION),
    openapi_extra=_READING,
)
async def explain_whole_case(
    number: CaseNumber, desk: Desk, context: Context, state: State, language: ReaderLanguage
) -> Explanation:
    """Explain why the case went where it went: every rule that was tried, facts, versions; texts in Chinese or English.

    `summary` says what the case is now: who changed bureau or level, or accepted it, when, with the written reason.
    """
    audience = Audience.of_bureau(desk.bureau, context.ring)
    return await decision_explained.explain(
        state.db, number, audience=audience, reference=context.reference, language=language
    )


@router.post(
    "/{number}/unmask",
    summary="Unmask persons of a case",
    response_model_exclude_unset=True,
    responses=answers(describing.UNMASKING, examples.UNMASKED),
    openapi_extra=_READING | {"requestBody": form_body(Unmask, examples.UNMASK)},
)
async def unmask_persons(
    number: CaseNumber,
    desk: Desk,
    context: Context,
    state: State,
    form: Annotated[Unmask, Depends(form_of(Unmask))],
) -> Unmasked:
    """Read the named fields of the persons of a case in clear, for a purpose. Each time is written into the audit trail."""
    return await unmask.unmask(state.db, number, form, desk=desk, context=context)
