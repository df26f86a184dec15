"""Filing complaints by REST: one, or a batch of up to 1,000."""

from fastapi import APIRouter, Request, Response

from intake_api.complaints import describing, examples
from intake_api.complaints.receipts import BatchResult, Receipt
from intake_api.http import app_state, bodies
from intake_api.http.describing import KEY, answers, form_body, lines_body
from intake_api.http.raw import RawRoute
from services.access.scopes import Scope
from services.intake import accept, bulk_filing, preparation
from services.intake.filing import Filing
from services.requests import parsing
from shared import serialisation

router = APIRouter(prefix="/v1/complaints", tags=["filing"], route_class=RawRoute)
WRITE = Scope.COMPLAINT_WRITE


@router.post(
    "",
    status_code=201,
    operation_id="fileComplaint",
    summary="File one complaint",
    response_model=Receipt,
    responses=answers(describing.FILING, examples.RECEIPT, status=201),
    openapi_extra={"parameters": [KEY], "requestBody": form_body(Filing, examples.FILING)},
)
async def file_one(request: Request) -> Response:
    """File one complaint. The answer (201) comes after it is stored durably, with its public number and its deadlines.

    Send the same request again after any doubt: the stored answer comes back, byte for byte, marked by the header
    `Idempotent-Replayed: true`. Due times are the first moment at which a deadline has passed. `notices` tells what was
    mapped or looks odd, without harm to the complaint.
    """
    state = app_state.of(request)
    caller = await state.authenticator.authenticate(request, WRITE)
    await state.rate_limiter.check(caller)
    key = bodies.request_key(request)
    bodies.media_type(request, [bodies.JSON])
    filing = parsing.read_one(await bodies.read(request, bodies.SINGLE_LIMIT), Filing)
    prepared = preparation.prepare(filing, await state.context(caller), key)
    accepted = await state.group_commit.accept(prepared)
    number = serialisation.from_text(accepted.receipt)["number"]
    headers = {"Location": f"/v1/complaints/{number}"}
    if accepted.replayed:
        headers["Idempotent-Replayed"] = "true"
    return Response(accepted.receipt, 201, headers, bodies.JSON)


@router.post(
    "/batch",
    operation_id="fileComplaints",
    summary="File up to 1,000 complaints",
    response_model=BatchResult,
    responses=answers(describing.BATCH, examples.BATCH),
    openapi_extra={
        "parameters": [KEY],
        "requestBody": lines_body(Filing, examples.FILING),
    },
)
async def file_many(request: Request) -> Response:
    """File a batch, as NDJSON (one complaint a line) or as a JSON array. Every row gets its own result.

    `results[].status`: 201 stored, 200 stored before, else the status of its problem. A bad row never harms another.
    A row without `external_ref` is known by the batch's Idempotency-Key and its place.
    """
    state = app_state.of(request)
    caller = await state.authenticator.authenticate(request, WRITE)
    key = bodies.request_key(request)
    media_type = bodies.media_type(request, [bodies.NDJSON, bodies.JSON])
    content = await bodies.read(request, bodies.BATCH_LIMIT)
    async with state.bulk:
        rows = parsing.rows_of(content, media_type)
        await state.rate_limiter.check(caller, cost=len(rows))
        prepared = await bulk_filing.prepare_rows(rows, Filing, await state.context(caller), key)
        answers = await accept.accept_many(state.db, prepared.filings, state.fast_path)
    app_state.ring_for(state.bell, answers)
    answer = bulk_filing.summary(bulk_filing.results(prepared, answers))
    return Response(serialisation.to_bytes(answer), media_type=bodies.JSON)
