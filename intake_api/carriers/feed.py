"""What carriers read of their cases: the feed, one case, acknowledgements, and the log of what was sent to them.

What they send back stands in `intake_api.carriers.inbound`.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from intake_api.carriers import describing, examples
from intake_api.carriers.dependencies import CarrierCaller
from intake_api.http.dependencies import CaseNumber, Context, State, form_of
from intake_api.http.describing import answers, form_body
from intake_api.refusals import FORM, OF_CASE
from services.carriers import acknowledgement
from services.carriers.acknowledgement import Acknowledgement
from services.carriers.stored_replies import author
from services.casework.forms import Number
from services.delivery import delivery_log, feeds
from services.delivery.delivery_log import DeliveryCriteria, DeliveryPage, Replay
from services.delivery.dispatch import DELIVER
from services.delivery.feeds import FeedPage
from services.requests import cursors
from services.views import carrier_case
from services.views.carrier_case import CarrierCase

router = APIRouter(prefix="/v1/carrier", tags=["carrier"])


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

    state: delivery_log.DeliveryState | None = None
    number: Number | None = Field(default=None, description="Only those about this case.")
    after: str | None = Field(
        default=None, max_length=cursors.LONGEST, description="`next` of the page before."
    )
    limit: int = Field(default=50, ge=1, le=200)


class Replayed(TypedDict):
    """How many deliveries are sent again."""

    replayed: int


@router.get(
    "/cases",
    summary="Read the feed of the enterprise's cases",
    responses=answers(describing.FEED, examples.FEED),
)
async def read_feed(query: Annotated[FeedQuery, Query()], caller: CarrierCaller, state: State) -> FeedPage:
    """Read what happened to the enterprise's cases, oldest first, as CloudEvents without personal data.

    Keep `next` and ask again with it as `after`, for ever: nothing is left out and nothing comes twice. Any cursor may be
    used again. A message that is also sent as a webhook has the same id here.
    """
    audience = acknowledgement.audience_of(caller)
    ring = await state.keys.ring()
    return await feeds.page(state.db, audience, after=query.after, limit=query.limit, ring=ring)


@router.get(
    "/cases/{number}",
    operation_id="readCarrierCase",
    summary="Read one case of the enterprise",
    responses=answers(OF_CASE, examples.CASE),
)
async def read_case(number: CaseNumber, caller: CarrierCaller, state: State) -> CarrierCase:
    """Read one case with what is needed to act: item, persons, subject, deadlines, messages of the bureau, own replies.

    Persons are not masked, and each reading is recorded; of a confidential case no person is shown.
    """
    return await carrier_case.find(state.db, number, caller=caller, ring=await state.keys.ring())


@router.post(
    "/cases/{number}/acknowledge",
    summary="Acknowledge a case",
    responses=answers(describing.ACKNOWLEDGING, examples.ACKNOWLEDGEMENT),
)
async def acknowledge_case(
    number: CaseNumber, caller: CarrierCaller, state: State, context: Context
) -> Acknowledgement:
    """Say that the enterprise has the case, or what was sent back to it. Again, it changes nothing. No body is read."""
    return await acknowledgement.acknowledge(state.db, number, caller=caller, context=context)


@router.get(
    "/deliveries",
    summary="List what was sent",
    responses=answers(describing.FEED, examples.DELIVERIES),
)
async def list_deliveries(
    query: Annotated[LogQuery, Query()], caller: CarrierCaller, state: State
) -> DeliveryPage:
    """List the webhooks to the enterprise, newest first: state, attempts, the last answer, and when the next try is."""
    audience = acknowledgement.audience_of(caller)
    return await delivery_log.page(state.db, audience, DeliveryCriteria(**query.model_dump()))


@router.post(
    "/deliveries/replay",
    summary="Send webhooks again",
    responses=answers(FORM, examples.REPLAYED),
    openapi_extra={"requestBody": form_body(Replay, examples.REPLAY)},
)
async def replay_deliveries(
    caller: CarrierCaller, state: State, form: Annotated[Replay, Depends(form_of(Replay))]
) -> Replayed:
    """Send deliveries again under their ids: some by id, dead or delivered, or all that became dead since a moment."""
    audience = acknowledgement.audience_of(caller)
    actor = f"{author(acknowledgement.carrier_of(caller))}/{caller.name}"
    replayed = await delivery_log.replay_selected(state.db, audience, form, actor=actor)
    state.bell.ring(DELIVER)
    return {"replayed": replayed}
