"""The 12345 hotlines by REST: work orders in, what follows them, how they stand, and the feed of what became of them."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from intake_api.http import app_state, bodies
from intake_api.http.describing import body_of, problems_of
from intake_api.http.raw import RawRoute
from services.access.clients import Caller
from services.access.scopes import Scope
from services.cases import outbox
from services.cases.changes import KeyedContext
from services.delivery import feeds
from services.delivery.dispatch import DELIVER
from services.hotline import orders, verbs
from services.hotline.forms import WorkOrder
from services.hotline.verbs import Call
from services.intake import accept, bulk_filing
from services.requests import cursors, parsing
from services.requests.answers import RequestKeyMissingError
from services.tasks.queue import ADMIT, ROUTE
from services.views import work_order
from shared import serialisation

SCOPE = Scope.HOTLINE_EXCHANGE
router = APIRouter(prefix="/v1/hotline", tags=["hotline"])
_writing = APIRouter(route_class=RawRoute)
_KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "maxLength": bodies.KEY_LENGTH},
    "description": "New for each step, the same for each repetition of it; the platform's own number of it will do.",
}
_ORDER_NO: dict[str, Any] = {
    "name": "order_no",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "maxLength": 64},
}


async def caller_of(request: Request) -> Caller:
    """Return the caller, a hotline's platform."""
    state = app_state.of(request)
    caller = await state.authenticator.authenticate(request, SCOPE)
    await state.rate_limiter.check(caller)
    return caller


Hotline = Annotated[Caller, Depends(caller_of)]


@_writing.post(
    "/orders",
    status_code=201,
    summary="Hand over one work order (派单)",
    responses=problems_of(
        _400="not JSON",
        _401="no valid key",
        _403="no hotline's key",
        _409="the same order is being worked on",
        _413="more than 64 KiB",
        _415="not application/json",
        _422="faults of the form, or an order that came before with other content",
        _429="too many requests",
        _503="the database is away: send the same again",
    ),
    openapi_extra={"requestBody": body_of({"$ref": "#/components/schemas/WorkOrder"}, bodies.JSON)},
)
async def take_order(request: Request) -> Response:
    """Hand over one work order of the key's region. It is known by its region and number.

    The same order again, by whichever client of the region, gets the first answer byte for byte, marked by the header
    `Idempotent-Replayed: true`. The receipt names our number, the hotline's limits and ours.
    """
    state = app_state.of(request)
    caller = await caller_of(request)
    bodies.media_type(request, [bodies.JSON])
    order = parsing.read_one(await bodies.read(request, bodies.SINGLE_LIMIT), WorkOrder)
    accepted = await orders.take(state.db, order, await state.context(caller), state.gatherer.accept)
    headers = {"Location": f"/v1/hotline/orders/{order.order_no}"}
    if accepted.replayed:
        headers["Idempotent-Replayed"] = "true"
    return Response(accepted.receipt, 201, headers, bodies.JSON)


@_writing.post(
    "/orders/batch",
    summary="Hand over up to 1,000 work orders",
    responses=problems_of(
        _400="an array that cannot be read", _413="more than 20 MiB", _422="no row, or more than 1,000"
    ),
    openapi_extra={
        "requestBody": body_of(
            {
                "type": "array",
                "items": {"$ref": "#/components/schemas/WorkOrder"},
                "maxItems": parsing.MAX_ROWS,
            },
            bodies.NDJSON,
            bodies.JSON,
        ),
    },
)
async def take_orders(request: Request) -> Response:
    """Hand over a batch, as NDJSON (one order a line) or as a JSON array. Every row gets its own result."""
    state = app_state.of(request)
    caller = await state.authenticator.authenticate(request, SCOPE)
    media_type = bodies.media_type(request, [bodies.NDJSON, bodies.JSON])
    body = await bodies.read(request, bodies.BATCH_LIMIT)
    async with state.bulk:
        rows = parsing.rows_of(body, media_type)
        await state.rate_limiter.check(caller, cost=len(rows))
        prepared = await orders.prepare_rows(state.db, rows, await state.context(caller))
        answers = await accept.accept_many(state.db, prepared.filings)
    state.bell.ring(ROUTE)
    return _json(bulk_filing.summary(bulk_filing.results(prepared, orders.told(answers))))


@router.get(
    "/orders/{order_no}",
    summary="Read one work order",
    responses=problems_of(_404="no order of this number in the region of the key"),
)
async def read_order(request: Request, order_no: str, caller: Hotline) -> Response:
    """Read how an order stands: its state in the hotline's words and in ours, its limits, and what the hotline was told.

    `number` is that of the complaint which the order made, `handled_as` of the case that answers it: another one since
    a merge. Persons are masked, those of a confidential order wholly.
    """
    state = app_state.of(request)
    region = orders.region_of(caller)
    reference, ring = await state.reference(), await state.keys.ring()
    return _json(await work_order.find(state.db, region, order_no, reference=reference, ring=ring))


class ChangesQuery(BaseModel):
    """Which part of the feed is read."""

    model_config = ConfigDict(extra="forbid")

    after: str | None = Field(
        default=None,
        max_length=cursors.LONGEST,
        description="`next` of the page before; none: from the beginning.",
    )
    limit: int = Field(default=100, ge=1, le=feeds.MOST)


@router.get("/changes", operation_id="readOrderChanges", summary="Pull what became of the region's orders")
async def changes(request: Request, query: Annotated[ChangesQuery, Query()], caller: Hotline) -> Response:
    """Pull the messages to the hotline of the key's region, oldest first, each once, without holes.

    Begin without `after`, then send `next` of the page before; any page may be read again. Each item is a CloudEvent,
    the same that is pushed to a registered address; `data.orders` names the orders that it concerns.
    """
    state = app_state.of(request)
    audience = outbox.audience(outbox.HOTLINE, orders.region_of(caller))
    ring = await state.keys.ring()
    return _json(await feeds.page(state.db, audience, after=query.after, limit=query.limit, ring=ring))


def _endpoint(verb: str) -> Callable[[Request], Awaitable[Response]]:
    act = verbs.VERBS[verb]

    async def _perform(request: Request) -> Response:
        state = app_state.of(request)
        caller = await caller_of(request)
        key = bodies.request_key(request)
        if key is None:
            raise RequestKeyMissingError(
                "Send the header `Idempotency-Key` (up to 255 visible ASCII characters, a new one for each step)."
            )
        bodies.media_type(request, [bodies.JSON])
        form = parsing.read_one(await bodies.read(request, bodies.SINGLE_LIMIT), act.form)
        call = Call(orders.region_of(caller), request.path_params["order_no"], verb, form, key)
        answered = await verbs.perform(
            state.db, call, KeyedContext(await state.reference(), await state.keys.ring())
        )
        state.bell.ring(ADMIT if verb == "supplement" else DELIVER)
        headers = {"Idempotent-Replayed": "true"} if answered.replayed else {}
        return Response(answered.receipt, headers=headers, media_type=bodies.JSON)

    _perform.__name__ = f"{verb}_order"
    _perform.__doc__ = (act.step.__doc__ or act.summary) + (
        "\n\nAnswers with how the order and its case now stand. Send the same again after any doubt, under the same key."
    )
    return _perform


for _verb, _act in verbs.VERBS.items():
    _writing.add_api_route(
        f"/orders/{{order_no}}/{_verb}",
        _endpoint(_verb),
        methods=["POST"],
        summary=_act.summary,
        responses=problems_of(
            _400="not JSON, or no Idempotency-Key",
            _404="no order of this number in the region of the key",
            _409="the order or its case stands so that this comes too late, or was done before",
            _422="faults of the form, or a key used twice",
        ),
        openapi_extra={
            "parameters": [_ORDER_NO, _KEY],
            "requestBody": body_of({"$ref": f"#/components/schemas/{_act.form.__name__}"}, bodies.JSON),
        },
    )


router.include_router(_writing)


def _json(content: object) -> Response:
    return Response(serialisation.to_bytes(content), media_type=bodies.JSON)
