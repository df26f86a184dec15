"""The 12345 government hotline: whose limit holds for an order, and what our states mean to a hotline (rulebook 11).

A hotline's own limit may be shorter than the law's 30 days; then an interim answer keeps it, and the case goes on [P].
"""

from collections.abc import Mapping
from typing import NamedTuple

from services.rules.facts import Region

EVERYWHERE = "000000"
"""The region of limits that hold where a region has none of its own."""


class HotlineLimit(NamedTuple):
    """How long a region's hotline gives for an order of a kind, and where that stands."""

    amount: int
    unit: str
    source: str


def limit_for(
    region: str,
    kind: str,
    limits: Mapping[tuple[str, str], HotlineLimit],
    regions: Mapping[str, Region],
) -> HotlineLimit | None:
    """Return the limit of a region for a kind of order: its own, else its city's, its province's, everybody's."""
    known = regions.get(region)
    places = (region, known.city if known else None, known.province if known else None, EVERYWHERE)
    return next(
        (limits[place, kind] for place in places if place is not None and (place, kind) in limits), None
    )
