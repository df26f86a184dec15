"""Bells wake loops: rung by the doorbell (arq on Valkey) and by other loops of this process. A ring is a hint, not work."""

import asyncio
from dataclasses import dataclass, field

import structlog
from prometheus_client import Gauge

from shared import wakeup

DOORBELL = Gauge("shensu_doorbell_up", "Whether the worker hears the doorbell")
log = structlog.get_logger()


@dataclass(slots=True)
class Bell:
    """Wakes a loop; a ring during its work makes it look once more. `beside`: by kind, whom a ring wakes as well."""

    rung: asyncio.Event = field(default_factory=asyncio.Event)
    is_heard: bool = False
    beside: dict[str, "Bell"] = field(default_factory=dict)

    async def ring(self, kind: str) -> None:
        """Say that there may be work."""
        self.rung.set()
        if (other := self.beside.get(kind)) is not None:
            other.rung.set()

    async def wait(self, seconds: float) -> None:
        """Wait for a ring, at most so long: then the sweep's turn has come."""
        try:
            async with asyncio.timeout(seconds):
                await self.rung.wait()
        except TimeoutError:
            return
        finally:
            self.rung.clear()


async def listen(redis_url: str, bell: Bell) -> None:
    """Hear the doorbell until Valkey goes away."""

    def _connected() -> None:
        bell.is_heard = True
        DOORBELL.set(1)
        log.info("doorbell_heard")

    try:
        await wakeup.listen(redis_url, bell.ring, _connected)
    finally:
        bell.is_heard = False
        DOORBELL.set(0)
