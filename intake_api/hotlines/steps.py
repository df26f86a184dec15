"""The steps of a hotline with an order of its own, one operation each: each is done once for its key."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from intake_api.hotlines import describing, examples
from intake_api.hotlines.dependencies import Hotline, OrderNumber
from intake_api.http import bodies
from intake_api.http.dependencies import Context, RequestKey, State, form_of
from intake_api.http.describing import REPLAYED, answers, form_body
from services.delivery.dispatch import DELIVER
from services.hotline import orders, verbs
from services.hotline.answers import OrderStepAnswer
from services.hotline.verbs import Call, OrderVerbSpec
from services.tasks.queue import ADMIT

router = APIRouter(prefix="/v1/hotline/orders", tags=["hotline"])
_IDS = {"extension": "decideOrderExtension"}
_REPEATING = "Answers with the state of the order and its case. Send the same again after any doubt, under the same key."


def _endpoint(verb: str, spec: OrderVerbSpec) -> Callable[..., Awaitable[Response]]:
    async def _perform(
        order_no: OrderNumber,
        caller: Hotline,
        state: State,
        key: RequestKey,
        form: Annotated[Any, Depends(form_of(spec.form))],
        context: Context,
    ) -> Response:
        call = Call(orders.region_of(caller), order_no, verb, form, key)
        stored = await verbs.perform(state.db, call, context)
        state.bell.ring(ADMIT if verb == "supplement" else DELIVER)
        headers = {"Idempotent-Replayed": "true"} if stored.replayed else {}
        # the stored bytes, so that a repetition gets them as they were
        return Response(stored.receipt, headers=headers, media_type=bodies.JSON)

    return _perform


for _verb, _spec in verbs.VERBS.items():
    router.add_api_route(
        f"/{{order_no}}/{_verb}",
        _endpoint(_verb, _spec),
        methods=["POST"],
        operation_id=_IDS.get(_verb, f"{_verb}Order"),
        response_model=OrderStepAnswer,
        summary=_spec.summary,
        description=f"{_spec.step.__doc__}\n\n{_REPEATING}",
        responses=answers(describing.step(_verb), examples.STEP, headers=REPLAYED),
        openapi_extra={
            "parameters": [describing.KEY],
            "requestBody": form_body(_spec.form, examples.FORMS[_verb]),
        },
    )
