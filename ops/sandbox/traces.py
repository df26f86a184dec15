"""Plausible scans of an item from Shenzhen via Wuhan to Hangzhou. Pure functions."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

SHENZHEN, WUHAN, HANGZHOU = "440305", "420100", "330106"


class Way(StrEnum):
    """The fate of the item."""

    CLEAN = "clean"
    DELAYED = "delayed"
    LOST = "lost"
    LOCKER = "locker"
    DAMAGED = "damaged"


class _Scan(NamedTuple):
    """A scan: Kdniao's code, hours since the first scan, place."""

    code: str
    hours: float
    region: str | None
    outlet: str | None


_TO_WUHAN = (
    _Scan("10", 0, SHENZHEN, "SZ-001"),
    _Scan("1", 3, SHENZHEN, "SZ-001"),
    _Scan("206", 7, SHENZHEN, "SZ-001"),
    _Scan("204", 26, WUHAN, "WH-HUB"),
)
_FROM_WUHAN = (
    _Scan("2", 34, None, None),
    _Scan("201", 50, HANGZHOU, "HZ-HUB"),
    _Scan("205", 56, HANGZHOU, "HZ-017"),
    _Scan("202", 60, HANGZHOU, "HZ-017"),
)
_SIGNED, _LOCKER = _Scan("301", 64, HANGZHOU, "HZ-017"), _Scan("211", 64, HANGZHOU, "HZ-017")
_DAMAGE = _Scan("414", 30, WUHAN, "WH-HUB")
_STOOD = 144.0


def _later(scans: tuple[_Scan, ...], hours: float) -> tuple[_Scan, ...]:
    return tuple(scan._replace(hours=scan.hours + hours) for scan in scans)


WAYS: Mapping[Way, tuple[_Scan, ...]] = {
    Way.CLEAN: (*_TO_WUHAN, *_FROM_WUHAN, _SIGNED),
    Way.DELAYED: (*_TO_WUHAN, *_later((*_FROM_WUHAN, _SIGNED), _STOOD)),
    Way.LOST: (*_TO_WUHAN, _Scan("403", 26 + 72, None, None)),
    Way.LOCKER: (*_TO_WUHAN, *_FROM_WUHAN, _LOCKER),
    Way.DAMAGED: (*_TO_WUHAN, _DAMAGE, *_FROM_WUHAN, _SIGNED),
}


def scans(way: Way, number: str, end: datetime) -> list[dict[str, Any]]:
    """Return the scans of a case's item in their order in time; the last one is at `end`."""
    story = WAYS[way]
    first = end - timedelta(hours=story[-1].hours)
    return [
        {
            "event_id": f"{way}-{place}",
            "number": number,
            "system": "KDNIAO",
            "code": scan.code,
            "occurred_at": (first + timedelta(hours=scan.hours)).isoformat(),
            "seq": place,
        }
        | ({"region_code": scan.region} if scan.region else {})
        | ({"outlet": scan.outlet} if scan.outlet else {})
        for place, scan in enumerate(story)
    ]
