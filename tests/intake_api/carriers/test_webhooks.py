"""Webhooks to carriers over real HTTP: what the feed says, signed, with a log of what was sent; and sent again."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from standardwebhooks import Webhook

from tests.intake_api.carrying import Carrier, forward
from tests.problems import assert_problem
from tests.receiver import Receiver, Reply
from tests.running import Stack, wait_for

Filing = Callable[..., dict[str, Any]]
Forwarded = Callable[..., str]


@pytest.fixture
def forwarded(stack: Stack, filing: Filing) -> Forwarded:
    """Return a function that files a complaint and waits until its enterprise has it; returns its number."""
    return lambda **changes: forward(stack, filing(**changes))


@pytest.fixture
def zto(stack: Stack) -> Carrier:
    """Return the carrier that complaints are about where nothing else is said."""
    return Carrier(stack, "carrier-zto")


@pytest.fixture
def yto(stack: Stack) -> Carrier:
    """Return another carrier."""
    return Carrier(stack, "carrier-yto")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Return a receiver that listens and takes everything."""
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def secret(stack: Stack, receiver: Receiver) -> Iterator[str]:
    """Register the receiver for YTO, for one test; return its secret."""
    with stack.registered("carrier:YTO", receiver.url) as endpoint:
        yield endpoint


def _log(yto: Carrier, number: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = yto.get("/deliveries", number=number).json()["items"]
    return items


def test_a_webhook_says_what_the_feed_says_and_stands_in_the_log(
    forwarded: Forwarded, zto: Carrier, yto: Carrier, receiver: Receiver, secret: str
) -> None:
    number = forwarded(carrier_code="YTO")
    wait_for(lambda: receiver.got or None, "the webhook came")
    event = Webhook(secret).verify(receiver.got[0].body, receiver.got[0].headers)
    pulled, _ = yto.pull()
    assert event in pulled
    done = wait_for(
        lambda: [delivery for delivery in _log(yto, number) if delivery["state"] == "DELIVERED"] or None,
        "logged",
    )
    assert (done[0]["message"], done[0]["last_status"], done[0]["attempts"]) == (event["id"], 204, 1)
    assert zto.get("/deliveries").json()["items"] == []
    assert len(yto.get("/deliveries", state="DELIVERED", limit=1).json()["items"]) == 1


def test_what_died_or_was_lost_is_sent_again_under_its_id(
    forwarded: Forwarded, zto: Carrier, yto: Carrier, receiver: Receiver, secret: str, stack: Stack
) -> None:
    assert secret
    receiver.answering = lambda _got: Reply(422)
    number = forwarded(carrier_code="YTO")
    wait_for(lambda: receiver.got or None, "the webhook came")
    wait_for(
        lambda: [delivery for delivery in _log(yto, number) if delivery["attempts"]] or None,
        "its refusal is recorded",
    )
    stack.query("UPDATE delivery SET state = 'DEAD' RETURNING 1")
    [dead] = _log(yto, number)
    assert (dead["state"], dead["last_status"], dead["next_try_at"]) == ("DEAD", 422, None)
    receiver.answering = lambda _got: Reply()
    since = {"dead_since": "2020-01-01T00:00:00+08:00"}
    # another carrier has nothing of it sent again
    assert zto.post("/deliveries/replay", since).json() == {"replayed": 0}
    assert zto.post("/deliveries/replay", {"ids": [dead["id"]]}).json() == {"replayed": 0}
    assert yto.post("/deliveries/replay", since).json() == {"replayed": 1}
    wait_for(lambda: _log(yto, number)[0]["state"] == "DELIVERED" or None, "delivered")
    assert yto.post("/deliveries/replay", {"ids": [dead["id"]]}).json() == {"replayed": 1}
    wait_for(lambda: len(receiver.got) == 3 or None, "delivered once more")
    assert len({got.id for got in receiver.got}) == 1


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"ids": []},
        {"ids": ["01a20e05-6b0d-7d8d-9a13-6d0b8aa16b79"], "dead_since": "2020-01-01T00:00:00+08:00"},
        {"ids": ["x"]},
    ],
)
def test_a_replay_names_what_is_meant(form: dict[str, Any], zto: Carrier) -> None:
    assert_problem(zto.post("/deliveries/replay", form), 422)


def test_the_log_is_turned_page_by_page(forwarded: Forwarded, yto: Carrier, secret: str) -> None:
    assert secret
    numbers = [forwarded(carrier_code="YTO") for _ in range(3)]
    first = yto.get("/deliveries", limit=2).json()
    second = yto.get("/deliveries", limit=2, after=first["next"]).json()
    assert [entry["number"] for entry in first["items"] + second["items"]] == numbers[::-1]
    assert second["next"] is None
    assert_problem(yto.get("/deliveries", after="x"), 422, "invalid-cursor")
