"""The rules that propose the failing link from scans (`services.rules.failing_link.inference` is their table). All are [P].

Each returns a proposal with the scans that show it, or the reason why it proposes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from services.rules.facts import NO_PARAMS, Params
from services.rules.failing_link import custody
from services.rules.failing_link.codes import LinkCode
from services.rules.failing_link.custody import HELD_BY, Stretch
from services.rules.tracking import ENDED, SIGNED, Scan, TraceState
from shared.vocabulary import FailingLink

_T, _L, _C = TraceState, FailingLink, LinkCode
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


class ComplaintIssue(NamedTuple):
    """What the user complains of, and as of when (None: what the scans say by themselves)."""

    code: str
    detail: str | None = None
    as_of: datetime | None = None


class LinkProposal(NamedTuple):
    """What a rule proposes: the link, where, how sure from 0 to 100, by which scans, for which reason."""

    link: FailingLink
    region: str | None
    confidence: int
    events: tuple[str, ...]
    reason: LinkCode
    params: Params = NO_PARAMS


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


LinkAnswer = LinkProposal | LinkCode
"""The answer of a rule: a proposal, or the reason why it proposes nothing."""


def _hours(time: timedelta | None) -> int:
    return round(time.total_seconds() / 3600) if time is not None else 0


def _state(scan: Scan) -> Params:
    return Params.of(state=scan.state)


def _bounded(confidence: float) -> int:
    return max(_LEAST, min(_MOST, round(confidence)))


def _gap(stretch: Stretch, rivals: Sequence[Stretch], bonus: int = 0) -> LinkProposal:
    """Propose the link of a stretch that lasted too long: the longer the surer, less so with a rival or unknown scans."""
    assert stretch.lasted is not None  # noqa: S101 - only such stretches last too long
    assert stretch.usual is not None  # noqa: S101 - as above
    times = stretch.lasted / stretch.usual
    rivalled = any(
        rival.link is not stretch.link and rival.excess * 3 >= stretch.excess * 2 for rival in rivals
    )
    confidence = 45 + 15 * (times - 1) + bonus - 15 * rivalled - 10 * stretch.unclear
    hours, usual = _hours(stretch.lasted), _hours(stretch.usual)
    values: dict[str, str | int] = {"state": stretch.scan.state, "hours": hours, "usual": usual}
    reason = _C.LONG_OPEN_GAP
    if stretch.after is not None:
        reason, values["next_state"] = _C.LONG_GAP, stretch.after.state
    events = tuple(scan.event_id for scan in (stretch.scan, stretch.after) if scan is not None)
    params = Params.of(**values)
    return LinkProposal(stretch.link, stretch.region, _bounded(confidence), events, reason, params)


def _too_long(trace: Trace) -> list[Stretch]:
    return sorted(
        (stretch for stretch in trace.stretches if stretch.excess),
        key=lambda stretch: stretch.excess,
        reverse=True,
    )


def missorted(trace: Trace, issue: ComplaintIssue) -> LinkAnswer:
    """LK1: the carrier itself says that the item was sorted wrongly (错分件)."""
    del issue
    wrong = trace.last(frozenset({_T.EXCEPTION_MISSORTED}))
    if wrong is None:
        return _C.NOT_MISSORTED
    region = next((stretch.region for stretch in trace.stretches if stretch.scan is wrong), None)
    return LinkProposal(_L.SORT, region, 75, (wrong.event_id,), _C.MISSORTED)


def stage_named(trace: Trace, issue: ComplaintIssue) -> LinkAnswer:
    """LK2: the user names the stage, and a stretch of that stage lasted longer than is usual."""
    stage = STAGES.get(issue.detail or "")
    if stage is None:
        return _C.NO_STAGE_NAMED
    late = [stretch for stretch in _too_long(trace) if stretch.link in stage]
    return _gap(late[0], (), bonus=10) if late else _C.STAGE_IN_TIME


def longest_gap(trace: Trace, issue: ComplaintIssue) -> LinkAnswer:
    """LK3: the stretch that lasted the most beyond what is usual."""
    del issue
    late = _too_long(trace)
    return _gap(late[0], late[1:]) if late else _C.NO_LONG_GAP


def standstill(trace: Trace, issue: ComplaintIssue) -> LinkAnswer:
    """LK4: nothing lasted too long yet, but the item is still under way: where it stands, weakly."""
    del issue
    if not trace.stretches or trace.stretches[-1].after is not None:
        return _C.NOT_UNDER_WAY
    here = trace.stretches[-1]
    return LinkProposal(here.link, here.region, 30, (here.scan.event_id,), _C.NOT_MOVING, _state(here.scan))


def silence(trace: Trace, issue: ComplaintIssue) -> LinkAnswer:
    """LK5: the trace goes silent before the item was handed over: the link that held it last."""
    if trace.has_ended or not trace.stretches or trace.stretches[-1].after is not None:
        return _C.NOT_SILENT
    here = trace.stretches[-1]
    last_scan = trace.scans[-1]
    confidence = 55.0
    reason, params = _C.SILENT_AFTER, _state(here.scan)
    if issue.as_of is not None and here.usual is not None and here.lasted is not None:
        hours, usual = _hours(here.lasted), _hours(here.usual)
        reason, params = _C.SILENT_FOR, Params.of(state=here.scan.state, hours=hours, usual=usual)
        confidence = 60 + 10 * (here.lasted / here.usual - 1) if here.excess else 35
    confidence += 10 * (last_scan.state is _T.EXCEPTION_SILENT) - 10 * here.unclear
    events = (here.scan.event_id, last_scan.event_id)
    return LinkProposal(here.link, here.region, _bounded(confidence), events, reason, params)


def _signed(trace: Trace, confidence: int, code: LinkCode) -> LinkAnswer:
    """Propose who had the item when it was signed for: the station that it lay in, else the courier."""
    sign = trace.last(SIGNED)
    if sign is None:
        return _C.NOT_SIGNED
    stretches = [stretch for stretch in trace.stretches if stretch.scan[:3] < sign[:3]]
    at_station = sign.state is _T.SIGNED_AT_STATION or (
        bool(stretches) and stretches[-1].link is _L.STATION_LOCKER
    )
    link = _L.STATION_LOCKER if at_station else _L.DELIVERY
    region = sign.region or (stretches[-1].region if stretches else None)
    return LinkProposal(link, region, confidence, (sign.event_id,), code, _state(sign))


def signed_but_missing(trace: Trace, issue: ComplaintIssue) -> LinkAnswer:
    """LK6: the item was signed for, and the user says that it never came."""
    if issue.detail == "CONTENT_SHORTAGE":
        return _C.CONTENTS_SHORT
    if issue.detail in _COMPENSATION:
        return _C.ONLY_COMPENSATION
    return _signed(trace, 50, _C.SIGNED_BUT_MISSING)


def damage_scan(trace: Trace, issue: ComplaintIssue) -> LinkAnswer:
    """LK7: a scan tells of damage (破损): the link that held the item before it."""
    del issue
    damage = next((scan for scan in trace.scans if scan.state is _T.EXCEPTION_DAMAGED), None)
    if damage is None:
        return _C.NO_DAMAGE_SCAN
    stretches = [stretch for stretch in trace.stretches if stretch.scan[:3] < damage[:3]]
    if not stretches or (stretches[-1].after is not None and stretches[-1].after[:3] < damage[:3]):
        return _C.DAMAGED_OUTSIDE_CHAIN
    here = stretches[-1]
    region = damage.region or here.region
    events = (here.scan.event_id, damage.event_id)
    return LinkProposal(here.link, region, 75, events, _C.DAMAGED_AFTER, _state(here.scan))


def station(trace: Trace, issue: ComplaintIssue) -> LinkAnswer:
    """LK8: put into a locker or station (快递柜、驿站) that the user did not agree to, or left there last."""
    put = trace.last(_STATION)
    if issue.detail not in {None, "LOCKER_NO_CONSENT"} or put is None:
        return _C.NOT_ABOUT_STATION
    left_there = bool(trace.stretches) and trace.stretches[-1].link is _L.STATION_LOCKER
    if issue.detail is None and not left_there:
        return _C.LEFT_STATION
    region = put.region or (trace.stretches[-1].region if trace.stretches else None)
    confidence = 85 if issue.detail else 60
    return LinkProposal(_L.STATION_LOCKER, region, confidence, (put.event_id,), _C.AT_STATION, _state(put))


def signature(trace: Trace, issue: ComplaintIssue) -> LinkAnswer:
    """LK9: a signature that the user disputes (虚假签收、代签): who had the item when it was signed for."""
    if issue.detail not in _SIGNING:
        return _C.SIGNATURE_UNDISPUTED
    return _signed(trace, 80, _C.SIGNATURE_DISPUTED)


def delivery(trace: Trace, issue: ComplaintIssue) -> LinkAnswer:
    """LK10: other trouble at delivery: the delivering outlet, where the scans reach it."""
    reached = trace.last(SIGNED | {state for state, link in HELD_BY.items() if link is _L.DELIVERY})
    if reached is None or issue.detail == "LOCKER_NO_CONSENT":
        return _C.DELIVERY_NOT_REACHED
    # who was rude no scan tells
    confidence = 45 if issue.detail == "ATTITUDE" else 65
    region = reached.region or (trace.stretches[-1].region if trace.stretches else None)
    return LinkProposal(
        _L.DELIVERY, region, confidence, (reached.event_id,), _C.DELIVERY_REACHED, _state(reached)
    )


def collection(trace: Trace, issue: ComplaintIssue) -> LinkAnswer:
    """LK11: trouble at posting: the collecting outlet; more surely where a scan of collection was long not followed."""
    first = next((stretch for stretch in trace.stretches if stretch.link is _L.COLLECT), None)
    if first is None:
        return _C.NOT_COLLECTED
    if issue.detail == "FALSE_PICKUP" and first.excess:
        return _gap(first, (), bonus=15)
    return LinkProposal(
        _L.COLLECT, first.region, 60, (first.scan.event_id,), _C.COLLECTED, _state(first.scan)
    )


def compensation(trace: Trace, issue: ComplaintIssue) -> LinkAnswer:
    """LK12: the item arrived or came back, and what is disputed is what was paid: the enterprise's service (客服)."""
    if issue.detail not in _COMPENSATION or not trace.has_ended:
        return _C.NOT_ABOUT_COMPENSATION
    ends = trace.last(ENDED)
    assert ends is not None  # noqa: S101 - a trace that has ended has such a scan
    code = _C.COMPENSATION_DISPUTED
    return LinkProposal(_L.CUSTOMER_SERVICE, None, 40, (ends.event_id,), code, _state(ends))
