"""A message as it goes out: one CloudEvent, the same bytes whenever it is sent, its words opened for its reader only."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from services.delivery import envelopes
from services.delivery.endpoints import NewSecret
from shared.privacy.keyring import KeyRing
from tests.receiver import Receiver
from tests.services.delivery.conftest import ZTO, Case

Cases = Callable[[int], list[Case]]
Tell = Callable[..., None]
Register = Callable[..., NewSecret]
Deliver = Callable[..., int]
Rows = Callable[[], list[Any]]


def test_a_message_is_one_signed_cloudevent(
    cases: Cases, tell: Tell, receiver: Receiver, register: Register, deliver: Deliver, deliveries: Rows
) -> None:
    endpoint = register(receiver.url)
    [case] = cases(1)
    tell(case, 7, instruction="请核实签收人。")
    assert deliver(endpoint) == 1
    [got] = receiver.got
    assert got.headers["content-type"] == "application/cloudevents+json"
    event = Webhook(endpoint.secret).verify(got.body, got.headers)
    assert event == {
        "specversion": "1.0",
        "id": f"{case.number}:{ZTO}:7",
        "source": "urn:shensu",
        "type": "case.follow_up",
        "subject": case.number,
        "time": event["time"],
        "sequence": "0000000007",
        "datacontenttype": "application/json",
        "data": {"number": case.number, "status": "FORWARDED", "texts": {"instruction": "请核实签收人。"}},
    }
    assert got.id == event["id"]
    with pytest.raises(WebhookVerificationError):
        Webhook(endpoint.secret).verify(got.body.replace(b"FORWARDED", b"CLOSED"), got.headers)
    [row] = deliveries()
    assert (row.state, row.attempts, row.last_status, row.lease_token) == ("DELIVERED", 1, 204, None)
    assert row.delivered_at is not None
    assert deliver(endpoint) == 0


def test_a_ping_is_about_nothing_and_each_is_its_own() -> None:
    first, second = (envelopes.as_object(envelopes.ping(ZTO)) for _ in range(2))
    assert (first["type"], first["data"], "subject" in first) == ("shensu.ping", {}, False)
    assert first["id"] != second["id"]
    assert first["id"].endswith(ZTO)


def test_the_same_entry_is_the_same_bytes_and_sorts_as_text(
    cases: Cases, tell: Tell, ask: Callable[..., list[Any]], ring: KeyRing
) -> None:
    [case] = cases(1)
    tell(case, 9, 10, instruction="请核实。")
    entries = ask("SELECT * FROM feed_entry ORDER BY seq")
    bodies = [envelopes.as_bytes(envelopes.event_of(entry, ring)) for entry in entries]
    assert bodies == [envelopes.as_bytes(envelopes.event_of(entry, ring)) for entry in entries]
    ninth, tenth = (envelopes.as_object(envelopes.event_of(entry, ring)) for entry in entries)
    assert ninth["sequence"] < tenth["sequence"]
    assert ninth["time"].utcoffset() == timedelta(hours=8)
    # what is stored of it is not changed by being shown
    assert "words" not in entries[0].data
