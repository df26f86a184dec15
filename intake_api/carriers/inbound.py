"""What carriers send: replies to their cases, and scans of the items that the cases are about."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import RootModel
from typing_extensions import TypedDict

from intake_api.carriers import describing, examples
from intake_api.carriers.dependencies import EXCHANGE, CarrierCaller
from intake_api.http import app_state, bodies
from intake_api.http.dependencies import CaseNumber, Context, State, form_of, keyed_context, security_of
from intake_api.http.describing import REPLAYED, answers, form_body
from intake_api.http.raw import RawRoute
from intake_api.refusals import OF_CASE
from services.carriers import acknowledgement, replies, stored_replies, tracking
from services.carriers.forms import Reply
from services.carriers.replies import ReplyReceipt
from services.carriers.stored_replies import StoredReply
from services.carriers.tracking import ScanResult, ScanResults
from services.delivery.dispatch import DELIVER
from services.requests import parsing
from shared import serialisation
from shared.errors import ShensuError
from shared.http.document import OpenApiDocument

router = APIRouter(prefix="/v1/carrier", tags=["carrier"])
_raw = APIRouter(route_class=RawRoute)
_PUSH = {"$ref": "#/components/schemas/PushedScan"}
_PUSHES: OpenApiDocument = {"type": "array", "items": _PUSH, "maxItems": parsing.MAX_ROWS}


class StoredReplies(TypedDict):
    """The replies of the enterprise to a case, oldest first."""

    replies: list[StoredReply]


class TrackingResult(RootModel[ScanResults | ScanResult]):
    """The result of a single scan, or those of a batch."""


@router.post(
    "/cases/{number}/replies",
    status_code=201,
    summary="Reply to a case",
    responses=answers(describing.REPLYING, examples.RECEIPT, status=201, headers=REPLAYED)
    | {
        200: {
            "model": ReplyReceipt,
            "description": "Stored, but not complete: `missing` names what a complete reply has besides.",
        }
        | answers((), examples.INCOMPLETE, headers=REPLAYED)[200]
    },
    openapi_extra={"requestBody": form_body(Reply, examples.REPLY)},
)
async def reply_to_case(
    number: CaseNumber,
    caller: CarrierCaller,
    state: State,
    context: Context,
    form: Annotated[Reply, Depends(form_of(Reply))],
    response: Response,
) -> ReplyReceipt:
    """Reply to a case that was forwarded to you, or sent back. 201: the case has your reply.

    200: the reply is stored but not complete; `missing` names the fields that a complete one has, and the deadline runs
    on. The same `reply_ref` with the same content gets the stored answer, marked by `Idempotent-Replayed: true`.
    """
    received = await replies.receive(state.db, acknowledgement.carrier_of(caller), number, form, context)
    state.bell.ring(DELIVER)
    response.status_code = 201 if received.complete else 200
    if received.replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return received.body


@router.get(
    "/cases/{number}/replies",
    summary="List the replies you sent",
    responses=answers(OF_CASE, examples.REPLIES),
)
async def list_replies(number: CaseNumber, caller: CarrierCaller, state: State) -> StoredReplies:
    """List the replies that you sent to a case, oldest first, the incomplete ones too, with their words."""
    ring = await state.keys.ring()
    code = acknowledgement.carrier_of(caller)
    return {"replies": await stored_replies.listed(state.db, code, number, ring)}


@_raw.post(
    "/tracking",
    summary="Push scans of items",
    response_model=TrackingResult,
    responses=answers(describing.TRACKING, examples.SCAN_RESULTS)
    | {
        201: {"model": ScanResult, "description": "A single scan that is new."}
        | answers((), examples.SCAN_RESULT, status=201)[201]
    },
    openapi_extra=security_of(EXCHANGE)
    | {
        "requestBody": {
            "required": True,
            "content": {
                bodies.JSON: {"schema": {"oneOf": [_PUSH, _PUSHES]}, "example": examples.SCAN},
                bodies.NDJSON: {"schema": _PUSHES, "example": serialisation.to_text(examples.SCAN)},
            },
        },
    },
)
async def push_tracking(request: Request) -> Response:
    """Push one scan as an object, or up to 1,000 as an array or NDJSON; once or often, in any order.

    Only scans of items that a case of yours is about are stored; of others nothing (`no-case`). The state that they say
    together is the same whatever came first. A code that is not in the table is stored as UNKNOWN, with a notice
    (`unknown-code`). A batch gets one result a row: 201 stored, 200 stored before, else the status of its problem.
    """
    state = app_state.of(request)
    caller = await state.authenticator.authenticate(request, EXCHANGE)
    media_type = bodies.media_type(request, [bodies.JSON, bodies.NDJSON])
    body = await bodies.read(request, bodies.BATCH_LIMIT)
    async with state.bulk:
        is_single = media_type == bodies.JSON and not body.lstrip().startswith(b"[")
        rows = [body] if is_single else parsing.rows_of(body, media_type)
        await state.rate_limiter.check(caller, cost=len(rows))
        context = await keyed_context(state)
        outcomes = await tracking.receive_scans(state.db, acknowledgement.carrier_of(caller), rows, context)
    return _single(outcomes[0]) if is_single else _json(tracking.scan_results(outcomes), 200)


def _single(outcome: tracking.ScanAnswer) -> Response:
    if isinstance(outcome, ShensuError):
        raise outcome
    return _json(tracking.scan_result(0, outcome), tracking.scan_status(outcome))


def _json(content: ScanResult | ScanResults, status: int) -> Response:
    return Response(serialisation.to_bytes(content), status, media_type=bodies.JSON)


router.include_router(_raw)
