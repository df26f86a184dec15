"""Waits until the figures include the demo's months: every case is counted in its province."""

import asyncio

import httpx

from ops.demo.calls import Patience, ask
from ops.demo.margins import MONTHS

PATIENCE_SECONDS = 120
_BETWEEN_SECONDS = 0.3
_SPAN = {"period": "month", "from": MONTHS[0].name, "to": MONTHS[-1].name}


async def counted(client: httpx.AsyncClient, basis: str, **only: str) -> int:
    """Return how many complaints of the demo's months are in the figures."""
    answer = await ask(client, "GET", "/v1/figures/volume", params={**_SPAN, "basis": basis, **only})
    return sum(total["count"] for total in answer["totals"])


async def until_counted(client: httpx.AsyncClient) -> bool:
    """Wait until all are counted and routed; return False if they are not in time."""
    expected, deadline = sum(month.total for month in MONTHS), Patience(PATIENCE_SECONDS)
    while not deadline.passed:
        count = await counted(client, "closed")
        if count >= expected and not await counted(client, "closed", province="000000"):
            return True
        await asyncio.sleep(_BETWEEN_SECONDS)
    return False
