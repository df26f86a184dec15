"""Feeds and deliveries: endpoints, entries, attempts."""

from sqlalchemy import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSON, UUID

from shared.models.base import Xid8, bucket, code, metadata, moment, of_case, one_of, stamped

endpoint = Table(
    "endpoint",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("audience", Text, nullable=False, unique=True),
    Column("url", Text, nullable=False),
    # Standard Webhooks secrets, sealed; two of them sign while one takes the other's place
    Column("secret", LargeBinary, nullable=False),
    Column("previous_secret", LargeBinary),
    moment("previous_until", nullable=True),
    Column("state", Text, nullable=False, server_default=text("'ACTIVE'")),
    Column("disabled_reason", Text),
    # circuit breaker: failures in a row, and until when nothing is tried
    Column("failures", Integer, nullable=False, server_default=text("0")),
    moment("open_until", nullable=True),
    stamped(),
    one_of("state", ("ACTIVE", "DISABLED")),
)
"""Where an audience (`carrier:ZTO`, `hotline:330100`) is told of its cases; registered by operators only."""


feed_entry = Table(
    "feed_entry",
    metadata,
    bucket(),
    Column("complaint_id", UUID(as_uuid=True), primary_key=True),
    Column("audience", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    # read in this order, up to the oldest transaction that still runs: nothing that commits late is missed
    Column("xid", Xid8(), nullable=False, server_default=text("pg_current_xact_id()")),
    # transactions are numbered anew where a dump was restored: what was written before is an era of its own
    Column("era", SmallInteger, nullable=False, server_default=text("0")),
    code("type"),
    stamped("at"),
    Column("data", JSON, nullable=False),
    # words for the recipient that may name persons
    Column("sealed", LargeBinary),
    of_case(),
    Index("ix_feed_entry_reading", "audience", "era", "xid", "bucket", "complaint_id", "seq"),
)
"""A message for an audience, in the order of transactions; read from the feed or delivered by webhook."""


delivery = Table(
    "delivery",
    metadata,
    bucket(),
    Column("id", UUID(as_uuid=True), primary_key=True, server_default=text("uuidv7()")),
    Column("endpoint_id", UUID(as_uuid=True), ForeignKey("endpoint.id"), nullable=False),
    Column("complaint_id", UUID(as_uuid=True), nullable=False),
    Column("audience", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'PENDING'")),
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    stamped("next_at"),
    Column("lease_token", UUID(as_uuid=True)),
    Column("last_status", SmallInteger),
    Column("last_error", Text),
    moment("tried_at", nullable=True),
    moment("delivered_at", nullable=True),
    stamped(),
    ForeignKeyConstraint(
        ["bucket", "complaint_id", "audience", "seq"],
        ["feed_entry.bucket", "feed_entry.complaint_id", "feed_entry.audience", "feed_entry.seq"],
    ),
    UniqueConstraint("bucket", "endpoint_id", "complaint_id", "seq"),
    one_of("state", ("PENDING", "DELIVERED", "DEAD", "CANCELLED")),
    Index("ix_delivery_due", "endpoint_id", "next_at", postgresql_where=text("state = 'PENDING'")),
    Index(
        "ix_delivery_order",
        "endpoint_id",
        "complaint_id",
        "seq",
        postgresql_where=text("state = 'PENDING'"),
    ),
    # the log of a recipient, newest first, and what it may ask for again
    Index("ix_delivery_log", "endpoint_id", "id"),
    Index("ix_delivery_dead", "endpoint_id", "id", postgresql_where=text("state = 'DEAD'")),
)
"""One message to one recipient. `next_at` is when it may be tried; of a leased one, when the lease ends."""
