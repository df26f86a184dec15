"""What is done about a case: its running limits, escalations, replies, visits, money, reviews, duplicates, evidence."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON, JSONB, UUID

from shared.models.base import bucket, code, metadata, moment, of_case, one_of, stamped
from shared.vocabulary import Clock, FailingLink, Responsibility, Step

CLOCK_OUTCOMES = ("MET", "LATE", "MOOT")
"""In time; after the limit had run out; ended because it no longer matters."""


def _complaint_id() -> Column[object]:
    return Column("complaint_id", UUID(as_uuid=True), primary_key=True)


def _seq(name: str = "seq") -> Column[int]:
    return Column(name, Integer, primary_key=True, autoincrement=False)


case_clock = Table(
    "case_clock",
    metadata,
    bucket(),
    _complaint_id(),
    Column("key", Text, primary_key=True),
    Column("round", SmallInteger, primary_key=True, autoincrement=False),
    # the rule by which it was counted; an order of the hotline may bring a moment of its own (unit `given`)
    code("rule"),
    Column("amount", Integer, nullable=False),
    code("unit"),
    Column("deadline_version", Text, nullable=False),
    Column("calendar_version", Text, nullable=False),
    Column("provisional", Boolean, nullable=False),
    moment("started_at"),
    moment("due_at", nullable=True),
    moment("paused_at", nullable=True),
    Column("pauses", JSONB, nullable=False, server_default=text("'[]'")),
    moment("stopped_at", nullable=True),
    code("outcome", nullable=True),
    # the gravest step that was spoken of, and when to look at it next
    Column("said", SmallInteger, nullable=False, server_default=text("0")),
    moment("look_at", nullable=True),
    of_case(),
    one_of("key", Clock),
    one_of("outcome", CLOCK_OUTCOMES),
    CheckConstraint("(stopped_at IS NULL) = (outcome IS NULL)", name="stopped"),
    CheckConstraint("due_at IS NOT NULL OR paused_at IS NOT NULL OR stopped_at IS NOT NULL", name="due"),
    CheckConstraint("look_at IS NULL OR (stopped_at IS NULL AND paused_at IS NULL)", name="look"),
    Index("ix_case_clock_look", "look_at", postgresql_where=text("look_at IS NOT NULL")),
    Index(
        "ix_case_clock_provisional",
        "calendar_version",
        postgresql_where=text("provisional AND stopped_at IS NULL"),
    ),
)

escalation = Table(
    "escalation",
    metadata,
    bucket(),
    _complaint_id(),
    Column("key", Text, primary_key=True),
    Column("round", Integer, primary_key=True, autoincrement=False),
    Column("step", Text, primary_key=True),
    stamped("at"),
    code("level_before"),
    code("level_after"),
    Column("told", ARRAY(Text), nullable=False),
    of_case(),
    one_of("step", Step),
    Index("ix_escalation_at", "at"),
)
"""Each step of each running limit is spoken of once: the key sees to it."""

officer = Table(
    "officer",
    metadata,
    Column("bureau_code", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    code("role"),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    stamped(),
    one_of("role", ("OFFICER", "SUPERVISOR")),
)

reply = Table(
    "reply",
    metadata,
    bucket(),
    _complaint_id(),
    _seq(),
    Column("reply_ref", Text, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    stamped("at"),
    Column("by", Text, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("missing", ARRAY(Text), nullable=False),
    Column("late", Boolean, nullable=False),
    Column("untruthful", Boolean, nullable=False, server_default=text("false")),
    Column("responsibility_admitted", Boolean),
    Column("responsible_unit", Text),
    code("responsible_link", nullable=True),
    Column("compensation_fen", BigInteger),
    Column("paid_on", Date),
    code("other_procedure", nullable=True),
    Column("sealed", LargeBinary, nullable=False),
    of_case(),
    UniqueConstraint("bucket", "complaint_id", "by", "reply_ref"),
    one_of("responsible_link", FailingLink),
    CheckConstraint("compensation_fen >= 0", name="compensation"),
)

visit = Table(
    "visit",
    metadata,
    bucket(),
    _complaint_id(),
    _seq(),
    stamped("at"),
    Column("by", Text, nullable=False),
    code("source"),
    Column("reached", Boolean, nullable=False),
    Column("account_matches", Boolean),
    Column("solved", Boolean),
    Column("satisfied_administration", Boolean),
    Column("satisfied_enterprise", Boolean),
    of_case(),
    one_of("source", ("DESK", "HOTLINE")),
)

remedy_entry = Table(
    "remedy_entry",
    metadata,
    bucket(),
    _complaint_id(),
    _seq(),
    stamped("at"),
    Column("by", Text, nullable=False),
    code("kind"),
    Column("amount_fen", BigInteger, nullable=False),
    Column("paid_on", Date),
    Column("counters", Integer),
    of_case(),
    UniqueConstraint("bucket", "complaint_id", "counters"),
    one_of("kind", ("COMPENSATION", "REFUND", "APOLOGY")),
    CheckConstraint(
        "counters IS NULL AND amount_fen >= 0 OR counters IS NOT NULL AND amount_fen <= 0", name="counter"
    ),
)
"""Append-only: an entry is corrected by one that counters it, and each is countered once at most."""

finding_review = Table(
    "finding_review",
    metadata,
    bucket(),
    _complaint_id(),
    _seq(),
    stamped("at"),
    Column("by", Text, nullable=False),
    Column("bureau_code", Text, nullable=False),
    code("responsibility_before", nullable=True),
    code("responsibility_after"),
    Column("unit_before", Text),
    Column("unit_after", Text),
    code("link_before", nullable=True),
    code("link_after", nullable=True),
    of_case(),
    one_of("responsibility_after", Responsibility),
)

duplicate_candidate = Table(
    "duplicate_candidate",
    metadata,
    bucket(),
    _complaint_id(),
    Column("other_bucket", SmallInteger, primary_key=True, autoincrement=False),
    Column("other_id", UUID(as_uuid=True), primary_key=True),
    Column("evidence", ARRAY(Text), nullable=False),
    Column("state", Text, nullable=False, server_default=text("'PROPOSED'")),
    Column("by", Text),
    stamped("at"),
    of_case(),
    one_of("state", ("PROPOSED", "MERGED", "DISMISSED")),
    Index("ix_duplicate_candidate_other", "other_id"),
)

evidence = Table(
    "evidence",
    metadata,
    bucket(),
    _complaint_id(),
    Column("id", UUID(as_uuid=True), primary_key=True),
    stamped("at"),
    Column("by", Text, nullable=False),
    code("source"),
    Column("sha256", LargeBinary, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("storage_key", Text, nullable=False),
    # the name of the file as it was given
    Column("sealed", LargeBinary, nullable=False),
    # whether an officer lets the enterprise see it
    Column("shared", Boolean, nullable=False, server_default=text("false")),
    of_case(),
    UniqueConstraint("bucket", "complaint_id", "sha256"),
    one_of("source", ("FILER", "OFFICER", "ENTERPRISE", "HOTLINE")),
    CheckConstraint("size > 0", name="size"),
)

trace = Table(
    "trace",
    metadata,
    bucket(),
    Column("carrier_code", Text, primary_key=True),
    Column("waybill_index", LargeBinary, primary_key=True),
    code("state"),
    moment("occurred_at"),
    Column("events", Integer, nullable=False),
    Column("unknown", Integer, nullable=False),
    # region by issue: where delay, loss and damage belong, if the scans tell it surely enough to route by
    Column("regions", JSON, nullable=False),
)
"""What the scans of an item say together, made anew from all of them whenever one comes; keyed by its blind index."""

trace_event = Table(
    "trace_event",
    metadata,
    bucket(),
    Column("carrier_code", Text, primary_key=True),
    Column("waybill_index", LargeBinary, primary_key=True),
    Column("event_id", Text, primary_key=True),
    moment("occurred_at"),
    Column("seq", BigInteger, nullable=False, server_default=text("0")),
    code("system"),
    code("code"),
    code("state"),
    code("region", nullable=True),
    Column("outlet", Text),
    stamped("received_at"),
    one_of("system", ("KDNIAO", "S10", "SHENSU")),
)
