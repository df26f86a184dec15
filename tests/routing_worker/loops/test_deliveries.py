"""The worker's part in the exchange: with the wrong keys nothing is lost, and who cannot be reached is shown."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text

from routing_worker.bell import Bell
from routing_worker.loops import deliveries
from routing_worker.loops.deliveries import Deliveries, DeliveryWatch
from services.access import data_keys
from services.access.data_keys import Keys
from services.delivery import dispatch, endpoints
from services.delivery.http_sender import Sender
from shared.database import Database
from shared.privacy import keyring
from tests import messages
from tests.receiver import Receiver, Reply

Run = Callable[[Coroutine[Any, Any, Any]], Any]
ZTO = "carrier:ZTO"


@pytest.fixture
def begin(db: Database, key_path: Path) -> Callable[..., Deliveries]:
    """Return a function that makes the deliveries of a worker with a key file."""

    def _begin(key_file: Path = key_path) -> Deliveries:
        bell = Bell()
        bell.rung.set()
        read = partial(keyring.read, key_file)
        sender = Sender(development=True)
        return Deliveries(db, Keys(db, read), sender, bell, 0.05, dispatch.LEAST_LEASE)

    return _begin


async def _registered(db: Database, key_path: Path, url: str) -> None:
    ring = await data_keys.ring(db, keyring.read(key_path))
    await endpoints.register(db, ring, audience=ZTO, url=url, development=True, actor="tests")


async def _row(db: Database) -> Any:
    async with db.transaction() as connection:
        return (await connection.execute(text("SELECT * FROM delivery"))).one()


async def _once(worker: Deliveries) -> None:
    await worker.once()
    await asyncio.gather(*worker._tasks.values())


def test_with_the_wrong_keys_nothing_is_tried_and_nothing_counts(
    db: Database, run: Run, begin: Callable[..., Deliveries], key_path: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.json"
    keyring.create(other, purpose="test")

    async def _try(receiver: Receiver) -> tuple[Any, Any]:
        await _registered(db, key_path, receiver.url)
        await messages.put(db)
        for wrong in (other, tmp_path / "none.json"):
            worker = begin(wrong)
            await _once(worker)
            await worker.close()
        before = await _row(db)
        worker = begin()
        await _once(worker)
        await worker.close()
        return before, await _row(db)

    with Receiver() as receiver:
        before, after = run(_try(receiver))
    assert (before.state, before.attempts, before.lease_token) == ("PENDING", 0, None)
    assert (after.state, len(receiver.got)) == ("DELIVERED", 1)


def test_what_comes_while_a_recipient_is_served_is_not_left_for_the_sweep(
    db: Database, run: Run, begin: Callable[..., Deliveries], key_path: Path
) -> None:
    async def _try(receiver: Receiver) -> bool:
        await _registered(db, key_path, receiver.url)
        await messages.put(db)
        worker = begin()
        await worker.once()
        await asyncio.sleep(0.1)
        # something else becomes due while the first is under way
        async with db.transaction() as connection:
            await connection.execute(
                text("UPDATE delivery SET next_at = clock_timestamp(), lease_token = NULL")
            )
        worker.bell.rung.set()
        await worker.once()
        assert len(worker._tasks) == 1
        await asyncio.gather(*worker._tasks.values())
        rung = worker.bell.rung.is_set()
        await worker.close()
        return rung

    with Receiver(lambda _got: Reply(seconds=0.4)) as receiver:
        assert run(_try(receiver))


def _shown(name: str) -> float | None:
    return REGISTRY.get_sample_value(name, {"audience": ZTO})


def test_who_cannot_be_reached_is_shown_while_it_lasts(
    db: Database, run: Run, key_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "WATCH_SECONDS", 0.0)
    failing, waiting, oldest = (
        "shensu_endpoint_failing",
        "shensu_deliveries_waiting",
        "shensu_deliveries_oldest_seconds",
    )

    async def _change(sql: str) -> None:
        async with db.transaction() as connection:
            await connection.execute(text(sql))
        await DeliveryWatch(db).once()

    async def _begin() -> None:
        await _registered(db, key_path, "http://127.0.0.1:9/")
        await messages.put(db)

    run(_begin())
    run(_change("UPDATE delivery SET created_at = clock_timestamp() - interval '1 hour'"))
    assert (_shown(failing), _shown(waiting)) == (0, 1)
    assert timedelta(minutes=59) < timedelta(seconds=_shown(oldest) or 0) < timedelta(minutes=61)
    run(_change("UPDATE endpoint SET failures = 5, open_until = clock_timestamp()"))
    assert _shown(failing) == 1
    run(_change("UPDATE endpoint SET open_until = NULL, state = 'DISABLED'"))
    assert _shown(failing) == 1
    run(_change("UPDATE endpoint SET state = 'ACTIVE'"))
    run(_change("UPDATE delivery SET state = 'DELIVERED'"))
    assert (_shown(failing), _shown(waiting), _shown(oldest)) == (0, 0, 0)
