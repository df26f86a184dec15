"""Evidence files by REST: handed in as raw bodies, listed, taken out as downloads, by each side within its scope."""

import uuid
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response, Security

from intake_api.complaints import describing, evidence_answers
from intake_api.complaints.evidence_answers import AddedFile, FileList
from intake_api.complaints.filing import WRITE
from intake_api.desk import describing as desk_describing
from intake_api.desk.dependencies import OPERATOR, Desk
from intake_api.http import bodies
from intake_api.http.bodies import BodyTooLargeError
from intake_api.http.dependencies import CaseNumber, Context, State, rate_limited
from intake_api.refusals import NOT_YOUR_CASE, OF_CASE
from services.access.clients import Caller
from services.access.scopes import Scope
from services.evidence import holdings, names, sides, store
from services.evidence.sides import Side
from services.evidence.store import Upload
from shared.errors import FieldError, InvalidInputError, MalformedBodyError, NotFoundError
from shared.http.document import OpenApiDocument
from shared.http.refusals import INVALID_PARAMETERS, Refusals

router = APIRouter(prefix="/v1")
EXCHANGE = Scope.CARRIER_EXCHANGE
NAME = "x-file-name"
_LONGEST_NAME = 1000
_NAME: OpenApiDocument = {
    "name": "X-File-Name",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": _LONGEST_NAME},
    "description": "The file's name, percent-encoded UTF-8. It is sealed, and decides nothing.",
}
_SHARE: OpenApiDocument = {
    "name": "share",
    "in": "query",
    "required": False,
    "schema": {"type": "boolean", "default": False},
    "description": "Show the file to the enterprise.",
}
_FILE: OpenApiDocument = {
    "required": True,
    "content": {
        "application/octet-stream": {
            "schema": {"type": "string", "format": "binary"},
            "example": "the bytes of a photograph",
        }
    },
}
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    # should a browser show it in spite of all: nothing in it runs
    "Content-Security-Policy": "sandbox; default-src 'none'",
}
SideOf = Callable[..., Awaitable[Side]]


async def _filer(caller: Annotated[Caller, Security(rate_limited, scopes=[WRITE])]) -> Side:
    return sides.of_filer(caller)


async def _officer(desk: Desk) -> Side:
    return sides.of_officer(desk)


async def _enterprise(caller: Annotated[Caller, Security(rate_limited, scopes=[EXCHANGE])]) -> Side:
    return sides.of_enterprise(caller)


def _add(side_of: SideOf) -> Callable[..., Awaitable[AddedFile]]:
    async def _take(
        request: Request,
        number: CaseNumber,
        side: Annotated[Side, Depends(side_of)],
        state: State,
        context: Context,
        response: Response,
    ) -> AddedFile:
        upload = Upload(_name(request), await _content(request), shared=_flag(request, "share"))
        async with state.files:
            added = await store.add(state.db, state.storage, number, upload, side, context)
        response.status_code = 200 if added.before else 201
        return AddedFile(**holdings.shown(added.row, context.ring), number=added.number)

    return _take


def _list(side_of: SideOf) -> Callable[..., Awaitable[FileList]]:
    async def _listed(number: CaseNumber, side: Annotated[Side, Depends(side_of)], state: State) -> FileList:
        files = await holdings.listed(state.db, number, side, await state.keys.ring())
        return FileList.model_validate({"items": files})

    return _listed


def _take_out(side_of: SideOf) -> Callable[..., Awaitable[Response]]:
    async def _download(
        number: CaseNumber,
        evidence_id: Annotated[str, Path(alias="id", json_schema_extra={"format": "uuid"})],
        side: Annotated[Side, Depends(side_of)],
        state: State,
    ) -> Response:
        async with state.files:
            file = await holdings.download(
                state.db, state.storage, number, _id(evidence_id), side, await state.keys.ring()
            )
        headers = _SAFE | {"Content-Disposition": names.disposition(file.name, file.media_type)}
        return Response(file.content, headers=headers, media_type=file.media_type)

    return _download


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise NotFoundError("The case has no such file that this key may see.") from error


def _name(request: Request) -> str | None:
    name = request.headers.get(NAME)
    return names.clean(name[:_LONGEST_NAME]) if name is not None else None


def _flag(request: Request, name: str) -> bool:
    value = request.query_params.get(name, "false")
    if value not in {"true", "false"}:
        raise InvalidInputError(
            f"The parameter {name} is true or false; see errors.",
            [FieldError(f"/query/{name}", "wrong-type", "send true or false")],
        )
    return value == "true"


async def _content(request: Request) -> bytes:
    try:
        content = await bodies.read(request, store.LARGEST)
    except BodyTooLargeError as error:
        raise BodyTooLargeError(
            f"A file may have at most {store.LARGEST // 1024**2} MB. Send a smaller copy, or the parts that matter."
        ) from error
    if not content:
        raise MalformedBodyError("The body is empty; send the bytes of the file as the body.")
    return content


_ADD_DOC = (
    "Upload a file as the body: JPEG, PNG, WEBP, PDF, MP3, WAV, AMR, M4A or MP4, up to 20 MB; the content decides what it "
    "is. The same file again is the same evidence (200). For a merged case, the file belongs to the surviving case."
)
_LIST_DOC = "List the files of a case that this side sees, oldest first."
_OUT_DOC = "Download a file, checked against its digest."


def _route(
    prefix: str, tag: str, side: str, side_of: SideOf, more: list[OpenApiDocument], own: Refusals = ()
) -> None:
    add_refused, out_refused = (*describing.EVIDENCE, *own), (*describing.DOWNLOAD, *own)
    add_options = {"status_code": 201, "responses": evidence_answers.added(add_refused)}
    list_options = {"responses": evidence_answers.listed((*OF_CASE, *own))}
    out_options = {"response_class": Response, "responses": evidence_answers.download(out_refused)}
    address = f"{prefix}/{{number}}/evidence"
    add_extra = {"parameters": [_NAME, *more], "requestBody": _FILE}
    read_extra = {"parameters": more[:1]}
    for path, method, endpoint, doc, summary, extra, options in (
        (address, "POST", _add(side_of), _ADD_DOC, "Upload a file", add_extra, add_options),
        (address, "GET", _list(side_of), _LIST_DOC, "List the files", read_extra, list_options),
        (
            f"{address}/{{id}}",
            "GET",
            _take_out(side_of),
            _OUT_DOC,
            "Download a file",
            read_extra,
            out_options,
        ),
    ):
        endpoint.__name__ = f"{summary.split()[0].lower()}_{summary.split()[-1]}_{side}"
        router.add_api_route(
            path,
            endpoint,
            methods=[method],
            summary=f"{summary} ({side})",
            description=doc,
            tags=[tag],
            openapi_extra=extra,
            **options,
        )


_route("/complaints", "filing", "filer", _filer, [])
_OF_DESK = (*desk_describing.READING, NOT_YOUR_CASE, INVALID_PARAMETERS)
_route("/desk/cases", "desk", "officer", _officer, [OPERATOR, _SHARE], _OF_DESK)
_route("/carrier/cases", "carrier", "enterprise", _enterprise, [])
