"""One month's circular: summary (T1), late and untruthful replies (T2, T3), issues (T4–T6), prose."""

from collections.abc import Mapping, Sequence
from datetime import date

from services.circulars import cells, prose, tables
from services.circulars.cells import Cells, ReplyFaults
from services.circulars.layout import Circular, CircularTables
from services.circulars.tables import Months
from services.figures import definitions, names, query, state
from services.figures.query import Period
from services.figures.state import FactsState
from services.rules.metrics.dimensions import Dimension
from services.rules.metrics.measures import Measure
from shared.database import Database
from shared.errors import FieldError, InvalidInputError
from shared.vocabulary import Business

BASES = (Measure.CLOSED, Measure.RECEIVED, Measure.ACCEPTED)
"""处理 (circulars of 2018–2022), 接收, 受理 (to 2016 and 2023)."""
CodeNames = Mapping[Dimension, Mapping[str, str]]
_METRICS = (
    "valid",
    "valid_ratio",
    "share",
    "period_on_period",
    "year_on_year",
    "satisfaction_administration",
    "satisfaction_enterprise_postal",
    "satisfaction_enterprise_express",
    "reply_overdue",
    "reply_untruthful",
    "recovered_fen",
    "recovered",
)


def month_of(period: str) -> date:
    """Return the first day of a month `YYYY-MM`. Raises InvalidInputError."""
    return query.first_day_of(Period.MONTH, period, parameter="period", place="path")


async def circular(db: Database, period: str, basis: Measure = Measure.CLOSED) -> Circular:
    """Return the circular of a month (`YYYY-MM`) by receipt, acceptance or closing; valid by closing.

    Reads a few rows of facts, however many complaints there are. Where the month before or the year before
    was never counted, its change is null. Raises InvalidInputError for a period that is none and for the
    basis `valid`.
    """
    month = month_of(period)
    if basis not in BASES:
        raise InvalidInputError(
            "A circular counts all complaints by one event.",
            [FieldError("/query/basis", "unknown-value", f"send one of {', '.join(BASES)}")],
        )
    before, year_before = query.shifted(Period.MONTH, month, -1), query.year_before(Period.MONTH, month)
    months_read = [each for each in (month, before, year_before) if each is not None]
    async with db.transaction() as connection:
        facts = await state.hold_still(connection)
        code_names = await names.of(connection, (Dimension.CARRIER, Dimension.ISSUE, Dimension.PROVINCE))
        by_month = await cells.of_months(connection, months_read)
        faults = await cells.reply_faults_of(connection, month)
    months = tables.Months(
        by_month.get(month, Cells()),
        by_month.get(before),
        None if year_before is None else by_month.get(year_before),
    )
    return compose(month, basis, facts, months, faults, code_names)


def compose(
    month: date,
    basis: Measure,
    facts: FactsState,
    months: Months,
    faults: Sequence[ReplyFaults],
    code_names: CodeNames,
) -> Circular:
    """Return the circular that these cells make."""
    summary = tables.summary(months, basis)
    return Circular(
        figure="circular",
        basis=basis,
        unit=definitions.unit(basis),
        version=facts.version,
        as_of=definitions.as_of(facts),
        suppressed=[],
        definition=definitions.by_code(basis, _METRICS),
        period=query.name_of(Period.MONTH, month),
        summary=summary,
        tables=_tables(months, basis, faults, code_names),
        business_types=dict(names.BUSINESS_TYPES),
        text=prose.paragraph(month.year, month.month, basis, summary),
    )


def _tables(
    months: Months,
    basis: Measure,
    faults: Sequence[ReplyFaults],
    code_names: CodeNames,
) -> CircularTables:
    carriers, provinces = code_names[Dimension.CARRIER], code_names[Dimension.PROVINCE]
    issues, valid = code_names[Dimension.ISSUE], Measure.VALID
    overdue, untruthful = (
        tables.counts_of(faults, measure) for measure in (Measure.REPLY_OVERDUE, Measure.REPLY_UNTRUTHFUL)
    )
    return CircularTables(
        T2=tables.by_carrier("企业逾期情况表", overdue, carriers, provinces),
        T3=tables.by_carrier("企业答复不属实情况表", untruthful, carriers, provinces),
        T4=tables.issues("邮政服务问题申诉量情况统计表", months, basis, Business.POSTAL, issues),
        T5=tables.issues("邮政服务问题有效申诉量情况统计表", months, valid, Business.POSTAL, issues),
        T6=tables.issues("快递服务问题申诉量情况统计表", months, basis, Business.EXPRESS, issues),
        T6_valid=tables.issues("快递服务问题有效申诉量情况统计表", months, valid, Business.EXPRESS, issues),
    )
