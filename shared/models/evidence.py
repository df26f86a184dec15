"""Evidence files of cases."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import UUID

from shared.models.base import _complaint_id, bucket, code, metadata, of_case, one_of, stamped

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
    # the original name of the file
    Column("sealed", LargeBinary, nullable=False),
    # whether an officer shows it to the enterprise
    Column("shared", Boolean, nullable=False, server_default=text("false")),
    of_case(),
    UniqueConstraint("bucket", "complaint_id", "sha256"),
    one_of("source", ("FILER", "OFFICER", "ENTERPRISE", "HOTLINE")),
    CheckConstraint("size > 0", name="size"),
)
"""An evidence file of a case: its digest, size and key in the store; its content is sealed there."""
