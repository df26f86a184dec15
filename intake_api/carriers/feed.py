"""What carriers are told of their cases: the feed, one case, acknowledgements, and the log of what was sent to them.

What they send back stands in `intake_api.carriers.inbound`.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from intake_api.http import app_state, bodies
from intake_api.http.describing import body_of, problems_of
from services.access.clients import Caller
from services.access.scopes import Scope
from services.carriers import acknowledgement
from services.carriers.stored_replies import author
from services.cases.changes import KeyedContext
from services.casework.forms import Number
from services.delivery import delivery_log, feeds
from services.delivery.delivery_log import DeliveryCriteria, Replay
from services.delivery.dispatch import DELIVER
from services.requests import cursors, parsing
from services.views import carrier_case
from shared import serialisation

router = APIRouter(prefix="/v1/carrier", tags=["carrier"])
EXCHANGE = Scope.CARRIER_EXCHANGE


async def carrier(request: Request) -> Caller:
    """Return the caller, whose key belongs to an enterprise."""
    state = app_state.of(request)
    caller = await state.authenticator.authenticate(request, EXCHANGE)
    await state.rate_limiter.check(caller)
    return caller


Carrier = Annotated[Caller, Depends(carrier)]


class FeedQuery(BaseModel):
    """Which part of the feed is read."""

    model_config = ConfigDict(extra="forbid")

    after: str | None = Field(
        default=None,
        max_length=cursors.LONGEST,
        description="`next` of the answer before; none: from the beginning.",
    )
    limit: int = Field(default=100, ge=1, le=feeds.MOST)


class LogQuery(BaseModel):
    """Which deliveries a page shows."""

    model_config = ConfigDict(extra="forbid")

    state: delivery_log.State | None = None
    number: Number | None = Field(default=None, description="Only those about this case.")
    after: str | None = Field(
        default=None, max_length=cursors.LONGEST, description="`next` of the page before."
    )
    limit: int = Field(default=50, ge=1, le=200)


@router.get(
    "/cases",
    summary="Read the feed of one's cases",
    responses=problems_of(
        _401="no valid key", _403="not a carrier's key", _422="a cursor that names no entry"
    ),
)
async def read_feed(request: Request, query: Annotated[FeedQuery, Query()], caller: Carrier) -> Response:
    """Read what happened to the enterprise's cases, oldest first, as CloudEvents without personal data.

    Keep `next` and ask again with it as `after`, for ever: nothing is left out and nothing comes twice. Any cursor may be
    used again. What is also sent as a webhook has the same id here.
    """
    state = app_state.of(request)
    audience = acknowledgement.audience_of(caller)
    ring = await state.keys.ring()
    return _json(await feeds.page(state.db, audience, after=query.after, limit=query.limit, ring=ring))


@router.get(
    "/cases/{number}",
    operation_id="readCarrierCase",
    summary="Read one of one's cases",
    responses=problems_of(
        _401="no valid key", _403="not a carrier's key", _404="no case that was forwarded to the caller"
    ),
)
async def read_case(request: Request, number: str, caller: Carrier) -> Response:
    """Read one case with what is needed to act: item, persons, matter, limits, what the bureau said, one's own replies.

    Persons are not masked, and each reading is recorded; of a confidential case no person is shown.
    """
    state = app_state.of(request)
    return _json(await carrier_case.find(state.db, number, caller=caller, ring=await state.keys.ring()))


@router.post(
    "/cases/{number}/acknowledge",
    summary="Acknowledge a case",
    responses=problems_of(
        _401="no valid key",
        _403="not a carrier's key",
        _404="no case that was forwarded to the caller",
        _409="the case ended before it was acknowledged",
    ),
)
async def acknowledge_case(request: Request, number: str, caller: Carrier) -> Response:
    """Say that the enterprise has the case, or what was sent back to it. Again, it changes nothing. No body is read."""
    state = app_state.of(request)
    context = KeyedContext(await state.reference(), await state.keys.ring())
    return _json(await acknowledgement.acknowledge(state.db, number, caller=caller, context=context))


@router.get(
    "/deliveries",
    summary="List what was sent",
    responses=problems_of(
        _401="no valid key", _403="not a carrier's key", _422="a cursor that cannot be read"
    ),
)
async def list_deliveries(request: Request, query: Annotated[LogQuery, Query()], caller: Carrier) -> Response:
    """List the webhooks to the enterprise, newest first: state, attempts, the last answer, and when the next try is."""
    criteria = DeliveryCriteria(**query.model_dump())
    audience = acknowledgement.audience_of(caller)
    return _json(await delivery_log.page(app_state.of(request).db, audience, criteria))


@router.post(
    "/deliveries/replay",
    summary="Have webhooks sent again",
    responses=problems_of(
        _400="not JSON",
        _401="no valid key",
        _403="not a carrier's key",
        _422="faults of the form: ids or a moment",
    ),
    openapi_extra={"requestBody": body_of({"$ref": "#/components/schemas/Replay"}, bodies.JSON)},
)
async def replay_deliveries(request: Request, caller: Carrier) -> Response:
    """Have deliveries sent again under their ids: some by id, dead or delivered, or all that died since a moment."""
    state = app_state.of(request)
    bodies.media_type(request, [bodies.JSON])
    form = parsing.read_one(await bodies.read(request, bodies.SINGLE_LIMIT), Replay)
    audience = acknowledgement.audience_of(caller)
    actor = f"{author(audience.partition(':')[2])}/{caller.name}"
    again = await delivery_log.replay_as_asked(state.db, audience, form, actor=actor)
    state.bell.ring(DELIVER)
    return _json({"again": again})


def _json(content: object) -> Response:
    return Response(serialisation.to_bytes(content), media_type=bodies.JSON)
