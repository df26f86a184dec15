"""Refreshes the figures: recounts changed days."""

import asyncio
import time
from dataclasses import dataclass

from prometheus_client import Gauge

from services.figures import refresh
from shared.database import Database

FIGURES_SECONDS = 1.0
"""The shortest time between two refreshes; refreshes never take more than a sixteenth of the time."""
_FIGURES_SHARE = 15
REFRESHED = Gauge(
    "shensu_figures_refresh_seconds",
    "How long the last refresh of the figures took",
    multiprocess_mode="mostrecent",
)


@dataclass(slots=True)
class Figures:
    """Recomputes changed days.

    After a refresh it waits fifteen times as long as the refresh took, so that a large import is not counted all the
    time; it does not wait when the changes have stopped.
    """

    db: Database
    not_before: float = 0.0

    async def once(self) -> None:
        """Refresh if it is time."""
        await asyncio.sleep(FIGURES_SECONDS)
        if time.monotonic() < self.not_before and not await refresh.is_settled(self.db):
            return
        refreshed = await refresh.refresh(self.db)
        if refreshed.days:
            REFRESHED.set(refreshed.seconds)
        self.not_before = time.monotonic() + _FIGURES_SHARE * refreshed.seconds
