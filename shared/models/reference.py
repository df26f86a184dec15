"""Tables of reference data: facts and policies that change without a release, loaded whole by operators.

`reference_state` counts the loads that changed data: a process that keeps the data in memory reads only that number.
Codes that stored cases use are never deleted: a region becomes `abolished`, other
rows `retired`.
"""

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Index, Integer, SmallInteger, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from shared.models.base import code, metadata, one_of, stamped
from shared.vocabulary import BureauLevel, Business, RegionLevel

REGION_STATUSES = ("in_force", "abolished")
ALIAS_KINDS = ("old", "short")
CODE_KINDS = (
    "refusal_ground",
    "close_reason",
    "level",
    "responsibility",
    "channel",
    "goods",
    "urgency",
    "status",
    "deadline",
    "rework_ground",
    "pause_basis",
    "failing_link",
)
UNITS = ("day", "workday", "hour", "office_hour", "year")
POLICIES = (
    "routing",
    "levels",
    "admission",
    "deadlines",
    "escalation",
    "watchdog",
    "surges",
    "duplicates",
    "failing_link",
)
HOTLINE_KINDS = ("SIGN", "CONSULT", "HELP", "SUGGEST", "COMPLAIN", "REPORT")
CONFIDENCES = ("V1", "V2", "V3", "M", "P")
"""The certainty of a fact, from official text (V1) to project rule (P); the table is in docs/rules.md."""


def _retired() -> Column[bool]:
    return Column("retired", Boolean, nullable=False, server_default=text("false"))


region = Table(
    "region",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    code("level"),
    code("parent", nullable=True),
    code("province"),
    code("city", nullable=True),
    code("status"),
    Column("valid_from", SmallInteger),
    Column("valid_to", SmallInteger),
    one_of("level", RegionLevel),
    one_of("status", REGION_STATUSES),
    CheckConstraint("code ~ '^[0-9]{6}$'", name="code"),
)
"""An administrative region (GB/T 2260), in force or abolished."""

region_succession = Table(
    "region_succession",
    metadata,
    Column("old_code", Text, primary_key=True),
    Column("new_code", Text, primary_key=True),
    CheckConstraint("old_code <> new_code", name="moves"),
)
"""The successors of abolished regions."""

region_alias = Table(
    "region_alias",
    metadata,
    Column("name", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    code("kind"),
    one_of("kind", ALIAS_KINDS),
)
"""Another name of a region: an old or a short one."""

bureau = Table(
    "bureau",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    code("level"),
    Column("region", Text, nullable=False),
    code("parent", nullable=True),
    Column("city_handles", Boolean, nullable=False),
    Column("auto_admit", Boolean, nullable=False),
    Column("contact", Text, nullable=False),
    Column("working_hours", Text, nullable=False),
    _retired(),
    one_of("level", BureauLevel),
    Index("uq_bureau_region_in_force", "region", unique=True, postgresql_where=text("NOT retired")),
)
"""A postal administration bureau: its level, its region, its superior."""

carrier = Table(
    "carrier",
    metadata,
    Column("code", Text, primary_key=True),
    Column("kuaidi100_code", Text),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("brand", Text, nullable=False),
    Column("operator", Text, nullable=False),
    code("business"),
    Column("in_scope", Boolean, nullable=False),
    _retired(),
    one_of("business", (*Business, "BOTH")),
)
"""An enterprise: its code, its names, its business."""

waybill_pattern = Table(
    "waybill_pattern",
    metadata,
    Column("carrier_code", Text, primary_key=True),
    Column("pattern", Text, primary_key=True),
)
"""A form of the waybill numbers of a carrier."""

issue = Table(
    "issue",
    metadata,
    Column("code", Text, primary_key=True),
    code("parent", nullable=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("postal", Boolean, nullable=False),
    Column("express", Boolean, nullable=False),
    Column("taxonomy_version", SmallInteger, nullable=False),
    code("confidence"),
    _retired(),
    one_of("confidence", CONFIDENCES),
)
"""An issue of a complaint, in the taxonomy of a version."""

code_entry = Table(
    "code_entry",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("version", Text, nullable=False),
    _retired(),
    one_of("kind", CODE_KINDS),
)
"""A code with its names in Chinese and English."""

deadline_rule = Table(
    "deadline_rule",
    metadata,
    Column("version", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("amount", Integer, nullable=False),
    code("unit"),
    Column("source", Text, nullable=False),
    code("confidence"),
    # a region with its own amount; empty: all others
    Column("region", Text, primary_key=True, server_default=text("''")),
    one_of("unit", UNITS),
    one_of("confidence", CONFIDENCES),
    CheckConstraint("amount > 0", name="amount"),
)
"""The amount and the unit of a deadline in a version of the rules, with its source."""

hotline_deadline = Table(
    "hotline_deadline",
    metadata,
    Column("region", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("amount", Integer, nullable=False),
    code("unit"),
    Column("source", Text, nullable=False),
    code("confidence"),
    one_of("kind", HOTLINE_KINDS),
    one_of("unit", UNITS),
    one_of("confidence", CONFIDENCES),
    CheckConstraint("amount > 0", name="amount"),
)
"""The deadlines that a region's 12345 hotline sets; region 000000 applies to regions without their own."""

policy = Table(
    "policy",
    metadata,
    Column("name", Text, primary_key=True),
    Column("version", Text, nullable=False),
    Column("value", JSONB, nullable=False),
    one_of("name", POLICIES),
)
"""A policy of the rules: its value as JSON, by version."""

workday = Table(
    "workday",
    metadata,
    Column("day", Date, primary_key=True),
    Column("is_workday", Boolean, nullable=False),
    Column("source", Text, nullable=False),
)
"""Whether a day of the calendar is a working day."""

reference_state = Table(
    "reference_state",
    metadata,
    Column("name", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("calendar_version", Text, nullable=False),
    stamped("loaded_at"),
)
"""One row: the number of changes of the reference data."""
