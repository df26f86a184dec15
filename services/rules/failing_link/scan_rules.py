"""The rules by which scans tell of the link that failed (`services.rules.failing_link` is their table). All are [P].

Each finds something, with the scans that show it, or says why it finds nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from services.rules.failing_link import custody
from services.rules.failing_link.custody import HELD_BY, Stretch
from services.rules.tracking import ENDED, SIGNED, Scan, TraceState
from shared.vocabulary import FailingLink

_T, _L = TraceState, FailingLink
_STATION = frozenset({_T.IN_LOCKER_OR_STATION, _T.EXCEPTION_NOT_PICKED_UP, _T.SIGNED_AT_STATION})
STAGES: Mapping[str, frozenset[FailingLink]] = MappingProxyType(
    {
        "PICKUP_DELAY": frozenset({_L.COLLECT}),
        "TRANSIT_DELAY": frozenset({_L.SORT, _L.LINEHAUL}),
        "DELIVERY_DELAY": frozenset({_L.DELIVERY}),
    }
)
"""The links of the stage that the user names by the second level of the issue."""
_SIGNING = frozenset({"FALSE_SIGN", "PROXY_SIGN"})
_COMPENSATION = frozenset({"COMP_AMOUNT", "NOT_COMPENSATED", "DAMAGE_COMP_AMOUNT"})
_LEAST, _MOST = 5, 90


class Matter(NamedTuple):
    """What the user complains of, and when it is asked (None: what the scans say by themselves)."""

    issue: str
    detail: str | None = None
    as_of: datetime | None = None


class Finding(NamedTuple):
    """What a rule proposes: the link, where, how sure from 0 to 100, by which scans, in words that an officer can read."""

    link: FailingLink
    region: str | None
    confidence: int
    events: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Trace:
    """An item's scans in order, parted into stretches."""

    scans: tuple[Scan, ...]
    stretches: tuple[Stretch, ...]

    def last(self, states: frozenset[TraceState]) -> Scan | None:
        """Return the last scan of one of these states."""
        return next((scan for scan in reversed(self.scans) if scan.state in states), None)

    @property
    def has_ended(self) -> bool:
        """Whether the item was handed over, sent back or never sent, by the last scan that places it."""
        placing = [scan.state for scan in self.scans if custody.places(scan.state)]
        return bool(placing) and placing[-1] in ENDED


Answer = Finding | str


def _hours(time: timedelta | None) -> int:
    return round(time.total_seconds() / 3600) if time is not None else 0


def _bounded(confidence: float) -> int:
    return max(_LEAST, min(_MOST, round(confidence)))


def _gap(stretch: Stretch, rivals: Sequence[Stretch], bonus: int = 0) -> Finding:
    """Propose the link of a stretch that lasted too long: the longer the surer, less so with a rival or unknown scans."""
    assert stretch.lasted is not None  # noqa: S101 - only such stretches last too long
    assert stretch.usual is not None  # noqa: S101 - as above
    times = stretch.lasted / stretch.usual
    rivalled = any(one.link is not stretch.link and one.excess * 3 >= stretch.excess * 2 for one in rivals)
    confidence = 45 + 15 * (times - 1) + bonus - 15 * rivalled - 10 * stretch.unclear
    until = (
        f"the next scan ({stretch.after.state})"
        if stretch.after is not None
        else "now, without a further scan"
    )
    words = f"{_hours(stretch.lasted)} hours from {stretch.scan.state} to {until}; usual are {_hours(stretch.usual)} hours"
    ends = (stretch.scan.event_id, *((stretch.after.event_id,) if stretch.after is not None else ()))
    return Finding(stretch.link, stretch.region, _bounded(confidence), ends, words)


def _too_long(trace: Trace) -> list[Stretch]:
    return sorted((one for one in trace.stretches if one.excess), key=lambda one: one.excess, reverse=True)


def missorted(trace: Trace, matter: Matter) -> Answer:
    """LK1: the carrier itself says that the item was sorted wrongly (错分件)."""
    del matter
    wrong = trace.last(frozenset({_T.EXCEPTION_MISSORTED}))
    if wrong is None:
        return "no scan tells of wrong sorting (无错分)"
    region = next((one.region for one in trace.stretches if one.scan is wrong), None)
    return Finding(
        _L.SORT, region, 75, (wrong.event_id,), "the carrier's own scan tells of wrong sorting (错分件)"
    )


def stage_named(trace: Trace, matter: Matter) -> Answer:
    """LK2: the user names the stage, and a stretch of that stage lasted longer than is usual."""
    stage = STAGES.get(matter.detail or "")
    if stage is None:
        return "the issue names no stage (未指明环节)"
    late = [one for one in _too_long(trace) if one.link in stage]
    return (
        _gap(late[0], (), bonus=10)
        if late
        else "no stretch of the named stage lasted too long (该环节无超时)"
    )


def longest_gap(trace: Trace, matter: Matter) -> Answer:
    """LK3: the stretch that lasted the most beyond what is usual."""
    del matter
    late = _too_long(trace)
    return _gap(late[0], late[1:]) if late else "no stretch lasted longer than is usual (无超时间隔)"


def standstill(trace: Trace, matter: Matter) -> Answer:
    """LK4: nothing lasted too long yet, but the item is still under way: where it stands, weakly."""
    del matter
    if not trace.stretches or trace.stretches[-1].after is not None:
        return "the item is not under way (快件不在途)"
    here = trace.stretches[-1]
    words = f"the item was last seen as {here.scan.state}, and has not been delivered"
    return Finding(here.link, here.region, 30, (here.scan.event_id,), words)


def silence(trace: Trace, matter: Matter) -> Answer:
    """LK5: the trace goes silent before the item was handed over: the link that held it last."""
    if trace.has_ended or not trace.stretches or trace.stretches[-1].after is not None:
        return "the trace does not break off with a link of the chain (轨迹未中断)"
    here = trace.stretches[-1]
    heard = trace.scans[-1]
    confidence = 55.0
    words = f"nothing places the item after {here.scan.state}"
    if matter.as_of is not None and here.usual is not None and here.lasted is not None:
        words += f", {_hours(here.lasted)} hours ago; usual are {_hours(here.usual)} hours"
        confidence = 60 + 10 * (here.lasted / here.usual - 1) if here.excess else 35
    confidence += 10 * (heard.state is _T.EXCEPTION_SILENT) - 10 * here.unclear
    return Finding(here.link, here.region, _bounded(confidence), (here.scan.event_id, heard.event_id), words)


def _signed(trace: Trace, confidence: int, words: str) -> Answer:
    """Propose who had the item when it was signed for: the station that it lay in, else the courier."""
    sign = trace.last(SIGNED)
    if sign is None:
        return "no scan tells of a signature (无签收)"
    held = [one for one in trace.stretches if one.scan[:3] < sign[:3]]
    at_station = sign.state is _T.SIGNED_AT_STATION or (bool(held) and held[-1].link is _L.STATION_LOCKER)
    link = _L.STATION_LOCKER if at_station else _L.DELIVERY
    region = sign.region or (held[-1].region if held else None)
    return Finding(link, region, confidence, (sign.event_id,), f"{words} ({sign.state})")


def signed_but_missing(trace: Trace, matter: Matter) -> Answer:
    """LK6: the item was signed for, and the user says that it never came."""
    if matter.detail == "CONTENT_SHORTAGE":
        return "contents were short: scans tell of items, not of contents (内件短少)"
    if matter.detail in _COMPENSATION:
        return "disputed is what was paid, not the signature (赔偿争议)"
    return _signed(trace, 50, "the scans say that it was signed for, and the user says that it is lost")


def damage_scan(trace: Trace, matter: Matter) -> Answer:
    """LK7: a scan tells of damage (破损): the link that held the item before it."""
    del matter
    damage = next((scan for scan in trace.scans if scan.state is _T.EXCEPTION_DAMAGED), None)
    if damage is None:
        return "no scan tells of damage (无破损记录)"
    held = [one for one in trace.stretches if one.scan[:3] < damage[:3]]
    if not held or (held[-1].after is not None and held[-1].after[:3] < damage[:3]):
        return "no link of the chain held the item when the damage was scanned (破损前无环节)"
    here = held[-1]
    words = f"damage was scanned after {here.scan.state}"
    region = damage.region or here.region
    return Finding(here.link, region, 75, (here.scan.event_id, damage.event_id), words)


def station(trace: Trace, matter: Matter) -> Answer:
    """LK8: put into a locker or station (快递柜、驿站) that the user did not agree to, or left there last."""
    put = trace.last(_STATION)
    if matter.detail not in {None, "LOCKER_NO_CONSENT"} or put is None:
        return "not a matter of a locker or station (非驿站快递柜问题)"
    left_there = bool(trace.stretches) and trace.stretches[-1].link is _L.STATION_LOCKER
    if matter.detail is None and not left_there:
        return "the item went on from the locker or station (已离开驿站快递柜)"
    region = put.region or (trace.stretches[-1].region if trace.stretches else None)
    confidence = 85 if matter.detail else 60
    return Finding(
        _L.STATION_LOCKER, region, confidence, (put.event_id,), f"the item was put there ({put.state})"
    )


def signature(trace: Trace, matter: Matter) -> Answer:
    """LK9: a signature that the user disputes (虚假签收、代签): who had the item when it was signed for."""
    if matter.detail not in _SIGNING:
        return "the signature is not disputed (签收无争议)"
    return _signed(trace, 80, "the disputed signature")


def delivery(trace: Trace, matter: Matter) -> Answer:
    """LK10: other trouble at delivery: the delivering outlet, where the scans reach it."""
    reached = trace.last(SIGNED | {state for state, link in HELD_BY.items() if link is _L.DELIVERY})
    if reached is None or matter.detail == "LOCKER_NO_CONSENT":
        return "the scans do not reach the delivery (轨迹未到派送)"
    # who was rude no scan tells
    confidence = 45 if matter.detail == "ATTITUDE" else 65
    region = reached.region or (trace.stretches[-1].region if trace.stretches else None)
    return Finding(
        _L.DELIVERY, region, confidence, (reached.event_id,), f"it came to delivery ({reached.state})"
    )


def collection(trace: Trace, matter: Matter) -> Answer:
    """LK11: trouble at posting: the collecting outlet; more surely where a scan of collection was long not followed."""
    first = next((one for one in trace.stretches if one.link is _L.COLLECT), None)
    if first is None:
        return "no scan of the collection (无揽收记录)"
    if matter.detail == "FALSE_PICKUP" and first.excess:
        return _gap(first, (), bonus=15)
    return Finding(
        _L.COLLECT, first.region, 60, (first.scan.event_id,), f"it was collected there ({first.scan.state})"
    )


def compensation(trace: Trace, matter: Matter) -> Answer:
    """LK12: the item arrived or came back, and what is disputed is what was paid: the enterprise's service (客服)."""
    if matter.detail not in _COMPENSATION or not trace.has_ended:
        return "not a matter of compensation alone (非仅赔偿争议)"
    ends = trace.last(ENDED)
    assert ends is not None  # noqa: S101 - a trace that has ended has such a scan
    words = f"its way ended ({ends.state}); disputed is what was paid for it"
    return Finding(_L.CUSTOMER_SERVICE, None, 40, (ends.event_id,), words)
