"""What carriers send: replies to their cases, and scans of the items that the cases are about."""

from typing import Any

from fastapi import APIRouter, Request, Response

from intake_api.http import app_state, bodies
from intake_api.http.describing import body_of, problems_of
from intake_api.http.raw import RawRoute
from services.access.clients import Caller
from services.access.scopes import Scope
from services.carriers import replies, stored_replies, tracking
from services.carriers.forms import Reply
from services.cases.changes import KeyedContext
from services.delivery.dispatch import DELIVER
from services.requests import parsing
from services.rules.tracking import TraceState
from shared import serialisation
from shared.errors import ShensuError

router = APIRouter(prefix="/v1/carrier", tags=["carrier"], route_class=RawRoute)
EXCHANGE = Scope.CARRIER_EXCHANGE
_NUMBER: list[dict[str, Any]] = [
    {"name": "number", "in": "path", "required": True, "schema": {"type": "string"}},
]
_PUSH = {"$ref": "#/components/schemas/PushedScan"}


async def _carrier(request: Request) -> Caller:
    return await app_state.of(request).authenticator.authenticate(request, EXCHANGE)


def _code(caller: Caller) -> str:
    assert caller.carrier_code is not None  # noqa: S101 - no client has the scope without one
    return caller.carrier_code


@router.post(
    "/cases/{number}/replies",  # noqa: FAST003 - a raw route takes the request alone
    status_code=201,
    summary="Reply to a case",
    responses=problems_of(
        _400="not JSON",
        _401="no valid key",
        _403="not a carrier's key",
        _404="no such case of yours",
        _409="no reply is awaited, or the case has ended",
        _413="more than 64 KiB",
        _415="not application/json",
        _422="faults of the form, or a reply_ref used twice",
        _429="too many requests",
    )
    | {"200": {"description": "Kept, but not complete: `missing` tells what a complete reply has."}},
    openapi_extra={
        "parameters": _NUMBER,
        "requestBody": body_of({"$ref": "#/components/schemas/Reply"}, bodies.JSON),
    },
)
async def reply_to_case(request: Request) -> Response:
    """Reply to a case that was forwarded to you, or sent back. 201: the case has your reply.

    200: the reply is kept but not complete; `missing` names the fields that a complete one has, and your limit runs on.
    The same `reply_ref` with the same content gets the stored answer, marked by the header `Idempotent-Replayed: true`.
    """
    state = app_state.of(request)
    caller = await _carrier(request)
    await state.rate_limiter.check(caller)
    bodies.media_type(request, [bodies.JSON])
    form = parsing.read_one(await bodies.read(request, bodies.SINGLE_LIMIT), Reply)
    context = KeyedContext(await state.reference(), await state.keys.ring())
    received = await replies.receive(state.db, _code(caller), request.path_params["number"], form, context)
    state.bell.ring(DELIVER)
    headers = {"Idempotent-Replayed": "true"} if received.replayed else {}
    status = 201 if received.complete else 200
    return Response(serialisation.to_bytes(received.body), status, headers, bodies.JSON)


@router.get(
    "/cases/{number}/replies",  # noqa: FAST003 - a raw route takes the request alone
    summary="The replies you sent",
    responses=problems_of(_401="no valid key", _403="not a carrier's key", _404="no such case of yours"),
    openapi_extra={"parameters": _NUMBER},
)
async def list_replies(request: Request) -> Response:
    """Return the replies that you sent to a case, oldest first, the incomplete ones too, with their words."""
    state = app_state.of(request)
    caller = await _carrier(request)
    await state.rate_limiter.check(caller)
    found = await stored_replies.listed(
        state.db, _code(caller), request.path_params["number"], await state.keys.ring()
    )
    return Response(serialisation.to_bytes({"replies": found}), media_type=bodies.JSON)


@router.post(
    "/tracking",
    summary="Push scans of items",
    responses=problems_of(
        _400="not JSON",
        _401="no valid key",
        _403="not a carrier's key",
        _404="a single scan: no case about its item",
        _413="more than 20 MiB",
        _422="a single scan: faults of the form; a batch: no row, or more than 1,000",
        _429="too many requests",
    )
    | {"201": {"description": "A single scan that is new."}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                bodies.JSON: {
                    "schema": {
                        "oneOf": [_PUSH, {"type": "array", "items": _PUSH, "maxItems": parsing.MAX_ROWS}]
                    }
                },
                bodies.NDJSON: {"schema": {"type": "array", "items": _PUSH, "maxItems": parsing.MAX_ROWS}},
            },
        },
    },
)
async def push_tracking(request: Request) -> Response:
    """Push one scan as an object, or up to 1,000 as an array or NDJSON; once or often, in any order.

    Kept are scans of items that a case of yours is about; of others nothing (`no-case`). The state that they say together
    is the same whatever came first. A code that is not known here is kept as UNKNOWN and told of in `notices`. A batch
    gets one result a row: 201 kept, 200 kept before, else the status of its problem.
    """
    state = app_state.of(request)
    caller = await _carrier(request)
    media_type = bodies.media_type(request, [bodies.JSON, bodies.NDJSON])
    body = await bodies.read(request, bodies.BATCH_LIMIT)
    async with state.bulk:
        single = media_type == bodies.JSON and not body.lstrip().startswith(b"[")
        rows = [body] if single else parsing.rows_of(body, media_type)
        await state.rate_limiter.check(caller, cost=len(rows))
        context = KeyedContext(await state.reference(), await state.keys.ring())
        answers = await tracking.receive(state.db, _code(caller), rows, context)
    return _single(answers[0]) if single else _many(answers)


def _single(answer: tracking.Answer) -> Response:
    if isinstance(answer, ShensuError):
        raise answer
    told = tracking.result(0, answer)
    return Response(serialisation.to_bytes(told), tracking.status_of(answer), media_type=bodies.JSON)


def _many(answers: list[tracking.Answer]) -> Response:
    results = [tracking.result(place, answer) for place, answer in enumerate(answers)]
    taken = [answer for answer in answers if isinstance(answer, tracking.StoredScan)]
    content = {
        "stored": sum(not answer.before for answer in taken),
        "stored_before": sum(answer.before for answer in taken),
        "unknown": sum(answer.state is TraceState.UNKNOWN for answer in taken),
        "no_case": sum(isinstance(answer, tracking.NoCaseError) for answer in answers),
        "refused": len(answers) - len(taken),
        "results": results,
    }
    return Response(serialisation.to_bytes(content), media_type=bodies.JSON)
