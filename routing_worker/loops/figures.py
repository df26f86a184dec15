"""Refreshes the figures: recounts the days that changed."""

import asyncio
import time
from dataclasses import dataclass

from prometheus_client import Gauge

from services.figures import refresh
from shared.database import Database

FIGURES_SECONDS = 1.0
"""Figures are refreshed at most so often, and never for more than a sixth of the time."""
_FIGURES_SHARE = 5
REFRESHED = Gauge("shensu_figures_refresh_seconds", "How long the last refresh of the figures took")


@dataclass(slots=True)
class Figures:
    """Recomputes the days that changed.

    Not again before five times as long has gone by as the last time took, so that a great import does not have its
    figures counted at every moment; but at once when nothing changes any more.
    """

    db: Database
    not_before: float = 0.0

    async def once(self) -> None:
        """Refresh, if it is time."""
        await asyncio.sleep(FIGURES_SECONDS)
        if time.monotonic() < self.not_before and not await refresh.is_settled(self.db):
            return
        refreshed = await refresh.refresh(self.db)
        if refreshed.days:
            REFRESHED.set(refreshed.seconds)
        self.not_before = time.monotonic() + _FIGURES_SHARE * refreshed.seconds
