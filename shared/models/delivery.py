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
    # Standard Webhooks secrets, sealed; both sign while one replaces the other
    Column("secret", LargeBinary, nullable=False),
    Column("previous_secret", LargeBinary),
    moment("previous_until", nullable=True),
    Column("state", Text, nullable=False, server_default=text("'ACTIVE'")),
    Column("disabled_reason", Text),
    # circuit breaker: failures in a row, and the moment until which nothing is sent
    Column("failures", Integer, nullable=False, server_default=text("0")),
    moment("open_until", nullable=True),
    stamped(),
    one_of("state", ("ACTIVE", "DISABLED")),
)
"""The webhook address of an audience (`carrier:ZTO`, `hotline:330100`); only operators register it."""


feed_entry = Table(
    "feed_entry",
    metadata,
    bucket(),
    Column("complaint_id", UUID(as_uuid=True), primary_key=True),
    Column("audience", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    # read in this order, up to the oldest running transaction, so that no late commit is missed
    Column("xid", Xid8(), nullable=False, server_default=text("pg_current_xact_id()")),
    # a restored dump starts new transaction numbers: entries from before are another era
    Column("era", SmallInteger, nullable=False, server_default=text("0")),
    code("type"),
    stamped("at"),
    Column("data", JSON, nullable=False),
    # texts for the recipient, which may name persons
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
    Index("ix_delivery_due", "endpoint_id", "bucket", "next_at", postgresql_where=text("state = 'PENDING'")),
    Index(
        "ix_delivery_order",
        "endpoint_id",
        "complaint_id",
        "seq",
        postgresql_where=text("state = 'PENDING'"),
    ),
    # the log of a recipient, newest first, and the deliveries that it may replay
    Index("ix_delivery_log", "endpoint_id", "id"),
    Index("ix_delivery_dead", "endpoint_id", "id", postgresql_where=text("state = 'DEAD'")),
)
"""One message to one recipient. `next_at` is the earliest next attempt; of a leased one, the end of the lease."""
