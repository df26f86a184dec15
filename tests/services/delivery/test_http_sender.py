"""Sending one webhook: nothing of an answer is believed but its status, and no redirect is followed."""

from collections.abc import Callable
from typing import Any

from services.delivery.endpoints import NewSecret
from tests.receiver import Receiver, Reply
from tests.services.delivery.conftest import Case

Cases = Callable[[int], list[Case]]
Tell = Callable[..., None]
Register = Callable[..., NewSecret]
Deliver = Callable[..., int]
Rows = Callable[[], list[Any]]


def test_a_redirect_is_followed_by_nobody(
    cases: Cases, tell: Tell, receiver: Receiver, register: Register, deliver: Deliver, deliveries: Rows
) -> None:
    with Receiver() as inside:
        endpoint = register(receiver.url)
        tell(*cases(1), 2)
        receiver.answering = lambda _got: Reply(307, (("Location", inside.url),))
        deliver(endpoint, once=True)
        assert (len(receiver.got), inside.got) == (1, [])
        assert (deliveries()[0].state, deliveries()[0].last_status) == ("PENDING", 307)


def test_the_answer_s_body_is_neither_kept_nor_waited_for(
    cases: Cases, tell: Tell, receiver: Receiver, register: Register, deliver: Deliver, deliveries: Rows
) -> None:
    endpoint = register(receiver.url)
    tell(*cases(1), 2)
    receiver.answering = lambda _got: Reply(200, size=50_000_000)
    deliver(endpoint)
    assert deliveries()[0].state == "DELIVERED"
