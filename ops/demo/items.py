"""Items and issues of the demo's complaints: enterprises, their waybill numbers, issues and causes, by weight."""

from collections.abc import Callable, Mapping
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

from ops.demo.margins import CHINA_POST

T = TypeVar("T")
_SPREAD = 7_919_391
"""Coprime to ten: multiples of it modulo a power of ten do not repeat."""
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


class Weighted(Generic[T]):
    """Values drawn by weight."""

    def __init__(self, weights: Mapping[T, float]) -> None:
        self.values = tuple(weights)
        self._cumulated = tuple(accumulate(weights.values()))

    def draw(self, random: Random) -> T:
        """Return one of the values."""
        return random.choices(self.values, cum_weights=self._cumulated)[0]


# fictitious, plausible for early 2021: the circulars of these months have no counts by enterprise
EXPRESS_CARRIERS = Weighted(
    {
        "STO": 15,
        "YTO": 15,
        "YD": 13,
        "ZTO": 12,
        "HTKY": 12,
        "JTSD": 9,
        "EMS": 6,
        "SF": 4,
        "HHTT": 3,
        "JD": 3,
        "DBL": 2.5,
        "UC": 1,
        "ZJS": 0.6,
        "SNWL": 0.6,
        "DNWL": 0.6,
        "ZYE": 0.5,
        "KYSY": 0.3,
        "SINOAIRINEX": 0.2,
        "DHL": 0.2,
        "FEDEX": 0.2,
        "UPS": 0.1,
        "TNT": 0.05,
        "PJ": 0.2,
        "RRS": 0.2,
        "JGSD": 0.1,
        "SURE": 0.1,
        "CNSD": 0.1,
        "ANE": 0.1,
    }
)
EXPRESS_ISSUES = Weighted(
    {
        "LOSS_SHORTAGE": 33,
        "DELIVERY_SERVICE": 27,
        "DELAY": 20,
        "DAMAGE": 12,
        "ACCEPTANCE_SERVICE": 3,
        "OTHER": 2.2,
        "OVERCHARGE": 2,
        "COD": 0.8,
    }
)
POSTAL_ISSUES = Weighted(
    {
        "DELIVERY_SERVICE": 48,
        "DELAY": 22,
        "LOSS_SHORTAGE": 19,
        "DAMAGE": 3,
        "ACCEPTANCE_SERVICE": 4,
        "OTHER": 2.5,
        "OVERCHARGE": 1.5,
    }
)
POSTAL_TYPES = Weighted(
    {
        "LETTER": 46,
        "PARCEL": 31,
        "PERIODICAL": 12,
        "PHILATELY": 4,
        "OTHER": 5,
        "REMITTANCE": 2,
    }
)
CAUSES: Mapping[str, Weighted[str]] = {
    "DELIVERY_SERVICE": Weighted(
        {
            "FALSE_SIGN": 34,
            "NOT_TO_ADDRESS": 26,
            "LOCKER_NO_CONSENT": 18,
            "REFUSED_DOOR": 8,
            "PROXY_SIGN": 7,
            "ATTITUDE": 5,
            "NO_INSPECTION": 2,
        }
    ),
    "DELAY": Weighted({"TRANSIT_DELAY": 62, "DELIVERY_DELAY": 24, "PICKUP_DELAY": 5, "BACKLOG": 9}),
    "LOSS_SHORTAGE": Weighted(
        {"COMP_AMOUNT": 46, "NOT_COMPENSATED": 27, "TOTAL_LOSS": 16, "CONTENT_SHORTAGE": 11}
    ),
    "DAMAGE": Weighted({"DAMAGE_COMP_AMOUNT": 78, "ROUGH_HANDLING": 22}),
    "ACCEPTANCE_SERVICE": Weighted({"INSPECTION_REALNAME": 20, "FALSE_PICKUP": 45, "UNLAWFUL_REFUSAL": 35}),
    "OVERCHARGE": Weighted({"LAST_MILE_SURCHARGE": 60, "ABOVE_TARIFF": 40}),
    "COD": Weighted({"NOT_REMITTED": 65, "INSPECTION_REFUSED": 35}),
    "OTHER": Weighted({"TRACKING_INACCURATE": 80, "PRIVACY": 20}),
}
CHANNELS = Weighted(
    {
        "WEB": 41,
        "PHONE_12305": 33,
        "WECHAT": 20,
        "HOTLINE_12345": 4,
        "LETTER": 1,
        "UPPER_BUREAU": 0.7,
        "FAX": 0.3,
    }
)
ENTERPRISE_OUTCOMES = Weighted({"DISSATISFIED": 75, "UNPROCESSED": 18, "CHANNEL_BLOCKED": 7})
VALID_FINDINGS = Weighted(
    {
        ("ENTERPRISE", "SETTLED"): 85,
        ("ENTERPRISE", "MEDIATED"): 10,
        ("ENTERPRISE", "MEDIATION_FAILED"): 5,
    }
)
OTHER_FINDINGS = Weighted(
    {
        ("NONE", "NO_FAULT_EXPLAINED"): 80,
        ("UNDETERMINED", "UNREACHABLE"): 5,
        ("UNDETERMINED", "SETTLED"): 8,
        ("USER", "OTHER"): 4,
        ("FORCE_MAJEURE", "OTHER"): 3,
    }
)
"""Responsibility and close reason, of valid complaints and of the others."""


def _digits(number: int, length: int) -> str:
    return f"{number * _SPREAD % 10**length:0{length}d}"


def _s10(service: str) -> Callable[[int], str]:
    def build(number: int) -> str:
        serial = _digits(number, 8)
        total = sum(weight * int(digit) for weight, digit in zip(_S10_WEIGHTS, serial, strict=True))
        remainder = 11 - total % 11
        check = {10: 0, 11: 5}.get(remainder, remainder)
        return f"{service}{serial}{check}CN"

    return build


def _numbered(prefix: str, length: int) -> Callable[[int], str]:
    return lambda number: prefix + _digits(number, length)


_WAYBILLS: Mapping[str, Callable[[int], str]] = {
    CHINA_POST: _s10("XA"),
    "EMS": _numbered("11", 11),
    "SF": _numbered("SF1", 12),
    "ZTO": _numbered("7", 13),
    "STO": _numbered("77", 13),
    "YTO": _numbered("YT", 13),
    "YD": _numbered("43", 11),
    "JTSD": _numbered("JT", 13),
    "JD": _numbered("JDV", 12),
    "DBL": _numbered("DPK", 12),
    "HTKY": _numbered("55", 12),
    "HHTT": _numbered("TT", 13),
    "CNSD": _numbered("61", 13),
    "KYSY": _numbered("KY", 13),
    "UPS": _numbered("1ZCN", 14),
    "DHL": _numbered("3", 9),
    "TNT": _numbered("", 9),
}
_ORDINARY = _numbered("9", 11)


def waybill(carrier: str, number: int) -> str:
    """Return the nth waybill number of an enterprise, in the form of its numbers."""
    return _WAYBILLS.get(carrier, _ORDINARY)(number)
