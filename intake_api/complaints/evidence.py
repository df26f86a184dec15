"""Evidence files by REST: handed in as raw bodies, listed, taken out as downloads, by each side within its scope."""

import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request, Response

from intake_api.complaints import evidence_answers
from intake_api.complaints.filing import WRITE
from intake_api.desk.dependencies import OPERATOR, desk_of_request
from intake_api.http import app_state, bodies
from intake_api.http.bodies import BodyTooLargeError
from intake_api.http.dependencies import keyed_context
from intake_api.http.raw import RawRoute
from services.access.scopes import Scope
from services.evidence import holdings, names, sides, store
from services.evidence.sides import Side
from services.evidence.store import Upload
from shared import serialisation
from shared.errors import FieldError, InvalidInputError, MalformedBodyError, NotFoundError

router = APIRouter(prefix="/v1", route_class=RawRoute)
EXCHANGE = Scope.CARRIER_EXCHANGE
NAME = "x-file-name"
_LONGEST_NAME = 1000
_NAME: dict[str, Any] = {
    "name": "X-File-Name",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": _LONGEST_NAME},
    "description": "The file's name, percent-encoded UTF-8. It is sealed, and decides nothing.",
}
_SHARE: dict[str, Any] = {
    "name": "share",
    "in": "query",
    "required": False,
    "schema": {"type": "boolean", "default": False},
    "description": "Let the enterprise see the file.",
}
_FILE: dict[str, Any] = {
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
Who = Callable[[Request], Awaitable[Side]]


async def _filer(request: Request) -> Side:
    state = app_state.of(request)
    caller = await state.authenticator.authenticate(request, WRITE)
    await state.rate_limiter.check(caller)
    return sides.of_filer(caller)


async def _officer(request: Request) -> Side:
    return sides.of_officer(await desk_of_request(request))


async def _enterprise(request: Request) -> Side:
    state = app_state.of(request)
    caller = await state.authenticator.authenticate(request, EXCHANGE)
    await state.rate_limiter.check(caller)
    return sides.of_enterprise(caller)


def _add(who: Who) -> Callable[[Request], Awaitable[Response]]:
    async def _take(request: Request) -> Response:
        side = await who(request)
        state = app_state.of(request)
        context = await keyed_context(state)
        upload = Upload(_name(request), await _content(request), shared=_flag(request, "share"))
        async with state.files:
            added = await store.add(
                state.db, state.storage, request.path_params["number"], upload, side, context
            )
        answer = holdings.shown(added.row, context.ring) | {"number": added.number}
        return Response(serialisation.to_bytes(answer), 200 if added.before else 201, media_type=bodies.JSON)

    return _take


def _list(who: Who) -> Callable[[Request], Awaitable[Response]]:
    async def _listed(request: Request) -> Response:
        side = await who(request)
        state = app_state.of(request)
        files = await holdings.listed(state.db, request.path_params["number"], side, await state.keys.ring())
        return Response(serialisation.to_bytes({"items": files}), media_type=bodies.JSON)

    return _listed


def _take_out(who: Who) -> Callable[[Request], Awaitable[Response]]:
    async def _download(request: Request) -> Response:
        side = await who(request)
        state = app_state.of(request)
        number, evidence_id = request.path_params["number"], _id(request.path_params["id"])
        async with state.files:
            file = await holdings.download(
                state.db, state.storage, number, evidence_id, side, await state.keys.ring()
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
            [FieldError(f"/{name}", "bool_type", "send true or false")],
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


_NUMBER: list[dict[str, Any]] = [
    {"name": "number", "in": "path", "required": True, "schema": {"type": "string"}},
]
_ID: list[dict[str, Any]] = [
    *_NUMBER,
    {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}},
]
_ADD_DOC = (
    "Hand in a file as the body: JPEG, PNG, WEBP, PDF, MP3, WAV, AMR, M4A or MP4, up to 20 MB; the content decides what it "
    "is. The same file again is the same evidence (200). Of a merged case it goes to the one that goes on."
)
_LIST_DOC = "List the files of a case that this side sees, oldest first."
_OUT_DOC = "Take a file out as a download, checked against its digest."


def _route(prefix: str, tag: str, side: str, who: Who, more: list[dict[str, Any]]) -> None:
    address = f"{prefix}/{{number}}/evidence"
    for path, method, endpoint, doc, summary, parameters, responses in (
        (
            address,
            "POST",
            _add(who),
            _ADD_DOC,
            "Hand in a file",
            [*_NUMBER, _NAME, *more],
            evidence_answers.ADDED,
        ),
        (
            address,
            "GET",
            _list(who),
            _LIST_DOC,
            "List the files",
            [*_NUMBER, *more[:1]],
            evidence_answers.LISTED,
        ),
        (
            f"{address}/{{id}}",
            "GET",
            _take_out(who),
            _OUT_DOC,
            "Take out a file",
            [*_ID, *more[:1]],
            evidence_answers.DOWNLOAD,
        ),
    ):
        endpoint.__name__ = f"{summary.split()[0].lower()}_{summary.split()[-1]}_{side}"
        endpoint.__doc__ = doc
        router.add_api_route(
            path,
            endpoint,
            methods=[method],
            summary=f"{summary} ({side})",
            tags=[tag],
            responses=responses,
            response_class=Response,
            status_code=201 if method == "POST" else 200,
            openapi_extra={"parameters": parameters} | ({"requestBody": _FILE} if method == "POST" else {}),
        )


_route("/complaints", "filing", "filer", _filer, [])
_route("/desk/cases", "desk", "officer", _officer, [OPERATOR, _SHARE])
_route("/carrier/cases", "carrier", "enterprise", _enterprise, [])
