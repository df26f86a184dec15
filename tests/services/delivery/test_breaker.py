"""A recipient that fails is left alone but for a probe; when it answers again it gets everything, soon and in order."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from services.delivery import endpoints
from services.delivery.endpoints import NewSecret
from services.delivery.retries import OPENS_AFTER
from shared.database import Database
from tests.receiver import Receiver, Reply
from tests.services.delivery.conftest import ZTO, Case, Run

Cases = Callable[[int], list[Case]]
Tell = Callable[..., None]
Register = Callable[..., NewSecret]
Deliver = Callable[..., int]
Rows = Callable[[], list[Any]]
Ask = Callable[..., list[Any]]
Row = Callable[[], Any]
SECOND = timedelta(seconds=1)
_PROBE_DUE = "UPDATE endpoint SET open_until = clock_timestamp() WHERE open_until IS NOT NULL"


def test_after_five_failures_in_a_row_nothing_more_is_tried_and_nothing_counts_against_what_waits(
    cases: Cases, tell: Tell, register: Register, deliver: Deliver, deliveries: Rows, endpoint_row: Row
) -> None:
    with Receiver() as receiver:
        endpoint = register(receiver.url)
    for case in cases(40):
        tell(case, 2)
    deliver(endpoint)
    tried = [row for row in deliveries() if row.attempts]
    # what was under way when the fifth one failed, and no more
    assert OPENS_AFTER <= len(tried) <= OPENS_AFTER + 16
    assert {row.last_error for row in tried} == {"no connection"}
    assert {row.state for row in deliveries()} == {"PENDING"}
    assert (endpoint_row().failures, 29 * SECOND < endpoint_row().pause <= 30 * SECOND) == (OPENS_AFTER, True)
    assert deliver(endpoint) == 0


def test_one_probe_at_a_time_at_growing_distances(
    cases: Cases,
    tell: Tell,
    register: Register,
    deliver: Deliver,
    deliveries: Rows,
    endpoint_row: Row,
    ask: Ask,
) -> None:
    with Receiver() as receiver:
        endpoint = register(receiver.url)
    for case in cases(8):
        tell(case, 2, 3)
    deliver(endpoint)
    before = sum(row.attempts for row in deliveries())
    pauses, probed = [], set()
    for _ in range(7):
        ask(_PROBE_DUE)
        assert deliver(endpoint) == 1
        pauses.append(round(endpoint_row().pause.total_seconds()))
        [latest] = ask(
            "SELECT complaint_id FROM delivery WHERE tried_at = (SELECT max(tried_at) FROM delivery)"
        )
        probed.add(latest.complaint_id)
    assert pauses == [60, 120, 240, 300, 300, 300, 300]
    # each time another case's first message, so that one that is never taken cannot keep the recipient away
    assert len(probed) == 7
    assert sum(row.attempts for row in deliveries()) == before
    assert all(row.seq == 2 for row in deliveries() if row.tried_at)


def test_when_it_is_back_everything_goes_at_once_each_once_and_in_order(
    cases: Cases,
    tell: Tell,
    register: Register,
    deliver: Deliver,
    deliveries: Rows,
    endpoint_row: Row,
    ask: Ask,
) -> None:
    with Receiver() as receiver:
        endpoint = register(receiver.url)
        receiver.down()
        made = cases(30)
        for case in made:
            tell(case, 2, 3, 4)
        deliver(endpoint)
        for _ in range(12):
            ask(_PROBE_DUE)
            deliver(endpoint)
        receiver.up()
        ask(_PROBE_DUE)
        assert deliver(endpoint) == 90
        assert len(receiver.got) == 90
        assert len({got.id for got in receiver.got}) == 90
        assert receiver.by_case() == {case.number: [f"{seq:010d}" for seq in (2, 3, 4)] for case in made}
    assert {row.state for row in deliveries()} == {"DELIVERED"}
    assert (endpoint_row().failures, endpoint_row().open_until) == (0, None)


def test_a_message_that_is_never_taken_dies_as_a_probe_too(
    cases: Cases,
    tell: Tell,
    receiver: Receiver,
    register: Register,
    deliver: Deliver,
    deliveries: Rows,
    ask: Ask,
) -> None:
    endpoint = register(receiver.url)
    tell(*cases(1), 2)
    ask("UPDATE endpoint SET failures = 5, open_until = clock_timestamp()")
    receiver.answering = lambda _got: Reply(400)
    for _ in range(4):
        ask(_PROBE_DUE)
        deliver(endpoint)
    assert deliveries()[0].state == "DEAD"


def test_a_success_between_failures_starts_the_count_anew(
    cases: Cases, tell: Tell, receiver: Receiver, register: Register, deliver: Deliver, endpoint_row: Row
) -> None:
    endpoint = register(receiver.url)
    answers = iter([500, 500, 500, 500, 204, 500, 500])
    receiver.answering = lambda _got: Reply(next(answers))
    for case in cases(7):
        tell(case, 2)
        deliver(endpoint, size=1)
    assert (endpoint_row().failures, endpoint_row().open_until) == (2, None)


def test_what_is_disabled_waits_and_an_operator_lets_it_go_on(
    cases: Cases,
    tell: Tell,
    receiver: Receiver,
    register: Register,
    deliver: Deliver,
    deliveries: Rows,
    db: Database,
    run: Run,
    endpoint_row: Row,
) -> None:
    endpoint = register(receiver.url)
    first, second = cases(2)
    receiver.answering = lambda _got: Reply(500)
    tell(first, 2)
    deliver(endpoint)
    run(endpoints.disable(db, audience=ZTO, reason="maintenance", actor="tests"))
    tell(second, 2)
    assert deliver(endpoint) == 0
    receiver.answering = lambda _got: Reply()
    run(endpoints.enable(db, audience=ZTO, actor="tests"))
    assert (endpoint_row().state, endpoint_row().disabled_reason) == ("ACTIVE", None)
    # what waited for its second attempt goes at once; what was told meanwhile is in the feed only
    assert deliver(endpoint) == 1
    assert [(row.complaint_id, row.state) for row in deliveries()] == [(first.id, "DELIVERED")]
