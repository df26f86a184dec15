"""Follow-up work of cases."""

from sqlalchemy import Column, Index, SmallInteger, Table, Text, text
from sqlalchemy.dialects.postgresql import UUID

from shared.models.base import bucket, code, metadata, one_of, stamped

task = Table(
    "task",
    metadata,
    bucket(),
    Column("id", UUID(as_uuid=True), primary_key=True),
    code("kind"),
    Column("subject_id", UUID(as_uuid=True), nullable=False),
    Column("state", Text, nullable=False, server_default=text("'ready'")),
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    Column("expiries", SmallInteger, nullable=False, server_default=text("0")),
    stamped("next_at"),
    Column("lease_token", UUID(as_uuid=True)),
    Column("last_error", Text),
    stamped(),
    one_of("state", ("ready", "leased", "dead")),
    Index("ix_task_claim", "bucket", "kind", "next_at", postgresql_where=text("state <> 'dead'")),
    Index(
        "uq_task_waiting",
        "bucket",
        "kind",
        "subject_id",
        unique=True,
        postgresql_where=text("state = 'ready'"),
    ),
)
"""A finished task is deleted in the transaction of its effect; the event of the case is the permanent record.

`next_at` is the moment from which a task may be taken; of a leased one, the end of the lease.
"""
