"""Delivers messages with one asyncio task for each recipient with due messages, and measures it for operators.

A slow or unreachable recipient delays only its own task.
"""

import asyncio
import uuid
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from prometheus_client import Gauge

from routing_worker.bell import Bell
from routing_worker.supervision import EXPECTED
from services.access.data_keys import Keys
from services.delivery import delivery_queue, dispatch, endpoints, snapshot_horizon
from services.delivery.http_sender import Sender
from shared import clock
from shared.database import Database
from shared.privacy.keyring import KeyFileError
from shared.privacy.sealing import SealBrokenError

GRACE_SECONDS = 5.0
"""How long a stopping process waits for answers to running deliveries; it gives the other deliveries back."""
TURNS = 4
"""How many recipients query the database at once: after an outage all have due messages, and others need it too."""
WATCH_SECONDS = 15.0
FAILING = Gauge(
    "shensu_endpoint_failing",
    "Whether a recipient fails and is only probed",
    ["audience"],
    multiprocess_mode="livemostrecent",
)
WAITING = Gauge(
    "shensu_deliveries_waiting",
    "Messages that wait to be delivered",
    ["audience"],
    multiprocess_mode="livemostrecent",
)
OLDEST = Gauge(
    "shensu_deliveries_oldest_seconds",
    "How long the oldest waiting message waits",
    ["audience"],
    multiprocess_mode="livemostrecent",
)
HORIZON_AGE = Gauge(
    "shensu_feed_held_back_seconds",
    "How long one transaction has held back the feeds",
    multiprocess_mode="livemax",
)
log = structlog.get_logger()


@dataclass(slots=True)
class Deliveries:
    """Delivers all that is due, then waits for the bell or the next sweep."""

    db: Database
    keys: Keys
    sender: Sender
    bell: Bell
    sweep_seconds: float
    lease: timedelta
    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(TURNS))
    _tasks: dict[uuid.UUID, asyncio.Task[None]] = field(default_factory=dict)
    _again: set[uuid.UUID] = field(default_factory=set)
    _stops: bool = False

    async def once(self) -> None:
        """Start a task for each recipient with due messages that has no task yet."""
        await self.bell.wait(self.sweep_seconds)
        for endpoint_id in await delivery_queue.due(self.db):
            if endpoint_id in self._tasks:
                self._again.add(endpoint_id)
            else:
                name = f"deliver-{endpoint_id}"
                self._tasks[endpoint_id] = asyncio.create_task(self._deliver(endpoint_id), name=name)

    async def _deliver(self, endpoint_id: uuid.UUID) -> None:
        try:
            ring = await self.keys.ring()
            while not self._stops and await dispatch.deliver_batch(
                self.db,
                ring,
                self.sender,
                endpoint_id,
                lease=self.lease,
                turn=self._turn,
                may_continue=lambda: not self._stops,
            ):
                continue
        except Exception as error:  # noqa: BLE001 - a process edge: the next sweep begins with this recipient again
            expected = isinstance(error, (*EXPECTED, KeyFileError, SealBrokenError))
            report = log.warning if expected else log.error
            report("deliveries_failed", task=str(endpoint_id), exc_info=error)
        finally:
            del self._tasks[endpoint_id]
            if endpoint_id in self._again:
                # a message arrived during the last batch
                self._again.discard(endpoint_id)
                self.bell.rung.set()

    async def close(self) -> None:
        """Start no delivery, wait for the answers to running ones, and give the others back."""
        self._stops = True
        if tasks := list(self._tasks.values()):
            _, late = await asyncio.wait(tasks, timeout=GRACE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self.sender.close()


@dataclass(slots=True)
class DeliveryWatch:
    """Measures unreachable recipients, waiting messages and how long the feeds are held back."""

    db: Database
    horizon: snapshot_horizon.Watch = field(default_factory=snapshot_horizon.Watch)

    async def once(self) -> None:
        """Measure if it is time."""
        await asyncio.sleep(WATCH_SECONDS)
        for endpoint in await endpoints.list_endpoints(self.db):
            failing = endpoint["open_until"] is not None or endpoint["state"] != endpoints.ACTIVE
            FAILING.labels(endpoint["audience"]).set(failing)
            WAITING.labels(endpoint["audience"]).set(endpoint["waiting"])
            age = (clock.now() - endpoint["oldest"]).total_seconds() if endpoint["oldest"] else 0.0
            OLDEST.labels(endpoint["audience"]).set(age)
        seconds = await self.horizon.seconds(self.db)
        HORIZON_AGE.set(seconds)
        if seconds > snapshot_horizon.LONG.total_seconds():
            log.warning("feeds_held_back", seconds=round(seconds))
