"""The examples of hotlines are true: forms take the requests, and the types of answers take the others, to the last word."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter

from intake_api.hotlines import examples
from intake_api.hotlines.orders import OrderBatch
from services.delivery.feeds import FeedPage
from services.hotline.answers import OrderReceipt, OrderStepAnswer
from services.hotline.forms import WorkOrder
from services.hotline.verbs import VERBS
from services.views.work_order import WorkOrderView
from tests.intake_api.ordering import ORDERS, hangzhou, order, send

__all__ = ["hangzhou", "send"]

ANSWERS: list[tuple[dict[str, Any], Any]] = [
    (examples.RECEIPT, OrderReceipt),
    (examples.BATCH, OrderBatch),
    (examples.STEP, OrderStepAnswer),
    (examples.READ, WorkOrderView),
    (examples.CHANGES, FeedPage),
]


def _assert_whole(answer: Any, kind: Any) -> None:
    adapter = TypeAdapter(kind)
    assert json.loads(adapter.dump_json(adapter.validate_python(answer))) == answer


def test_forms_take_their_examples() -> None:
    assert WorkOrder.model_validate_json(json.dumps(examples.ORDER))
    assert examples.FORMS.keys() == VERBS.keys()
    for verb, example in examples.FORMS.items():
        assert VERBS[verb].form.model_validate_json(json.dumps(example))


@pytest.mark.parametrize(("example", "kind"), ANSWERS, ids=lambda value: getattr(value, "__name__", ""))
def test_an_example_is_an_answer(example: dict[str, Any], kind: Any) -> None:
    _assert_whole(example, kind)


def test_what_is_answered_as_it_was_stored_has_its_type(send: Callable[..., httpx.Response]) -> None:
    sent = order()
    _assert_whole(send(ORDERS, sent).json(), OrderReceipt)
    step = send(f"{ORDERS}/{sent['order_no']}/urge", {}, idempotency_key="urge-1")
    _assert_whole(step.json(), OrderStepAnswer)
