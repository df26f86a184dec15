"""The tables of a circular, from its cells: plain arithmetic, every percentage by `services.rules.metrics.rounding`.

A month that has no cells at all was not counted, so there is nothing to compare with (null), which is not the
same as a fall from zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.circulars.cells import Cells, ReplyFaults
from services.circulars.layout import (
    ByBusiness,
    CarrierRow,
    CarrierTable,
    CircularSummary,
    ComparedCount,
    IssueRow,
    IssueTable,
    PartialCount,
    ProvinceCount,
    Satisfaction,
)
from services.figures import definitions
from services.figures.names import BUSINESS_TYPES
from services.rules.metrics import rounding
from services.rules.metrics.measures import Measure
from shared.vocabulary import Business


@dataclass(frozen=True, slots=True)
class Months:
    """The circular's month, the one before, the same of last year; None where nothing was counted."""

    now: Cells
    before: Cells | None
    year_before: Cells | None


def _changes(
    months: Months, measure: Measure, *, business: str | None = None, issue: str | None = None
) -> ComparedCount:
    now = months.now.sum(measure, business=business, issue=issue)
    before, year_before = (
        None if cells is None else cells.sum(measure, business=business, issue=issue)
        for cells in (months.before, months.year_before)
    )
    return ComparedCount(
        count=now,
        period_on_period=definitions.as_number(rounding.change(now, before)),
        year_on_year=definitions.as_number(rounding.change(now, year_before)),
    )


def _share(count: int, total: int) -> float | None:
    return definitions.as_number(rounding.share(count, total))


def _by_business(months: Months, measure: Measure) -> ByBusiness:
    total = _changes(months, measure)
    postal, express = (
        _changes(months, measure, business=business) for business in (Business.POSTAL, Business.EXPRESS)
    )
    return ByBusiness(
        total=total,
        postal=PartialCount(**dict(postal), share=_share(postal.count, total.count)),
        express=PartialCount(**dict(express), share=_share(express.count, total.count)),
    )


def _satisfaction(now: Cells, measure: Measure, business: Business | None = None) -> Satisfaction:
    satisfied, valid = now.sum(measure, business=business), now.sum(Measure.VALID, business=business)
    percent = definitions.as_number(rounding.satisfaction(satisfied, valid))
    return Satisfaction(satisfied=satisfied, valid=valid, percent=percent)


def summary(months: Months, basis: Measure) -> CircularSummary:
    """Return T1 (总体情况): totals, valid, shares, changes, satisfaction, replies, money recovered."""
    now = months.now
    valid, recovered = _by_business(months, Measure.VALID), now.sum(Measure.RECOVERED_FEN)
    return CircularSummary(
        complaints=_by_business(months, basis),
        valid=valid,
        valid_ratio=_share(valid.total.count, now.sum(Measure.CLOSED)),
        satisfaction_administration=_satisfaction(now, Measure.SATISFIED_ADMINISTRATION),
        satisfaction_enterprise_postal=_satisfaction(now, Measure.SATISFIED_ENTERPRISE, Business.POSTAL),
        satisfaction_enterprise_express=_satisfaction(now, Measure.SATISFIED_ENTERPRISE, Business.EXPRESS),
        reply_overdue=now.sum(Measure.REPLY_OVERDUE),
        reply_untruthful=now.sum(Measure.REPLY_UNTRUTHFUL),
        recovered_fen=recovered,
        recovered=float(rounding.recovered_wan_yuan(recovered)),
    )


def issues(
    title: str, months: Months, measure: Measure, business: Business, names: Mapping[str, str]
) -> IssueTable:
    """Return an issue table (T4, T5, T6): counts, shares, changes, and for postal the business types."""
    total = _changes(months, measure, business=business)
    codes = [*names, *sorted(months.now.issues() - names.keys())]
    rows = []
    for issue in sorted(codes, key=lambda code: -months.now.sum(measure, business=business, issue=code)):
        changes = _changes(months, measure, business=business, issue=issue)
        if not any((changes.count, changes.period_on_period, changes.year_on_year)):
            continue
        rows.append(
            IssueRow(
                issue=issue,
                name=names.get(issue, issue),
                **dict(changes),
                share=_share(changes.count, total.count),
                **_types(months.now, measure, business, issue),
            )
        )
    return IssueTable(title=title, total=total, rows=rows, **_types(months.now, measure, business))


def _types(
    now: Cells, measure: Measure, business: Business, issue: str | None = None
) -> dict[str, dict[str, int]]:
    """Return the counts by business type, for a postal table."""
    if business is not Business.POSTAL:
        return {}
    counts = {
        kind: now.sum(measure, business=business, issue=issue, business_type=kind) for kind in BUSINESS_TYPES
    }
    return {"by_business_type": {kind: count for kind, count in counts.items() if count}}


def by_carrier(
    title: str,
    counts: Mapping[tuple[str, str], int],
    carriers: Mapping[str, str],
    provinces: Mapping[str, str],
) -> CarrierTable:
    """Return T2 (企业逾期情况表) or T3 (企业答复不属实情况表) from counts by carrier and province, with both margins."""
    of_carriers: dict[str, dict[str, int]] = {}
    of_provinces: dict[str, int] = {}
    for (carrier, province), count in counts.items():
        of_carriers.setdefault(carrier, {})[province] = count
        of_provinces[province] = of_provinces.get(province, 0) + count
    rows = [
        CarrierRow(
            carrier=carrier,
            name=carriers.get(carrier, carrier),
            count=sum(of_carrier.values()),
            provinces=_largest_first(of_carrier, provinces),
        )
        for carrier, of_carrier in of_carriers.items()
    ]
    return CarrierTable(
        title=title,
        total=sum(of_provinces.values()),
        provinces=_largest_first(of_provinces, provinces),
        rows=sorted(rows, key=lambda row: (-row.count, row.carrier)),
    )


def _largest_first(counts: Mapping[str, int], names: Mapping[str, str]) -> list[ProvinceCount]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [ProvinceCount(province=code, name=names.get(code, code), count=count) for code, count in ordered]


def counts_of(faults: Sequence[ReplyFaults], measure: Measure) -> dict[tuple[str, str], int]:
    """Return the counts of late or of untruthful replies by carrier and province, without zeros."""
    counts = {
        (each.carrier, each.province): each.overdue if measure is Measure.REPLY_OVERDUE else each.untruthful
        for each in faults
    }
    return {key: count for key, count in counts.items() if count}
