"""Deadlines of cases, and their reported escalation steps."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from shared.models.base import _complaint_id, bucket, code, metadata, moment, of_case, one_of, stamped
from shared.vocabulary import DeadlineKind, Step

DEADLINE_OUTCOMES = ("MET", "LATE", "MOOT")
"""MET: in time; LATE: after its end; MOOT: ended because it no longer matters."""


case_deadline = Table(
    "case_deadline",
    metadata,
    bucket(),
    _complaint_id(),
    Column("key", Text, primary_key=True),
    Column("round", SmallInteger, primary_key=True, autoincrement=False),
    # the rule of the count; an order of the hotline may set a moment of its own (unit `given`)
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
    # the last reported step, and the time of the next check
    Column("last_step", SmallInteger, nullable=False, server_default=text("0")),
    moment("next_check_at", nullable=True),
    of_case(),
    one_of("key", DeadlineKind),
    one_of("outcome", DEADLINE_OUTCOMES),
    CheckConstraint("(stopped_at IS NULL) = (outcome IS NULL)", name="stopped"),
    CheckConstraint("due_at IS NOT NULL OR paused_at IS NOT NULL OR stopped_at IS NOT NULL", name="due"),
    CheckConstraint("next_check_at IS NULL OR (stopped_at IS NULL AND paused_at IS NULL)", name="check"),
    Index(
        "ix_case_deadline_check",
        "bucket",
        "next_check_at",
        postgresql_where=text("next_check_at IS NOT NULL"),
    ),
    Index(
        "ix_case_deadline_provisional",
        "calendar_version",
        postgresql_where=text("provisional AND stopped_at IS NULL"),
    ),
)
"""A deadline of a case: its rule, when it started, when it is due, its pauses, its outcome."""


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
    Column("notified_bureaus", ARRAY(Text), nullable=False),
    of_case(),
    one_of("step", Step),
    Index("ix_escalation_at", "at"),
)
"""The reported steps of running deadlines; the key ensures that each is reported once."""
