"""The work orders of the 12345 hotlines."""

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import UUID

from shared.models.base import bucket, code, metadata, moment, one_of

hotline_order = Table(
    "hotline_order",
    metadata,
    bucket(),
    Column("region", Text, primary_key=True),
    Column("order_no", Text, primary_key=True),
    Column("parent_order_no", Text),
    code("kind"),
    # the complaint that the order created, and the case that it follows after a merge
    Column("complaint_bucket", SmallInteger, nullable=False),
    Column("complaint_id", UUID(as_uuid=True), nullable=False),
    Column("case_bucket", SmallInteger, nullable=False),
    Column("case_id", UUID(as_uuid=True), nullable=False),
    moment("received_at"),
    moment("due_at", nullable=True),
    code("extension", nullable=True),
    moment("extension_requested_to", nullable=True),
    moment("signed_at", nullable=True),
    moment("returned_at", nullable=True),
    code("return_reason", nullable=True),
    # when an interim answer is sent automatically; null once the order has an answer, or needs none
    moment("interim_due_at", nullable=True),
    moment("interim_at", nullable=True),
    moment("answered_at", nullable=True),
    moment("finished_at", nullable=True),
    moment("withdrawn_at", nullable=True),
    Column("urged", SmallInteger, nullable=False, server_default=text("0")),
    moment("urged_at", nullable=True),
    moment("supervised_at", nullable=True),
    Column("redone", SmallInteger, nullable=False, server_default=text("0")),
    ForeignKeyConstraint(["complaint_bucket", "complaint_id"], ["complaint.bucket", "complaint.id"]),
    one_of("extension", ("ASKED", "GRANTED", "REFUSED")),
    Index("ix_hotline_order_case", "case_id"),
    Index("ix_hotline_order_complaint", "complaint_id"),
    Index("ix_hotline_order_interim", "interim_due_at", postgresql_where=text("interim_due_at IS NOT NULL")),
)
"""An order of a 12345 hotline (region and number), and the case that answers it."""
