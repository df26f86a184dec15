"""One month's circular: summary (T1), late and untruthful replies (T2, T3), issues (T4–T6), prose."""

from datetime import date
from typing import Any

from services.circulars import cells, prose, tables
from services.circulars.cells import Cells
from services.figures import definitions, names, query, state
from services.figures.query import Basis, Dimension, Period
from shared.database import Database
from shared.errors import FieldError, InvalidInputError
from shared.vocabulary import Business

BASES = (Basis.CLOSED, Basis.RECEIVED, Basis.ACCEPTED)
"""处理 (circulars of 2018–2022), 接收, 受理 (to 2016 and 2023)."""
_DEFINED = (
    "valid",
    "valid_ratio",
    "share",
    "month_on_month",
    "year_on_year",
    "satisfaction_administration",
    "satisfaction_enterprise_postal",
    "satisfaction_enterprise_express",
    "reply_overdue",
    "reply_untruthful",
    "recovered",
)


def month_named(period: str) -> date:
    """Return the first day of a month `YYYY-MM`. Raises InvalidInputError."""
    return query.named(Period.MONTH, period, parameter="period")


async def circular(db: Database, period: str, basis: Basis = Basis.CLOSED) -> dict[str, Any]:
    """Return the circular of a month (`YYYY-MM`) by receipt, acceptance or closing; valid by closing.

    Reads a few rows of facts, however many complaints there are. Where the month before or the year before
    was never counted, its change is null. Raises InvalidInputError for a period that is none and for the
    basis `valid`.
    """
    month = month_named(period)
    if basis not in BASES:
        raise InvalidInputError(
            "A circular counts all complaints by one event.",
            [FieldError("/basis", "enum", f"send one of {', '.join(BASES)}")],
        )
    before, year_before = query.shifted(Period.MONTH, month, -1), query.year_before(Period.MONTH, month)
    months_read = [one for one in (month, before, year_before) if one is not None]
    async with db.transaction() as connection:
        seen = await state.hold_still(connection)
        called = await names.of(connection, (Dimension.CARRIER, Dimension.ISSUE, Dimension.PROVINCE))
        found = await cells.of_months(connection, months_read)
        quality = await cells.quality_of(connection, month)
    months = tables.Months(
        found.get(month, Cells()), found.get(before), None if year_before is None else found.get(year_before)
    )
    summary = tables.summary(months, basis)
    issues, companies = called[Dimension.ISSUE], (called[Dimension.CARRIER], called[Dimension.PROVINCE])
    return {
        "figure": "circular",
        "period": period,
        **definitions.envelope(seen, basis, _DEFINED),
        "summary": summary,
        "tables": {
            "T2": tables.by_company("企业逾期情况表", quality, "overdue", *companies),
            "T3": tables.by_company("企业答复不属实情况表", quality, "untruthful", *companies),
            "T4": tables.issues("邮政服务问题申诉量情况统计表", months, basis, Business.POSTAL, issues),
            "T5": tables.issues("邮政服务问题有效申诉量情况统计表", months, "valid", Business.POSTAL, issues),
            "T6": tables.issues("快递服务问题申诉量情况统计表", months, basis, Business.EXPRESS, issues),
            "T6_valid": tables.issues(
                "快递服务问题有效申诉量情况统计表", months, "valid", Business.EXPRESS, issues
            ),
        },
        "business_types": dict(names.BUSINESS_TYPES),
        "text": prose.paragraph(month.year, month.month, basis, summary),
    }
