"""Bells wake loops. The doorbell (arq on Valkey) and other loops of this process ring them. A ring is a hint, not work."""

import asyncio
from dataclasses import dataclass, field

import structlog
from prometheus_client import Gauge

from shared import wakeup

DOORBELL = Gauge("shensu_doorbell_up", "Whether the worker hears the doorbell", multiprocess_mode="livemin")
log = structlog.get_logger()


@dataclass(slots=True)
class Bell:
    """Wakes a loop; after a ring during its work it looks again. `beside`: the other bells that a ring wakes, by kind."""

    rung: asyncio.Event = field(default_factory=asyncio.Event)
    is_heard: bool = False
    beside: dict[str, "Bell"] = field(default_factory=dict)

    async def ring(self, kind: str) -> None:
        """Signal that there may be work."""
        self.rung.set()
        if (other := self.beside.get(kind)) is not None:
            other.rung.set()

    async def wait(self, seconds: float) -> None:
        """Wait for a ring, but not longer than `seconds`: then the loop looks by itself."""
        try:
            async with asyncio.timeout(seconds):
                await self.rung.wait()
        except TimeoutError:
            return
        finally:
            self.rung.clear()


async def listen(redis_url: str, bell: Bell) -> None:
    """Listen to the doorbell until Valkey is lost."""

    def _connected() -> None:
        bell.is_heard = True
        DOORBELL.set(1)
        log.info("doorbell_heard")

    try:
        await wakeup.listen(redis_url, bell.ring, _connected)
    finally:
        bell.is_heard = False
        DOORBELL.set(0)
