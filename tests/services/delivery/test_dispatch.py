"""Deliveries: each message once and in order for its case, whatever the receiver does; and what each answer leads to."""

from collections import deque
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.delivery.endpoints import NewSecret
from services.delivery.retries import ATTEMPTS, REFUSALS, WAITS
from tests.receiver import Receiver, Reply
from tests.services.delivery.conftest import ZTO, Case

Cases = Callable[[int], list[Case]]
Tell = Callable[..., None]
Register = Callable[..., NewSecret]
Deliver = Callable[..., int]
Rows = Callable[[], list[Any]]
Ask = Callable[..., list[Any]]
SECOND = timedelta(seconds=1)


def test_a_case_s_messages_go_in_order_one_after_the_other(
    cases: Cases, tell: Tell, receiver: Receiver, register: Register, deliver: Deliver
) -> None:
    endpoint = register(receiver.url)
    first, second = cases(2)
    # written out of order, and many at once
    tell(first, 5, 3, 4)
    tell(second, 2)
    assert deliver(endpoint, once=True) == 2
    assert sorted(got.event["sequence"][-1] for got in receiver.got) == ["2", "3"]
    deliver(endpoint)
    assert receiver.by_case()[first.number] == ["0000000003", "0000000004", "0000000005"]


def test_a_failed_message_keeps_the_later_ones_of_its_case_waiting_and_no_others(
    cases: Cases,
    tell: Tell,
    receiver: Receiver,
    register: Register,
    deliver: Deliver,
    ask: Ask,
    deliveries: Rows,
) -> None:
    endpoint = register(receiver.url)
    first, second = cases(2)
    tell(first, 2, 3)
    tell(second, 2)
    receiver.answering = lambda got: Reply(500 if got.event["subject"] == first.number else 204)
    deliver(endpoint)
    states = {(row.complaint_id, row.seq): row for row in deliveries()}
    failed, waiting = states[first.id, 2], states[first.id, 3]
    assert (failed.state, failed.attempts, failed.last_status) == ("PENDING", 1, 500)
    assert 4 * SECOND < failed.wait <= 6 * SECOND + SECOND / 10
    assert (waiting.state, waiting.attempts) == ("PENDING", 0)
    assert states[second.id, 2].state == "DELIVERED"
    # the same bytes under the same id, signed for another moment
    receiver.answering = lambda _got: Reply()
    ask("UPDATE delivery SET next_at = clock_timestamp()")
    deliver(endpoint)
    tries = [got for got in receiver.got if got.event["subject"] == first.number]
    assert [got.event["sequence"][-1] for got in tries] == ["2", "2", "3"]
    assert tries[0].body == tries[1].body
    assert tries[0].id == tries[1].id


def test_after_the_last_attempt_a_message_is_dead_and_the_next_one_of_its_case_goes(
    cases: Cases,
    tell: Tell,
    receiver: Receiver,
    register: Register,
    deliver: Deliver,
    ask: Ask,
    deliveries: Rows,
) -> None:
    endpoint = register(receiver.url)
    [case] = cases(1)
    tell(case, 2, 3)
    receiver.answering = lambda got: Reply(500 if got.event["sequence"].endswith("2") else 204)
    for attempt in range(1, ATTEMPTS + 1):
        ask("UPDATE delivery SET next_at = clock_timestamp() WHERE seq = 2")
        ask("UPDATE endpoint SET failures = 0, open_until = NULL")
        deliver(endpoint, once=True)
        row = deliveries()[0]
        assert row.attempts == attempt
        if attempt < ATTEMPTS:
            assert WAITS[attempt] - SECOND < row.wait < WAITS[attempt] * 1.21
    assert row.state == "DEAD"
    deliver(endpoint)
    assert [delivery.state for delivery in deliveries()] == ["DEAD", "DELIVERED"]


def test_what_is_refused_for_good_is_tried_a_few_times_only(
    cases: Cases,
    tell: Tell,
    receiver: Receiver,
    register: Register,
    deliver: Deliver,
    ask: Ask,
    deliveries: Rows,
) -> None:
    endpoint = register(receiver.url)
    tell(*cases(1), 2)
    receiver.answering = lambda _got: Reply(422)
    for _ in range(REFUSALS):
        assert deliveries()[0].state == "PENDING"
        ask("UPDATE delivery SET next_at = clock_timestamp()")
        deliver(endpoint, once=True)
    assert (deliveries()[0].state, deliveries()[0].attempts) == ("DEAD", REFUSALS)


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 503, 301, 302, 304])
def test_what_may_change_is_tried_for_three_days(
    status: int,
    cases: Cases,
    tell: Tell,
    receiver: Receiver,
    register: Register,
    deliver: Deliver,
    ask: Ask,
    deliveries: Rows,
) -> None:
    endpoint = register(receiver.url)
    tell(*cases(1), 2)
    ask("UPDATE delivery SET attempts = :made", made=ATTEMPTS - 2)
    receiver.answering = lambda _got: Reply(status)
    deliver(endpoint, once=True)
    [row] = deliveries()
    assert (row.state, row.attempts) == ("PENDING", ATTEMPTS - 1)


@pytest.mark.parametrize(
    ("wish", "waits"),
    [("120", 120), ("99999999999999", 86_400), ("Wed, 21 Oct 2015 07:28:00 GMT", 5), ("soon", 5), ("-5", 5)],
)
def test_the_time_that_a_receiver_asks_for_is_given_but_no_more_than_a_day(
    wish: str,
    waits: int,
    cases: Cases,
    tell: Tell,
    receiver: Receiver,
    register: Register,
    deliver: Deliver,
    deliveries: Rows,
) -> None:
    endpoint = register(receiver.url)
    tell(*cases(1), 2)
    receiver.answering = lambda _got: Reply(500, (("Retry-After", wish),))
    deliver(endpoint, once=True)
    assert (waits - 1) * SECOND < deliveries()[0].wait < (waits * 1.2 + 1) * SECOND


def test_a_receiver_that_asks_for_rest_is_left_alone_with_everything(
    cases: Cases,
    tell: Tell,
    receiver: Receiver,
    register: Register,
    deliver: Deliver,
    endpoint_row: Callable[[], Any],
    ask: Ask,
    deliveries: Rows,
) -> None:
    endpoint = register(receiver.url)
    first, second = cases(2)
    tell(first, 2)
    receiver.answering = lambda _got: Reply(429, (("Retry-After", "600"),))
    deliver(endpoint, once=True)
    assert 599 * SECOND < endpoint_row().pause <= 600 * SECOND
    tell(second, 2)
    assert deliver(endpoint) == 0
    receiver.answering = lambda _got: Reply()
    ask("UPDATE endpoint SET open_until = clock_timestamp()")
    assert deliver(endpoint) == 2
    assert {row.state for row in deliveries()} == {"DELIVERED"}
    assert endpoint_row().open_until is None


def test_a_receiver_that_is_gone_gets_no_more_messages_and_nothing_is_lost(
    cases: Cases,
    tell: Tell,
    receiver: Receiver,
    register: Register,
    deliver: Deliver,
    endpoint_row: Callable[[], Any],
    ask: Ask,
    deliveries: Rows,
) -> None:
    endpoint = register(receiver.url)
    tell(*cases(1), 2, 3)
    receiver.answering = lambda _got: Reply(410)
    deliver(endpoint)
    assert len(receiver.got) == 1
    row = endpoint_row()
    assert (row.state, row.disabled_reason) == ("DISABLED", "the receiver answered 410 Gone")
    assert [(delivery.state, delivery.attempts) for delivery in deliveries()] == [
        ("PENDING", 0),
        ("PENDING", 0),
    ]
    [entry] = ask("SELECT actor, subject FROM audit_entry WHERE act = 'endpoint.disable'")
    assert tuple(entry) == ("routing_worker", ZTO)


def test_what_cannot_be_opened_harms_no_other(
    cases: Cases,
    tell: Tell,
    receiver: Receiver,
    register: Register,
    deliver: Deliver,
    ask: Ask,
    deliveries: Rows,
) -> None:
    endpoint = register(receiver.url)
    broken, sound = cases(2)
    tell(broken, 2, note="甲")
    tell(sound, 2, note="乙")
    ask("UPDATE feed_entry SET sealed = '\\x00' WHERE complaint_id = :id", id=broken.id)
    deliver(endpoint, once=True)
    states = {row.complaint_id: (row.state, row.attempts, row.last_error) for row in deliveries()}
    assert states == {
        broken.id: ("PENDING", 1, "the message cannot be read"),
        sound.id: ("DELIVERED", 1, None),
    }


def test_no_word_of_a_person_stands_in_the_table_of_deliveries(
    cases: Cases, tell: Tell, receiver: Receiver, register: Register, deliver: Deliver, ask: Ask
) -> None:
    endpoint = register(receiver.url)
    tell(*cases(1), 2, note="王小明住在文三路")
    receiver.answering = lambda got: Reply(400, (("Retry-After", got.body.hex()),), size=10)
    deliver(endpoint, once=True)
    rows = ask("SELECT delivery::text AS d FROM delivery UNION ALL SELECT feed_entry::text FROM feed_entry")
    assert not any("王小明" in row.d for row in rows)
    # what a receiver answers may hold anything: nothing of it is kept
    assert deque(receiver.got, maxlen=1)[0].body.hex()[:20] not in str(rows)
