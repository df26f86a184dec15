"""The definition of every published figure: each answer carries those it was made by."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from services.rules.metrics.measures import Measure

_CIRCULAR = "国家邮政局邮政业用户申诉情况通告"


@dataclass(frozen=True, slots=True)
class Metric:
    """What a figure means: its formula, its unit, what it is a part of, its decimals, and where that is written."""

    code: str
    version: str
    zh: str
    en: str
    formula: str
    unit: str
    denominator: str | None
    decimals: int
    source: str
    rounding: str = "ROUND_HALF_UP"


def _count(measure: Measure) -> Metric:
    unit = "fen" if measure.sum_of else "case"
    return Metric(measure.value, "1", measure.zh, measure.en, measure.formula, unit, None, 0, _CIRCULAR)


def _percent(code: str, zh: str, en: str, numerator: str, denominator: str) -> Metric:
    formula = f"100 × {numerator} ÷ {denominator}"
    return Metric(code, "1", zh, en, formula, "percent", denominator, 1, _CIRCULAR)


def _change(code: str, zh: str, en: str, before: str) -> Metric:
    return _percent(code, zh, en, f"(count − count of the {before})", f"count of the {before}")


_ALL = (
    *map(_count, Measure),
    _percent("valid_ratio", "有效申诉占比", "valid of all closed", "valid", "closed"),
    _percent("share", "占比", "part of the total of the same table", "count", "total of the table"),
    _change("period_on_period", "环比", "change from the period before", "period before"),
    _change("year_on_year", "同比", "change from last year", "same period of last year"),
    _percent(
        "satisfaction_administration",
        "对邮政管理部门有效申诉处理工作满意率",
        "valid cases whose user is satisfied with the administration",
        "satisfied_administration",
        "valid",
    ),
    _percent(
        "satisfaction_enterprise_postal",
        "对邮政企业有效申诉处理结果满意率",
        "valid postal cases whose user is satisfied with the postal enterprise",
        "satisfied_enterprise of business POSTAL",
        "valid of business POSTAL",
    ),
    _percent(
        "satisfaction_enterprise_express",
        "对快递企业有效申诉处理结果满意率",
        "valid express cases whose user is satisfied with the express enterprise",
        "satisfied_enterprise of business EXPRESS",
        "valid of business EXPRESS",
    ),
    Metric(
        "recovered",
        "1",
        "挽回经济损失",
        "compensation and refunds paid to users through closed cases",
        "recovered_fen ÷ 1000000",
        "万元",
        None,
        1,
        _CIRCULAR,
    ),
)

METRICS: Mapping[str, Metric] = MappingProxyType({metric.code: metric for metric in _ALL})
"""Definitions by code; a definition that changes gets a new version, so that old figures stay explained."""
