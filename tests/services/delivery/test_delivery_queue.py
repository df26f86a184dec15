"""Leases: two workers never hold the same delivery, one that lost it records nothing, one that stops gives it back."""

import asyncio
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from services.delivery import delivery_queue, dispatch
from services.delivery.delivery_queue import DeliveryLease, DeliveryResult
from services.delivery.endpoints import NewSecret
from services.delivery.http_sender import Sender
from services.delivery.retries import ATTEMPTS
from shared.database import Database
from shared.privacy.keyring import KeyRing
from tests.receiver import Receiver, Reply
from tests.services.delivery.conftest import Case, Run

Cases = Callable[[int], list[Case]]
Tell = Callable[..., None]
Register = Callable[..., NewSecret]
Deliver = Callable[..., int]
Rows = Callable[[], list[Any]]
Ask = Callable[..., list[Any]]
MINUTE = timedelta(minutes=1)


async def _take(db: Database, ring: KeyRing, endpoint: NewSecret) -> DeliveryLease | None:
    return await delivery_queue.take(db, ring, endpoint.endpoint_id, size=10, lease=MINUTE)


def test_two_workers_hold_different_deliveries(
    cases: Cases, tell: Tell, register: Register, db: Database, ring: KeyRing, run: Run, receiver: Receiver
) -> None:
    endpoint = register(receiver.url)
    for case in cases(20):
        tell(case, 2)

    async def _both() -> list[DeliveryLease | None]:
        return list(await asyncio.gather(*(_take(db, ring, endpoint) for _ in range(3))))

    leases = [lease for lease in run(_both()) if lease is not None]
    ids = [taken.id for lease in leases for taken in lease.taken]
    assert len(ids) == len(set(ids)) == 20


def test_while_a_message_is_held_the_next_one_of_its_case_waits(
    cases: Cases, tell: Tell, register: Register, db: Database, ring: KeyRing, run: Run, receiver: Receiver
) -> None:
    endpoint = register(receiver.url)
    tell(*cases(1), 2, 3)
    lease = run(_take(db, ring, endpoint))
    assert [taken.entry.seq for taken in lease.taken] == [2]
    assert run(_take(db, ring, endpoint)) is None


def test_a_worker_that_lost_its_lease_records_nothing(
    cases: Cases,
    tell: Tell,
    register: Register,
    db: Database,
    ring: KeyRing,
    run: Run,
    receiver: Receiver,
    ask: Ask,
    deliveries: Rows,
) -> None:
    endpoint = register(receiver.url)
    tell(*cases(1), 2)
    slow = run(_take(db, ring, endpoint))
    ask("UPDATE delivery SET next_at = clock_timestamp()")
    fast = run(_take(db, ring, endpoint))
    [taken] = slow.taken

    async def _record(lease: DeliveryLease, state: str) -> int:
        async with db.transaction() as connection:
            result = DeliveryResult(taken.bucket, taken.id, state, 1, timedelta(0), 204, None)
            return await delivery_queue.record(connection, lease.token, [result])

    assert run(_record(slow, "DEAD")) == 0
    assert run(_record(fast, "DELIVERED")) == 1
    assert deliveries()[0].state == "DELIVERED"


def test_a_message_that_ends_its_workers_dies_in_the_end(
    cases: Cases,
    tell: Tell,
    register: Register,
    db: Database,
    ring: KeyRing,
    run: Run,
    receiver: Receiver,
    ask: Ask,
    deliveries: Rows,
) -> None:
    endpoint = register(receiver.url)
    tell(*cases(1), 2)
    for ended in range(ATTEMPTS):
        assert run(_take(db, ring, endpoint)) is not None
        assert deliveries()[0].attempts == ended
        ask("UPDATE delivery SET next_at = clock_timestamp()")
    assert run(_take(db, ring, endpoint)) is None
    assert (deliveries()[0].state, deliveries()[0].last_error) == ("DEAD", "the lease ended")


def test_a_probe_that_finds_every_message_locked_is_still_due(
    cases: Cases,
    tell: Tell,
    register: Register,
    db: Database,
    ring: KeyRing,
    run: Run,
    receiver: Receiver,
    ask: Ask,
) -> None:
    endpoint = register(receiver.url)
    tell(*cases(1), 2)
    ask("UPDATE endpoint SET failures = 5, open_until = clock_timestamp()")

    async def _take_while_locked() -> DeliveryLease | None:
        async with db.transaction() as connection:
            await connection.exec_driver_sql("SELECT FROM delivery FOR UPDATE")
            return await _take(db, ring, endpoint)

    assert run(_take_while_locked()) is None
    lease = run(_take(db, ring, endpoint))
    assert lease.is_probe
    assert len(lease.taken) == 1


def test_two_workers_send_one_probe(
    cases: Cases,
    tell: Tell,
    register: Register,
    db: Database,
    ring: KeyRing,
    run: Run,
    receiver: Receiver,
    ask: Ask,
) -> None:
    endpoint = register(receiver.url)
    for case in cases(5):
        tell(case, 2)
    ask("UPDATE endpoint SET failures = 5, open_until = clock_timestamp()")

    async def _both() -> list[DeliveryLease | None]:
        return list(await asyncio.gather(*(_take(db, ring, endpoint) for _ in range(4))))

    leases = [lease for lease in run(_both()) if lease is not None]
    assert [(lease.is_probe, len(lease.taken)) for lease in leases] == [(True, 1)]


def test_a_stopped_worker_gives_back_what_it_did_not_send(
    cases: Cases, tell: Tell, register: Register, deliver: Deliver, receiver: Receiver, deliveries: Rows
) -> None:
    endpoint = register(receiver.url)
    for case in cases(30):
        tell(case, 2)
    sent = 0

    def _may_continue() -> bool:
        nonlocal sent
        sent += 1
        return sent <= 7

    assert deliver(endpoint, once=True, may_continue=_may_continue) == 7
    assert len(receiver.got) == 7
    assert {(row.state, row.attempts, row.lease_token) for row in deliveries() if row.state == "PENDING"} == {
        ("PENDING", 0, None)
    }
    # nothing waits for a lease to end
    assert deliver(endpoint) == 23


def test_a_cancelled_batch_records_what_was_answered_and_gives_the_rest_back(
    cases: Cases,
    tell: Tell,
    register: Register,
    db: Database,
    ring: KeyRing,
    run: Run,
    receiver: Receiver,
    sender: Sender,
    deliveries: Rows,
) -> None:
    endpoint = register(receiver.url)
    for case in cases(20):
        tell(case, 2)
    quick = threading.Semaphore(4)

    def _answer(_got: object) -> Reply:
        return Reply(seconds=0 if quick.acquire(blocking=False) else 3)

    receiver.answering = _answer

    async def _cut_short() -> None:
        task = asyncio.create_task(dispatch.deliver_batch(db, ring, sender, endpoint.endpoint_id))
        await asyncio.sleep(0.7)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    run(_cut_short())
    states = [(row.state, row.lease_token, row.attempts) for row in deliveries()]
    assert sorted(states) == [("DELIVERED", None, 1)] * 4 + [("PENDING", None, 0)] * 16


def test_when_the_lease_nears_its_end_the_rest_is_given_back(
    cases: Cases, tell: Tell, register: Register, deliver: Deliver, receiver: Receiver, deliveries: Rows
) -> None:
    endpoint = register(receiver.url)
    for case in cases(3):
        tell(case, 2)
    # so short that nothing can be begun and answered within it
    assert deliver(endpoint, once=True, lease=timedelta(seconds=5)) == 0
    assert {(row.state, row.lease_token) for row in deliveries()} == {("PENDING", None)}


def test_those_for_whom_something_is_due_are_found(
    cases: Cases, tell: Tell, register: Register, db: Database, run: Run, receiver: Receiver, ask: Ask
) -> None:
    zto, yto = register(receiver.url), register(receiver.url, "carrier:YTO")
    assert run(delivery_queue.due(db)) == []
    [case] = cases(1)
    tell(case, 2)
    assert run(delivery_queue.due(db)) == [zto.endpoint_id]
    tell(case, 3, to="carrier:YTO")
    assert set(run(delivery_queue.due(db))) == {zto.endpoint_id, yto.endpoint_id}
    ask(
        "UPDATE delivery SET next_at = clock_timestamp() + interval '1 hour' WHERE endpoint_id = :id",
        id=zto.endpoint_id,
    )
    assert run(delivery_queue.due(db)) == [yto.endpoint_id]
    # one that failed is probed by its own time, whatever waits for a later one
    ask("UPDATE endpoint SET open_until = clock_timestamp() WHERE id = :id", id=zto.endpoint_id)
    assert set(run(delivery_queue.due(db))) == {zto.endpoint_id, yto.endpoint_id}
    ask("UPDATE endpoint SET open_until = clock_timestamp() + interval '1 minute'")
    assert run(delivery_queue.due(db)) == []
    ask("UPDATE endpoint SET open_until = NULL, state = 'DISABLED'")
    assert run(delivery_queue.due(db)) == []
