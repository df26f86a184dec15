"""The few cells that a circular is made of: three months by business, business type and issue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.rules.metrics.measures import Measure
from shared.models.figures import circular_fact, monthly_fact
from shared.vocabulary import Business

CellKey = tuple[str | None, str | None, str | None]
"""Business, issue, business type; None: all of them."""


class Cells:
    """Sums of one month, at each level that a table shows."""

    def __init__(self) -> None:
        self._sums: dict[CellKey, dict[Measure, int]] = {}

    def add(self, business: str, issue: str, business_type: str, measures: Mapping[Measure, int]) -> None:
        """Add a cell to itself and to every sum that it is part of."""
        keys: list[CellKey] = [(None, None, None), (business, None, None), (business, issue, None)]
        # only the postal tables tell business types apart
        if business == Business.POSTAL:
            keys += [(business, None, business_type), (business, issue, business_type)]
        for key in keys:
            sums = self._sums.setdefault(key, dict.fromkeys(Measure, 0))
            for measure, value in measures.items():
                sums[measure] += value

    def sum(
        self,
        measure: Measure,
        *,
        business: str | None = None,
        issue: str | None = None,
        business_type: str | None = None,
    ) -> int:
        """Return the sum of a measure over the cells that have the given values.

        An issue comes with its business, and a business type with POSTAL: other sums are not kept.
        """
        sums = self._sums.get((business, issue, business_type))
        return 0 if sums is None else sums[measure]

    def issues(self) -> set[str]:
        """Return the codes of the issues that occur."""
        return {issue for _, issue, _ in self._sums if issue is not None}


async def of_months(connection: AsyncConnection, months: Iterable[date]) -> dict[date, Cells]:
    """Return the cells of each month that has any.

    One statement, a few hundred rows at most, whatever the number of complaints.
    """
    fact = circular_fact
    keys = (fact.c.month, fact.c.business, fact.c.business_type, fact.c.issue_code)
    sums = [func.sum(fact.c[measure]).label(measure) for measure in Measure]
    statement = select(*keys, *sums).where(fact.c.month.in_(list(months))).group_by(*keys)
    cells: dict[date, Cells] = {}
    for month, business, business_type, issue, *values in (await connection.execute(statement)).all():
        # Postgres sums bigint to numeric
        measures = {name: int(value) for name, value in zip(Measure, values, strict=True) if value}
        cells.setdefault(month, Cells()).add(business, issue, business_type, measures)
    return cells


@dataclass(frozen=True, slots=True)
class ReplyFaults:
    """Late and untruthful replies of one enterprise in one province."""

    carrier: str
    province: str
    overdue: int
    untruthful: int


async def reply_faults_of(connection: AsyncConnection, month: date) -> list[ReplyFaults]:
    """Return where replies were late or untruthful in a month (tables T2 and T3).

    One statement on a small partial index.
    """
    fact = monthly_fact
    statement = (
        select(
            fact.c.carrier_code,
            fact.c.province,
            func.sum(fact.c.reply_overdue).label("overdue"),
            func.sum(fact.c.reply_untruthful).label("untruthful"),
        )
        .where(fact.c.month == month, or_(fact.c.reply_overdue > 0, fact.c.reply_untruthful > 0))
        .group_by(fact.c.carrier_code, fact.c.province)
    )
    rows = (await connection.execute(statement)).all()
    return [
        ReplyFaults(row.carrier_code, row.province, int(row.overdue), int(row.untruthful)) for row in rows
    ]
