"""History from an older system, by REST: a manifest, its parts in any order, and the end."""

import dataclasses
import uuid

from fastapi import APIRouter, Request, Response

from intake_api.http import app_state, bodies
from services.access.scopes import Scope
from services.imports import takeover
from services.imports.takeover import Manifest, Progress
from services.requests import parsing
from shared import serialisation

router = APIRouter(prefix="/v1/imports", tags=["imports"])
IMPORT = Scope.IMPORT_WRITE


@router.post(
    "",
    status_code=201,
    operation_id="announceImport",
    summary="Announce an import",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {bodies.JSON: {"schema": {"$ref": "#/components/schemas/Manifest"}}},
        }
    },
)
async def announce(request: Request) -> Response:
    """Announce an import by its manifest. The same manifest again finds the import that it announced before."""
    state = app_state.of(request)
    caller = await state.authenticator.authenticate(request, IMPORT)
    await state.rate_limiter.check(caller)
    bodies.media_type(request, [bodies.JSON])
    manifest = parsing.read_one(await bodies.read(request, bodies.MANIFEST_LIMIT), Manifest)
    return _progress(await takeover.announce(state.db, caller.client_id, manifest), 201)


@router.put(
    "/{import_id}/parts/{part}",
    operation_id="putImportPart",
    summary="Hand over one part",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {bodies.NDJSON: {"schema": {"$ref": "#/components/schemas/HistoricalFiling"}}},
        }
    },
)
async def put_part(request: Request, import_id: uuid.UUID, part: int) -> Response:
    """Hand over one part (from 0): NDJSON, one closed case a line, up to 1,000. Every row gets its own result.

    The part's digest is verified before anything is stored. A part may be sent again at any time: rows that are
    stored already are answered as they were.
    """
    state = app_state.of(request)
    caller = await state.authenticator.authenticate(request, IMPORT)
    await state.rate_limiter.check(caller)
    bodies.media_type(request, [bodies.NDJSON])
    body = await bodies.read(request, bodies.BATCH_LIMIT)
    async with state.bulk:
        results = await takeover.take_part(state.db, await state.context(caller), import_id, part, body)
    return Response(serialisation.to_bytes({"part": part, "results": results}), media_type=bodies.JSON)


@router.post("/{import_id}/complete", operation_id="completeImport", summary="Complete an import")
async def complete(request: Request, import_id: uuid.UUID) -> Response:
    """Close an import, when every part is in and the rows are as many as announced."""
    state = app_state.of(request)
    caller = await state.authenticator.authenticate(request, IMPORT)
    await state.rate_limiter.check(caller)
    return _progress(await takeover.complete(state.db, caller.client_id, import_id))


@router.get("/{import_id}", operation_id="readImport", summary="See how far an import has come")
async def progress(request: Request, import_id: uuid.UUID) -> Response:
    """Tell which parts are missing, and how many rows were refused; after a break, go on with the missing parts."""
    state = app_state.of(request)
    caller = await state.authenticator.authenticate(request, IMPORT)
    await state.rate_limiter.check(caller)
    return _progress(await takeover.progress(state.db, caller.client_id, import_id))


def _progress(state: Progress, status: int = 200) -> Response:
    return Response(serialisation.to_bytes(dataclasses.asdict(state)), status, media_type=bodies.JSON)
