"""Keys of requests, which make them idempotent, and the guard of waybills that are filed at this moment."""

from sqlalchemy import (
    Column,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import UUID

from shared.models.base import bucket, metadata, stamped

request_key = Table(
    "request_key",
    metadata,
    bucket(),
    Column("client_id", UUID(as_uuid=True), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("complaint_bucket", SmallInteger, nullable=False),
    Column("complaint_id", UUID(as_uuid=True), nullable=False),
    Column("receipt", LargeBinary, nullable=False),
    stamped(),
)
"""The key of a request with its stored answer: a repeated request gets the same answer."""

waybill_guard = Table(
    "waybill_guard",
    metadata,
    bucket(),
    Column("waybill_index", LargeBinary, primary_key=True),
    stamped(),
    prefixes=["UNLOGGED"],
)
"""The waybills of cases that are being stored: of two simultaneous filings of one waybill, one waits for the other."""
