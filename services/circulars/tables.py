"""The tables of a circular, from its cells: plain arithmetic, every percentage by `services.rules.metrics`.

A month that has no cells at all was not counted, so there is nothing to compare with (null), which is not the
same as a fall from zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.circulars.cells import Cells, Quality
from services.figures.names import BUSINESS_TYPES
from services.rules import metrics
from shared.vocabulary import Business


@dataclass(frozen=True, slots=True)
class Months:
    """The circular's month, the one before, the same of last year; None where nothing was counted."""

    now: Cells
    before: Cells | None
    year_before: Cells | None


def number(value: Decimal | None) -> float | None:
    """Return a rounded figure as a JSON number."""
    return None if value is None else float(value)


def _count(
    months: Months, measure: str, *, business: str | None = None, issue: str | None = None
) -> dict[str, Any]:
    now = months.now.sum(measure, business=business, issue=issue)
    before, year_before = (
        None if cells is None else cells.sum(measure, business=business, issue=issue)
        for cells in (months.before, months.year_before)
    )
    return {
        "count": now,
        "month_on_month": number(metrics.change(now, before)),
        "year_on_year": number(metrics.change(now, year_before)),
    }


def _by_business(months: Months, measure: str) -> dict[str, Any]:
    total = _count(months, measure)
    parts: dict[str, Any] = {"total": total}
    for name, business in (("postal", Business.POSTAL), ("express", Business.EXPRESS)):
        part = _count(months, measure, business=business)
        parts[name] = {**part, "share": number(metrics.share(part["count"], total["count"]))}
    return parts


def _satisfaction(satisfied: int, valid: int) -> dict[str, Any]:
    return {"satisfied": satisfied, "valid": valid, "percent": number(metrics.satisfaction(satisfied, valid))}


def summary(months: Months, basis: str) -> dict[str, Any]:
    """Return T1 (总体情况): totals, valid, shares, changes, satisfaction, replies, money recovered."""
    now = months.now
    complaints, valid = _by_business(months, basis), _by_business(months, "valid")
    recovered = now.sum("recovered_fen")
    return {
        "complaints": complaints,
        "valid": valid,
        "valid_ratio": number(metrics.share(valid["total"]["count"], now.sum("closed"))),
        "satisfaction": {
            "administration": _satisfaction(now.sum("satisfied_administration"), now.sum("valid")),
            **{
                f"{name}_enterprise": _satisfaction(
                    now.sum("satisfied_enterprise", business=business),
                    now.sum("valid", business=business),
                )
                for name, business in (("postal", Business.POSTAL), ("express", Business.EXPRESS))
            },
        },
        "overdue": now.sum("reply_overdue"),
        "untruthful": now.sum("reply_untruthful"),
        "recovered_fen": recovered,
        "recovered_wan_yuan": number(metrics.recovered_wan_yuan(recovered)),
    }


def issues(
    title: str, months: Months, measure: str, business: Business, names: Mapping[str, str]
) -> dict[str, Any]:
    """Return an issue table (T4, T5, T6): counts, shares, changes, and for postal the business types."""
    total = months.now.sum(measure, business=business)
    codes = [*names, *sorted(months.now.issues() - names.keys())]
    rows = []
    for issue in sorted(codes, key=lambda code: -months.now.sum(measure, business=business, issue=code)):
        row = _count(months, measure, business=business, issue=issue)
        if not any(row.values()):
            continue
        row = {
            "issue": issue,
            "name": names.get(issue, issue),
            **row,
            "share": number(metrics.share(row["count"], total)),
        }
        if business is Business.POSTAL:
            row["by_business_type"] = _by_type(months.now, measure, issue=issue)
        rows.append(row)
    table = {"title": title, "total": _count(months, measure, business=business), "rows": rows}
    if business is Business.POSTAL:
        table["by_business_type"] = _by_type(months.now, measure)
    return table


def _by_type(now: Cells, measure: str, issue: str | None = None) -> dict[str, int]:
    counts = {
        kind: now.sum(measure, business=Business.POSTAL, issue=issue, business_type=kind)
        for kind in BUSINESS_TYPES
    }
    return {kind: count for kind, count in counts.items() if count}


def by_company(
    title: str,
    quality: Sequence[Quality],
    measure: str,
    carriers: Mapping[str, str],
    provinces: Mapping[str, str],
) -> dict[str, Any]:
    """Return T2 (企业逾期情况表) or T3 (企业答复不属实情况表): enterprise by province, with both margins."""
    cells = [(one.carrier, one.province, getattr(one, measure)) for one in quality if getattr(one, measure)]
    rows = []
    for carrier in {cell[0] for cell in cells}:
        of_carrier = {province: count for code, province, count in cells if code == carrier}
        rows.append(
            {
                "carrier": carrier,
                "name": carriers.get(carrier, carrier),
                "count": sum(of_carrier.values()),
                "provinces": _named_largest_first(of_carrier, provinces),
            }
        )
    margin: dict[str, int] = {}
    for _, province, count in cells:
        margin[province] = margin.get(province, 0) + count
    return {
        "title": title,
        "total": sum(margin.values()),
        "provinces": _named_largest_first(margin, provinces),
        "rows": sorted(rows, key=lambda row: (-row["count"], row["carrier"])),
    }


def _named_largest_first(counts: Mapping[str, int], names: Mapping[str, str]) -> list[dict[str, Any]]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [{"province": code, "name": names.get(code, code), "count": count} for code, count in ordered]
