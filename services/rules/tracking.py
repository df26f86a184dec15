"""What a scan means: the states of Kdniao (快递鸟) and the events of the UPU mapped to one small set of our own.

Kdniao's 41 states are those of `kdnmcp` 1.0.4 (MIT). The UPU's events (EMSEVT V3, for items with an S10 number) up to EDD
stand on a page about them [V3]; those after it are from memory [M]. What each means here is a project rule [P]. A code
that is not in the table is UNKNOWN: it is stored, counted and reported, and never dropped.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple


class System(StrEnum):
    """The system of a carrier's codes."""

    KDNIAO = "KDNIAO"
    S10 = "S10"
    SHENSU = "SHENSU"


class TraceState(StrEnum):
    """Where an item stands, as far as the failing of a link is concerned."""

    UNKNOWN = "UNKNOWN"
    NONE = "NONE"
    AWAITING_COLLECTION = "AWAITING_COLLECTION"
    COLLECTED = "COLLECTED"
    DISPATCHED = "DISPATCHED"
    AT_SORTING = "AT_SORTING"
    IN_TRANSIT = "IN_TRANSIT"
    AT_DESTINATION = "AT_DESTINATION"
    AT_OUTLET = "AT_OUTLET"
    OUT_FOR_DELIVERY = "OUT_FOR_DELIVERY"
    IN_LOCKER_OR_STATION = "IN_LOCKER_OR_STATION"
    TAKEN_FROM_STATION = "TAKEN_FROM_STATION"
    SIGNED = "SIGNED"
    SIGNED_BY_OTHER = "SIGNED_BY_OTHER"
    SIGNED_AT_STATION = "SIGNED_AT_STATION"
    EXCEPTION = "EXCEPTION"
    EXCEPTION_SILENT = "EXCEPTION_SILENT"
    EXCEPTION_HELD = "EXCEPTION_HELD"
    EXCEPTION_MISSORTED = "EXCEPTION_MISSORTED"
    EXCEPTION_DAMAGED = "EXCEPTION_DAMAGED"
    EXCEPTION_DELIVERY = "EXCEPTION_DELIVERY"
    EXCEPTION_ADDRESSEE = "EXCEPTION_ADDRESSEE"
    EXCEPTION_NOT_PICKED_UP = "EXCEPTION_NOT_PICKED_UP"
    EXCEPTION_REFUSED = "EXCEPTION_REFUSED"
    EXCEPTION_INTERCEPTED = "EXCEPTION_INTERCEPTED"
    CANCELLED = "CANCELLED"
    RETURNING = "RETURNING"
    RETURNED = "RETURNED"
    FORWARDED_ELSEWHERE = "FORWARDED_ELSEWHERE"
    CUSTOMS = "CUSTOMS"
    CUSTOMS_CLEARED = "CUSTOMS_CLEARED"
    EXCEPTION_CUSTOMS = "EXCEPTION_CUSTOMS"


class Meaning(NamedTuple):
    """What a code is called where it comes from, and which state it is here."""

    name: str
    state: TraceState


_T = TraceState
KDNIAO: Mapping[str, Meaning] = MappingProxyType(
    {
        "0": Meaning("暂无轨迹信息", _T.NONE),
        "1": Meaning("已揽收", _T.COLLECTED),
        "10": Meaning("待揽件", _T.AWAITING_COLLECTION),
        "2": Meaning("在途中", _T.IN_TRANSIT),
        "201": Meaning("到达派件城市", _T.AT_DESTINATION),
        "202": Meaning("派件中", _T.OUT_FOR_DELIVERY),
        "204": Meaning("到达转运中心", _T.AT_SORTING),
        "205": Meaning("到达派件网点", _T.AT_OUTLET),
        "206": Meaning("寄件网点发件", _T.DISPATCHED),
        "211": Meaning("已放入快递柜或驿站", _T.IN_LOCKER_OR_STATION),
        "3": Meaning("已签收", _T.SIGNED),
        "301": Meaning("正常签收", _T.SIGNED),
        "302": Meaning("异常后最终签收", _T.SIGNED),
        "304": Meaning("代收签收", _T.SIGNED_BY_OTHER),
        "311": Meaning("快递柜或驿站签收", _T.SIGNED_AT_STATION),
        "4": Meaning("问题件", _T.EXCEPTION),
        "401": Meaning("发货无信息", _T.EXCEPTION_SILENT),
        "402": Meaning("超时未签收", _T.EXCEPTION_DELIVERY),
        "403": Meaning("超时未更新", _T.EXCEPTION_SILENT),
        "404": Meaning("拒收（退件）", _T.EXCEPTION_REFUSED),
        "405": Meaning("派件异常", _T.EXCEPTION_DELIVERY),
        "406": Meaning("退货签收", _T.RETURNED),
        "407": Meaning("退货未签收", _T.RETURNING),
        "412": Meaning("快递柜或驿站超时未取", _T.EXCEPTION_NOT_PICKED_UP),
        "413": Meaning("单号已拦截", _T.EXCEPTION_INTERCEPTED),
        "414": Meaning("破损", _T.EXCEPTION_DAMAGED),
        "415": Meaning("客户取消发货", _T.CANCELLED),
        "416": Meaning("无法联系", _T.EXCEPTION_ADDRESSEE),
        "417": Meaning("配送延迟", _T.EXCEPTION_DELIVERY),
        # by whom it was taken out is not said: it is not held for a signature
        "418": Meaning("快件取出", _T.TAKEN_FROM_STATION),
        "419": Meaning("重新派送", _T.OUT_FOR_DELIVERY),
        "420": Meaning("收货地址不详细", _T.EXCEPTION_ADDRESSEE),
        "421": Meaning("收件人电话错误", _T.EXCEPTION_ADDRESSEE),
        "422": Meaning("错分件", _T.EXCEPTION_MISSORTED),
        "423": Meaning("超区件", _T.EXCEPTION_DELIVERY),
        "5": Meaning("转寄", _T.FORWARDED_ELSEWHERE),
        "6": Meaning("清关", _T.CUSTOMS),
        "601": Meaning("待清关", _T.CUSTOMS),
        "602": Meaning("清关中", _T.CUSTOMS),
        "603": Meaning("已清关", _T.CUSTOMS_CLEARED),
        "604": Meaning("清关异常", _T.EXCEPTION_CUSTOMS),
    }
)
S10: Mapping[str, Meaning] = MappingProxyType(
    {
        "EMA": Meaning("posting or collection", _T.COLLECTED),
        "EMB": Meaning("arrival at the outward office of exchange", _T.AT_SORTING),
        "EXA": Meaning("presented to export customs or security", _T.CUSTOMS),
        "EXB": Meaning("held by export customs or security", _T.EXCEPTION_CUSTOMS),
        "EXC": Meaning("returned from export customs or security", _T.CUSTOMS_CLEARED),
        "EXD": Meaning("held at the outward office of exchange", _T.EXCEPTION_HELD),
        "EXX": Meaning("export cancelled", _T.CANCELLED),
        "EMC": Meaning("departure from the outward office of exchange", _T.IN_TRANSIT),
        "EMJ": Meaning("arrival at a transit office of exchange", _T.AT_SORTING),
        "EMK": Meaning("departure from a transit office of exchange", _T.IN_TRANSIT),
        "EMD": Meaning("arrival at the inward office of exchange", _T.AT_DESTINATION),
        "EDA": Meaning("held at the inward office of exchange", _T.EXCEPTION_HELD),
        "EDB": Meaning("presented to import customs", _T.CUSTOMS),
        "EME": Meaning("held by import customs", _T.EXCEPTION_CUSTOMS),
        "EDC": Meaning("returned from import customs", _T.CUSTOMS_CLEARED),
        "EMF": Meaning("departure from the inward office of exchange", _T.IN_TRANSIT),
        "EDD": Meaning("into a sorting centre", _T.AT_SORTING),
        # from here on from memory [M]
        "EDE": Meaning("out of a sorting centre", _T.IN_TRANSIT),
        "EDF": Meaning("held at the delivery office", _T.EXCEPTION_HELD),
        "EMG": Meaning("arrival at the delivery office", _T.AT_OUTLET),
        "EDG": Meaning("out for physical delivery", _T.OUT_FOR_DELIVERY),
        "EMH": Meaning("attempted delivery", _T.EXCEPTION_DELIVERY),
        "EDH": Meaning("arrival at a collection point", _T.IN_LOCKER_OR_STATION),
        "EMI": Meaning("final delivery", _T.SIGNED),
        "EDX": Meaning("import terminated", _T.CANCELLED),
    }
)
SHENSU: Mapping[str, Meaning] = MappingProxyType({state: Meaning(state, state) for state in TraceState})
_CODES = {System.KDNIAO: KDNIAO, System.S10: S10, System.SHENSU: SHENSU}

SIGNED = frozenset({_T.SIGNED, _T.SIGNED_BY_OTHER, _T.SIGNED_AT_STATION})
ENDED = SIGNED | {_T.RETURNED, _T.CANCELLED}
"""States in which the item is no longer in the carrier's hands, or never was."""


def state_of(system: System, code: str) -> TraceState:
    """Return the state that a code means; UNKNOWN for one that is not in the table."""
    meaning = _CODES[system].get(code)
    return meaning.state if meaning is not None else TraceState.UNKNOWN


class Scan(NamedTuple):
    """One scan: its order first, so that scans sort as they happened."""

    at: datetime
    seq: int
    event_id: str
    state: TraceState
    region: str | None = None


class Summary(NamedTuple):
    """What all scans of an item say together: where it stands, since when nothing was heard, how many there are."""

    state: TraceState
    latest_scan_at: datetime
    events: int
    unknown: int


def in_order(scans: Iterable[Scan]) -> tuple[Scan, ...]:
    """Return each scan once, as they happened: by moment, the sender's own order, and at last by their numbers."""
    return tuple(sorted({scan.event_id: scan for scan in scans}.values(), key=lambda scan: scan[:3]))


def summary(scans: Sequence[Scan]) -> Summary:
    """Return what scans in order say together; there is at least one.

    The last scan that says anything tells where the item stands: an unknown code hides nothing, and neither does the
    word that there is no trace. So it depends on the scans alone, never on how they came in.
    """
    telling = [scan.state for scan in scans if scan.state not in {TraceState.UNKNOWN, TraceState.NONE}]
    unknown = sum(scan.state is TraceState.UNKNOWN for scan in scans)
    silent = TraceState.UNKNOWN if unknown else TraceState.NONE
    return Summary(telling[-1] if telling else silent, scans[-1].at, len(scans), unknown)
