"""Facts of the analytics: few and narrow, recomputed from the case tables for each changed period.

`daily_fact` and `monthly_fact` are counted from the cases, `channel_fact` and `circular_fact` are their sums.
An empty `issue_detail_code` means: none. Each measure is counted on the civil day (Asia/Shanghai) of
its own event: `received*` on the day of receipt, `accepted` on the day of acceptance, all others on the
day of closing.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    text,
)

from shared.models.base import metadata, stamped

MEASURES = (
    "received",
    "accepted",
    "closed",
    "valid",
    "satisfied_administration",
    "satisfied_enterprise",
    "reply_overdue",
    "reply_untruthful",
    "recovered_fen",
)


def _fact(name: str, *dimensions: Column[object]) -> Table:
    measures = [Column(measure, BigInteger, nullable=False) for measure in MEASURES]
    return Table(name, metadata, *dimensions, *measures)


def _key(name: str) -> Column[object]:
    return Column(name, Text, primary_key=True)


def _day(name: str) -> Column[object]:
    return Column(name, Date, primary_key=True)


daily_fact = _fact(
    "daily_fact",
    _day("day"),
    _key("province"),
    _key("business"),
    _key("channel"),
    _key("level"),
)
"""Counts by day, province, business, channel and level."""
monthly_fact = _fact(
    "monthly_fact",
    _day("month"),
    _key("business"),
    _key("business_type"),
    _key("carrier_code"),
    _key("issue_code"),
    _key("issue_detail_code"),
    _key("province"),
)
"""Counts by month, business, carrier, issue and province."""
Index(
    "ix_monthly_fact_quality",
    monthly_fact.c.month,
    postgresql_where=text("reply_overdue > 0 OR reply_untruthful > 0"),
)
"""Few cells have late or untruthful replies; the circular lists them by company and province."""
channel_fact = _fact(
    "channel_fact",
    _day("month"),
    _key("business"),
    _key("channel"),
    _key("level"),
    _key("province"),
)
"""Counts by month, business, channel, level and province: sums of `daily_fact`."""
circular_fact = _fact(
    "circular_fact",
    _day("month"),
    _key("business"),
    _key("business_type"),
    _key("carrier_code"),
    _key("issue_code"),
)
"""Counts by month, business, carrier and issue: sums of `monthly_fact`, read by the circular."""

figures_state = Table(
    "figures_state",
    metadata,
    Column("name", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("as_of", DateTime(timezone=True), nullable=False),
)
"""One row: the number of changes of the facts, and the moment up to which they count, for ETag and `as_of`.
"""


dirty_day = Table(
    "dirty_day",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("day", Date, nullable=False),
    stamped(),
)
"""Append-only marks of civil days whose figures must be recomputed."""
