"""The way of an item, parted by its scans: which link has it in each stretch, from where on, how long, and what is usual.

A stretch begins with a scan that places the item and ends with the next one that does. Scans in between that only say
that something is wrong, or are not understood, leave it where it is. Which link holds it, and what is usual, are project
rules [P]; the hours are reference data.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from services.rules.tracking import ENDED, Scan, TraceState
from shared.vocabulary import FailingLink

_T, _L = TraceState, FailingLink
HELD_BY: Mapping[TraceState, FailingLink] = MappingProxyType(
    {
        _T.AWAITING_COLLECTION: _L.COLLECT,
        _T.COLLECTED: _L.COLLECT,
        _T.DISPATCHED: _L.LINEHAUL,
        _T.AT_SORTING: _L.SORT,
        _T.EXCEPTION_MISSORTED: _L.SORT,
        _T.IN_TRANSIT: _L.LINEHAUL,
        _T.CUSTOMS_CLEARED: _L.LINEHAUL,
        _T.FORWARDED_ELSEWHERE: _L.LINEHAUL,
        _T.AT_DESTINATION: _L.SORT,
        _T.AT_OUTLET: _L.DELIVERY,
        _T.OUT_FOR_DELIVERY: _L.DELIVERY,
        _T.TAKEN_FROM_STATION: _L.DELIVERY,
        _T.EXCEPTION_DELIVERY: _L.DELIVERY,
        _T.EXCEPTION_ADDRESSEE: _L.DELIVERY,
        _T.IN_LOCKER_OR_STATION: _L.STATION_LOCKER,
        _T.EXCEPTION_NOT_PICKED_UP: _L.STATION_LOCKER,
    }
)
"""Which link has the item after a scan of this state (揽收 分拣 干线 派送 驿站快递柜)."""
NOBODYS = ENDED | {
    _T.CUSTOMS,
    _T.EXCEPTION_CUSTOMS,
    _T.RETURNING,
    _T.EXCEPTION_REFUSED,
    _T.EXCEPTION_INTERCEPTED,
}
"""States that end a stretch and begin none: customs holds it, the sender has it back, or it was handed over."""


@dataclass(frozen=True, slots=True)
class LinkRules:
    """One version of what is usual, and how sure an inference must be for a case to be routed by it.

    `usual_hours`: from a scan of a state to the next, so many hours nobody wonders at. A state without hours is never too
    long: how long an item waits in a locker is the user's own affair.
    """

    version: str
    usual_hours: Mapping[TraceState, int] = field(hash=False)
    routing_confidence: int


class Stretch(NamedTuple):
    """From a scan that places the item to the next one; without `after` it is open, and lasts until somebody asks."""

    scan: Scan
    after: Scan | None
    link: FailingLink
    region: str | None
    lasted: timedelta | None
    usual: timedelta | None
    unclear: bool
    """Whether a scan in between is of a code that is not known."""

    @property
    def excess(self) -> timedelta:
        """How much longer it lasted than is usual; zero where it did not, or nothing is usual."""
        if self.lasted is None or self.usual is None:
            return timedelta(0)
        return max(self.lasted - self.usual, timedelta(0))


def places(state: TraceState) -> bool:
    """Tell whether a scan of this state says where the item is."""
    return state in HELD_BY or state in NOBODYS


def stretches(scans: Sequence[Scan], rules: LinkRules, as_of: datetime | None = None) -> tuple[Stretch, ...]:
    """Part the way of an item by scans in order. `as_of`: when it is asked, which is how long an open stretch lasts."""
    closed: list[Stretch] = []
    open_at: _Open | None = None
    region: str | None = None
    for scan in scans:
        region = scan.region or region
        if open_at is not None and scan.state is TraceState.UNKNOWN:
            open_at = open_at._replace(unclear=True)
        if places(scan.state):
            closed += _closed(open_at, scan, scan.at, rules)
            open_at = _Open(scan, region) if scan.state in HELD_BY else None
    return (*closed, *_closed(open_at, None, as_of, rules))


class _Open(NamedTuple):
    """A stretch that goes on: the scan that it began with, and where that was, as far as anybody said."""

    scan: Scan
    region: str | None
    unclear: bool = False


def _closed(
    begun: _Open | None, after: Scan | None, ends: datetime | None, rules: LinkRules
) -> tuple[Stretch, ...]:
    if begun is None:
        return ()
    scan, region, unclear = begun
    usual = rules.usual_hours.get(scan.state)
    return (
        Stretch(
            scan,
            after,
            HELD_BY[scan.state],
            region,
            max(ends - scan.at, timedelta(0)) if ends is not None else None,
            timedelta(hours=usual) if usual is not None else None,
            unclear,
        ),
    )
