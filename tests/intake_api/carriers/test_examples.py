"""The examples of carriers are true: forms take the requests, and the types of answers take the others, to the last word."""

import json
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter

from intake_api.carriers import examples
from intake_api.carriers.feed import Replayed
from intake_api.carriers.inbound import StoredReplies
from services.carriers.acknowledgement import Acknowledgement
from services.carriers.forms import PushedScan, Reply
from services.carriers.replies import ReplyReceipt
from services.carriers.tracking import ScanResult, ScanResults
from services.delivery.delivery_log import DeliveryPage, Replay
from services.delivery.feeds import FeedPage
from services.views.carrier_case import CarrierCase

FORMS: list[tuple[dict[str, Any], type[BaseModel]]] = [
    (examples.REPLY, Reply),
    (examples.SCAN, PushedScan),
    (examples.REPLAY, Replay),
]
ANSWERS: list[tuple[dict[str, Any], Any]] = [
    (examples.FEED, FeedPage),
    (examples.CASE, CarrierCase),
    (examples.ACKNOWLEDGEMENT, Acknowledgement),
    (examples.DELIVERIES, DeliveryPage),
    (examples.REPLAYED, Replayed),
    (examples.REPLIES, StoredReplies),
    (examples.RECEIPT, ReplyReceipt),
    (examples.INCOMPLETE, ReplyReceipt),
    (examples.SCAN_RESULT, ScanResult),
    (examples.SCAN_RESULTS, ScanResults),
]


@pytest.mark.parametrize(("example", "form"), FORMS, ids=lambda value: getattr(value, "__name__", ""))
def test_a_form_takes_its_example(example: dict[str, Any], form: type[BaseModel]) -> None:
    assert form.model_validate_json(json.dumps(example))


@pytest.mark.parametrize(("example", "answer"), ANSWERS, ids=lambda value: getattr(value, "__name__", ""))
def test_an_example_is_an_answer(example: dict[str, Any], answer: Any) -> None:
    adapter = TypeAdapter(answer)
    assert json.loads(adapter.dump_json(adapter.validate_python(example))) == example
