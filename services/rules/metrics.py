"""Every published figure: its definition, its version and its rounding, in one place (rulebook 6).

Arithmetic is exact (integers and fractions, never floats) and rounded once, half up, as the circulars do.
Each answer of the analytics carries the definition it was made by.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

_FEN_PER_WAN_YUAN = 1_000_000


@dataclass(frozen=True, slots=True)
class Metric:
    """What a figure means: its unit, what it is a part of, its decimals, and where that is written."""

    key: str
    version: str
    zh: str
    en: str
    unit: str
    denominator: str | None
    decimals: int
    source: str
    rounding: str = "ROUND_HALF_UP"


def round_half_up(value: Decimal | Fraction | int, places: int) -> Decimal:
    """Round to `places` decimals, halves away from zero; the result shows exactly that many."""
    scaled = abs(Fraction(value)) * 10**places
    quotient, remainder = divmod(scaled.numerator, scaled.denominator)
    if 2 * remainder >= scaled.denominator:
        quotient += 1
    sign = "-" if value < 0 and quotient else ""
    return Decimal(f"{sign}{quotient}E-{places}")


def share(n: int, total: int, places: int = 1) -> Decimal | None:
    """Return `n` in percent of `total`; None where the total is 0. Circulars of 2023 show 2 places."""
    return round_half_up(Fraction(100 * n, total), places) if total else None


def change(now: int, before: int | None, places: int = 1) -> Decimal | None:
    """Return the change in percent from `before` to `now`; None where there was nothing to change from."""
    return round_half_up(Fraction(100 * (now - before), before), places) if before else None


def satisfaction(satisfied: int, valid: int, places: int = 1) -> Decimal | None:
    """Return the satisfied in percent of the valid closed cases; None where there are none.

    Rulebook 6 [V3 S13]. How the circulars count users whom no call reached is not known: here they stay among
    the valid.
    """
    return share(satisfied, valid, places)


def recovered_wan_yuan(fen: int, places: int = 1) -> Decimal:
    """Return money recovered for users (挽回经济损失) in 万元. Rulebook 6 [V2 S11 S14]."""
    return round_half_up(Fraction(fen, _FEN_PER_WAN_YUAN), places)


_CIRCULAR = "国家邮政局邮政业用户申诉情况通告 (rulebook 6)"


def _count(key: str, zh: str, en: str) -> Metric:
    return Metric(key, "1", zh, en, unit="case", denominator=None, decimals=0, source=_CIRCULAR)


def _percent(key: str, zh: str, en: str, denominator: str) -> Metric:
    return Metric(key, "1", zh, en, unit="percent", denominator=denominator, decimals=1, source=_CIRCULAR)


_ALL = (
    _count("received", "接收申诉", "complaints received, on the day of receipt"),
    _count("accepted", "受理申诉", "complaints accepted, on the day of acceptance"),
    _count("closed", "处理申诉", "complaints processed, on the day of closing"),
    _count("valid", "有效申诉", "closed with the enterprise responsible (rulebook 0)"),
    _percent("valid_ratio", "有效申诉占比", "valid of all closed", "closed"),
    _percent("share", "占比", "part of the total of the same table", "total of the table"),
    _percent("month_on_month", "环比", "change from the period before", "period before"),
    _percent("year_on_year", "同比", "change from last year", "same period of last year"),
    _percent(
        "satisfaction_administration",
        "对邮政管理部门有效申诉处理工作满意率",
        "valid cases whose user is satisfied with the administration",
        "valid",
    ),
    _percent(
        "satisfaction_enterprise_postal",
        "对邮政企业有效申诉处理结果满意率",
        "valid postal cases whose user is satisfied with the postal enterprise",
        "valid postal",
    ),
    _percent(
        "satisfaction_enterprise_express",
        "对快递企业有效申诉处理结果满意率",
        "valid express cases whose user is satisfied with the express enterprise",
        "valid express",
    ),
    _count("reply_overdue", "逾期答复", "closed cases whose enterprise replied late"),
    _count("reply_untruthful", "答复不属实", "closed cases whose enterprise's reply was untruthful"),
    Metric(
        "recovered",
        "1",
        "挽回经济损失",
        "compensation and refunds paid to users through closed cases",
        unit="万元",
        denominator=None,
        decimals=1,
        source=_CIRCULAR,
    ),
)

METRICS: Mapping[str, Metric] = MappingProxyType({metric.key: metric for metric in _ALL})
"""Definitions by key; a definition that changes gets a new version, so that old figures stay explained."""
