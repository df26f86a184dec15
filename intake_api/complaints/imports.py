"""History from an older system, by REST: a manifest, its parts in any order, and the end."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Security
from pydantic import Field

from intake_api.complaints import describing, examples
from intake_api.complaints.receipts import ReceiptNotice
from intake_api.http import bodies
from intake_api.http.dependencies import State, form_of, rate_limited
from intake_api.http.describing import answers, form_body
from services.access.clients import Caller
from services.access.scopes import Scope
from services.fields import View
from services.imports import takeover
from services.imports.takeover import Manifest, Progress

router = APIRouter(prefix="/v1/imports", tags=["imports"])
Importer = Annotated[Caller, Security(rate_limited, scopes=[Scope.IMPORT_WRITE])]
ImportId = Annotated[uuid.UUID, Path(examples=[examples.PROGRESS["id"]])]


class PartRow(View):
    """The result of one row of a part: the number of the case, or what is wrong."""

    row: int = Field(description="The place of the row in the part, from 0.")
    status: int = Field(description="201 stored, 200 stored before, else the status of its problem.")
    number: str | None = None
    code: str | None = None
    detail: str | None = None
    errors: list[ReceiptNotice] | None = None
    retryable: bool | None = None


class PartResult(View):
    """The results of a part, one for each row."""

    part: int
    results: list[PartRow]


@router.post(
    "",
    status_code=201,
    operation_id="announceImport",
    summary="Announce an import",
    responses=answers(describing.IMPORT, examples.PROGRESS, status=201),
    openapi_extra={"requestBody": form_body(Manifest, examples.MANIFEST)},
)
async def announce(
    caller: Importer,
    manifest: Annotated[Manifest, Depends(form_of(Manifest, bodies.MANIFEST_LIMIT))],
    state: State,
) -> Progress:
    """Announce an import by its manifest. The same manifest again finds the import that it announced before."""
    return await takeover.announce(state.db, caller.client_id, manifest)


@router.put(
    "/{import_id}/parts/{part}",
    operation_id="putImportPart",
    summary="Hand over one part",
    response_model_exclude_unset=True,
    responses=answers(describing.PART, examples.PART),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                bodies.NDJSON: {
                    "schema": {"$ref": "#/components/schemas/HistoricalFiling"},
                    "example": examples.HISTORICAL_LINE,
                }
            },
        }
    },
)
async def put_part(
    request: Request, import_id: ImportId, part: int, caller: Importer, state: State
) -> PartResult:
    """Hand over one part (from 0): NDJSON, one closed case a line, up to 1,000. Every row gets its own result.

    The part's digest is verified before anything is stored. A part may be sent again at any time: rows that are
    stored already are answered as they were.
    """
    bodies.media_type(request, [bodies.NDJSON])
    content = await bodies.read(request, bodies.BATCH_LIMIT)
    async with state.bulk:
        results = await takeover.take_part(state.db, await state.context(caller), import_id, part, content)
    return PartResult.model_validate({"part": part, "results": results})


@router.post(
    "/{import_id}/complete",
    operation_id="completeImport",
    summary="Complete an import",
    responses=answers(describing.COMPLETION, examples.PROGRESS),
)
async def complete(import_id: ImportId, caller: Importer, state: State) -> Progress:
    """Close an import, when every part is in and the rows are as many as announced."""
    return await takeover.complete(state.db, caller.client_id, import_id)


@router.get(
    "/{import_id}",
    operation_id="readImport",
    summary="See how far an import has come",
    responses=answers(describing.OF_IMPORT, examples.PROGRESS),
)
async def progress(import_id: ImportId, caller: Importer, state: State) -> Progress:
    """Tell which parts are missing, and how many rows were refused; after a break, go on with the missing parts."""
    return await takeover.progress(state.db, caller.client_id, import_id)
