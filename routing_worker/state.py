"""Shared state of the loops of one worker process: database, keys, reference data, bells, deliveries."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from routing_worker.bell import Bell
from routing_worker.loops.deliveries import Deliveries
from services.access.data_keys import Keys
from services.delivery import dispatch
from services.delivery.dispatch import DELIVER
from services.delivery.http_sender import Sender
from services.reference.cache import ReferenceCache
from services.tasks.queue import FORWARD
from shared.database import Database
from shared.privacy import keyring
from shared.settings import Mode, Settings

ROLE = "shensu_worker"
REFRESH_TIMEOUT = timedelta(minutes=5)
"""The longest statement: a recount of the figures."""


@dataclass(frozen=True, slots=True)
class WorkerState:
    """Shared state of the loops of one process."""

    settings: Settings
    db: Database
    reference_cache: ReferenceCache
    keys: Keys
    bell: Bell
    delivery_bell: Bell
    deliveries: Deliveries

    @classmethod
    def opened(cls, settings: Settings) -> "WorkerState":
        """Return the state of a starting process; connections open at their first use."""
        url = settings.database_url.get_secret_value()
        db = Database.connect(url, role=ROLE, pool_size=settings.pool_size, statement_timeout=REFRESH_TIMEOUT)
        keys = Keys(db, partial(keyring.read, settings.key_file))
        delivery_bell = Bell()
        # a verb of the desk may forward a case, and always has messages for its enterprise
        bell = Bell(beside={FORWARD: delivery_bell, DELIVER: delivery_bell})
        # work that waited while no worker ran is due at once
        bell.rung.set()
        delivery_bell.rung.set()
        deliveries = Deliveries(
            db=db,
            keys=keys,
            sender=Sender(development=settings.mode is Mode.DEVELOPMENT),
            bell=delivery_bell,
            sweep_seconds=settings.sweep_seconds,
            lease=max(dispatch.LEAST_LEASE, timedelta(seconds=settings.lease_seconds)),
        )
        return cls(settings, db, ReferenceCache(db), keys, bell, delivery_bell, deliveries)

    async def close(self) -> None:
        """Wait for the answers to running deliveries, then close everything."""
        await self.deliveries.close()
        await self.db.close()
