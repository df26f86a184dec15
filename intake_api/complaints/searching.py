"""Searching cases for somebody on the telephone. What is searched by travels in the body, never in an address."""

from typing import Annotated

from fastapi import APIRouter, Depends

from intake_api.complaints import describing, examples
from intake_api.complaints.reading import CaseReader
from intake_api.desk import describing as desk_describing
from intake_api.desk.dependencies import OPERATOR, Desk
from intake_api.http.dependencies import Context, State, form_of
from intake_api.http.describing import answers, form_body
from services.views import search
from services.views.search import SearchPage
from services.views.search_criteria import Search

router = APIRouter(prefix="/v1")
Criteria = Annotated[Search, Depends(form_of(Search))]
_BODY = form_body(Search, examples.SEARCH)


@router.post(
    "/complaints/search",
    tags=["cases"],
    summary="Search complaints",
    response_model_exclude_unset=True,
    responses=answers(describing.SEARCH, examples.SEARCH_PAGE),
    openapi_extra={"requestBody": _BODY},
)
async def search_complaints(caller: CaseReader, form: Criteria, context: Context, state: State) -> SearchPage:
    """Search the complaints that the key may see, by what the caller knows; each hit has a sentence to read out.

    All criteria must fit. A search by waybill, telephone or identity number, or by words, is recorded, without the value.
    A page may be short, or empty, while there is a `next`: send it as `cursor`, and the search goes on from there.
    """
    return await search.search(state.db, form, who=caller, context=context)


@router.post(
    "/desk/search",
    tags=["desk"],
    summary="Search cases within the bureau's visibility",
    response_model_exclude_unset=True,
    responses=answers(desk_describing.SEARCH, examples.SEARCH_PAGE),
    openapi_extra={"parameters": [OPERATOR], "requestBody": _BODY},
)
async def search_cases(desk: Desk, form: Criteria, context: Context, state: State) -> SearchPage:
    """Search all cases that the bureau may see, ended ones too; otherwise as `/v1/complaints/search`."""
    return await search.search(state.db, form, who=desk, context=context)
