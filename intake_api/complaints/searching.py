"""Searching cases for somebody on the telephone. What is searched by travels in the body, never in an address."""

from fastapi import APIRouter, Request, Response

from intake_api.complaints.reading import reader
from intake_api.desk.dependencies import OPERATOR, desk_of_request, write_context
from intake_api.http import app_state, bodies
from intake_api.http.describing import body_of, problems_of
from intake_api.http.raw import RawRoute
from services.access.clients import Caller
from services.casework.session import DeskSession
from services.requests import parsing
from services.views import search
from services.views.search_criteria import Search
from shared import serialisation

router = APIRouter(prefix="/v1", route_class=RawRoute)
_BODY = body_of({"$ref": "#/components/schemas/Search"}, bodies.JSON)


@router.post(
    "/complaints/search",
    tags=["cases"],
    summary="Search complaints",
    responses=problems_of(
        _400="not JSON",
        _401="no valid key",
        _403="no scope to read",
        _415="not application/json",
        _422="no criterion, or one that cannot be what it is given as",
    ),
    openapi_extra={"requestBody": _BODY},
)
async def search_complaints(request: Request) -> Response:
    """Search the complaints that the key may see, by what the caller knows; each hit has a sentence to read out.

    All criteria that are given must fit. A search by waybill, telephone or identity number, or by words, is recorded,
    without the value. A page may be short, or empty, while there is a `next`: so far was looked; send it as `cursor`.
    """
    return await _answered(request, await reader(request))


@router.post(
    "/desk/search",
    tags=["desk"],
    summary="Search cases within the bureau's sight",
    responses=problems_of(
        _400="not JSON, or no operator named",
        _401="no valid key",
        _403="no desk, or no officer of it",
        _415="not application/json",
        _422="no criterion, or one that cannot be what it is given as",
    ),
    openapi_extra={"parameters": [OPERATOR], "requestBody": _BODY},
)
async def search_cases(request: Request) -> Response:
    """Search all cases within the bureau's sight, ended ones too; otherwise as `/v1/complaints/search`."""
    return await _answered(request, await desk_of_request(request))


async def _answered(request: Request, who: Caller | DeskSession) -> Response:
    bodies.media_type(request, [bodies.JSON])
    form = parsing.read_one(await bodies.read(request, bodies.SINGLE_LIMIT), Search)
    found = await search.search(
        app_state.of(request).db, form, who=who, context=await write_context(app_state.of(request))
    )
    return Response(serialisation.to_bytes(found), media_type=bodies.JSON)
