"""Sends interim answers to hotlines in time, also after days without a worker."""

import asyncio
from dataclasses import dataclass

from routing_worker.bell import Bell
from routing_worker.loops.drain import BATCH
from services.access.data_keys import Keys
from services.hotline import interim
from services.reference.cache import ReferenceCache
from shared.database import Database


@dataclass(frozen=True, slots=True)
class Interim:
    """Answers the hotlines whose deadlines are near, and wakes the deliveries."""

    db: Database
    reference_cache: ReferenceCache
    keys: Keys
    deliveries: Bell
    seconds: float

    async def once(self) -> None:
        """Answer all that is due, then wait."""
        reference, ring = await self.reference_cache.reference(), await self.keys.ring()
        while await interim.answer_batch(self.db, reference, ring, size=BATCH):
            self.deliveries.rung.set()
        await asyncio.sleep(self.seconds)
