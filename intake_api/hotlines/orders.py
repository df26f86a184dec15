"""The 12345 hotlines by REST: work orders in, how they stand, and the feed of what became of them."""

from typing import Annotated, Any, NotRequired

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from intake_api.hotlines import describing, examples
from intake_api.hotlines.dependencies import EXCHANGE, Hotline, OrderNumber, UncountedHotline
from intake_api.http import app_state, bodies
from intake_api.http.dependencies import BatchBody, State, security_of
from intake_api.http.describing import REPLAYED, answers, form_body, lines_body
from intake_api.http.raw import RawRoute
from services.cases import outbox
from services.delivery import feeds
from services.delivery.feeds import FeedPage
from services.hotline import orders
from services.hotline.answers import OrderReceipt
from services.hotline.forms import WorkOrder
from services.intake import accept, bulk_filing
from services.requests import cursors, parsing
from services.tasks.queue import ROUTE
from services.views import work_order
from services.views.work_order import WorkOrderView
from shared import serialisation

router = APIRouter(prefix="/v1/hotline", tags=["hotline"])
_raw = APIRouter(route_class=RawRoute)


class OrderResult(TypedDict):
    """What became of one order: 201 stored, 200 stored before, each with its receipt; else the problem."""

    row: int
    status: int
    receipt: NotRequired[OrderReceipt]
    problem: NotRequired[dict[str, Any]]


class OrderBatch(TypedDict):
    """How many orders were stored, stored before and refused, and what became of each."""

    stored: int
    stored_before: int
    refused: int
    results: list[OrderResult]


class ChangesQuery(BaseModel):
    """Which part of the feed is read."""

    model_config = ConfigDict(extra="forbid")

    after: str | None = Field(
        default=None,
        max_length=cursors.LONGEST,
        description="`next` of the page before; none: from the beginning.",
    )
    limit: int = Field(default=100, ge=1, le=feeds.MOST)


@_raw.post(
    "/orders",
    status_code=201,
    response_model=OrderReceipt,
    summary="Hand over one work order (派单)",
    responses=answers(describing.TAKING, examples.RECEIPT, status=201, headers=REPLAYED),
    openapi_extra=security_of(EXCHANGE) | {"requestBody": form_body(WorkOrder, examples.ORDER)},
)
async def take_order(request: Request) -> Response:
    """Hand over one work order of the key's region. It is known by its region and number.

    The same order again, by whichever client of the region, gets the first answer byte for byte, marked by the header
    `Idempotent-Replayed: true`. The receipt names our number, the deadlines of the hotline and those of the law.
    """
    state = app_state.of(request)
    caller = await state.authenticator.authenticate(request, EXCHANGE)
    await state.rate_limiter.check(caller)
    bodies.media_type(request, [bodies.JSON])
    order = parsing.read_one(await bodies.read(request, bodies.SINGLE_LIMIT), WorkOrder)
    accepted = await orders.take(state.db, order, await state.context(caller), state.group_commit.accept)
    headers = {"Location": f"/v1/hotline/orders/{order.order_no}"}
    if accepted.replayed:
        headers["Idempotent-Replayed"] = "true"
    return Response(accepted.receipt, 201, headers, bodies.JSON)


@router.post(
    "/orders/batch",
    response_model=OrderBatch,
    summary="Hand over up to 1,000 work orders",
    responses=answers(describing.BATCH, examples.BATCH),
    openapi_extra={"requestBody": lines_body(WorkOrder, examples.ORDER)},
)
async def take_orders(caller: UncountedHotline, state: State, batch: BatchBody) -> Response:
    """Hand over a batch, as NDJSON (one order a line) or as a JSON array. Every row gets its own result."""
    async with state.bulk:
        rows = parsing.rows_of(batch.body, batch.media_type)
        await state.rate_limiter.check(caller, cost=len(rows))
        prepared = await orders.prepare_rows(state.db, rows, await state.context(caller))
        outcomes = await accept.accept_many(state.db, prepared.filings)
    state.bell.ring(ROUTE)
    summary = bulk_filing.summary(bulk_filing.results(prepared, orders.answers_of_orders(outcomes)))
    # receipts that were written a moment ago are not validated again
    return Response(serialisation.to_bytes(summary), media_type=bodies.JSON)


@router.get(
    "/orders/{order_no}",
    summary="Read one work order",
    responses=answers(describing.OF_ORDER, examples.READ),
)
async def read_order(order_no: OrderNumber, caller: Hotline, state: State) -> WorkOrderView:
    """Read how an order stands: its state in the hotline's words and in ours, its deadlines, the messages to the hotline.

    `number` is that of the complaint which the order made, `handled_as` of the case that answers it: another one since
    a merge. Persons are masked, those of a confidential order wholly.
    """
    region = orders.region_of(caller)
    reference, ring = await state.reference(), await state.keys.ring()
    return await work_order.find(state.db, region, order_no, reference=reference, ring=ring)


@router.get(
    "/changes",
    operation_id="readOrderChanges",
    summary="Pull what became of the region's orders",
    responses=answers(describing.CHANGES, examples.CHANGES),
)
async def changes(query: Annotated[ChangesQuery, Query()], caller: Hotline, state: State) -> FeedPage:
    """Pull the messages to the hotline of the key's region, oldest first, each once, without holes.

    Begin without `after`, then send `next` of the page before; any page may be read again. Each item is a CloudEvent,
    the same that is pushed to a registered address; `data.orders` names the orders that it concerns.
    """
    audience = outbox.audience(outbox.HOTLINE, orders.region_of(caller))
    ring = await state.keys.ring()
    return await feeds.page(state.db, audience, after=query.after, limit=query.limit, ring=ring)


router.include_router(_raw)
