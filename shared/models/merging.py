"""Candidates of duplicates, proposed to an officer."""

from sqlalchemy import (
    Column,
    Index,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from shared.models.base import _complaint_id, bucket, metadata, of_case, one_of, stamped

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
"""A case that may repeat another one, proposed to an officer."""
