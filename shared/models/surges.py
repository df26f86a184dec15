"""Surges and the cases that belong to them."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import UUID

from shared.models.base import bucket, code, metadata, of_case, one_of, stamped

surge = Table(
    "surge",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    code("kind"),
    Column("carrier_code", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("province", Text, nullable=False),
    Column("week", Date, nullable=False),
    Column("count", Integer, nullable=False),
    Column("mean", Float, nullable=False),
    Column("deviation", Float, nullable=False),
    code("level"),
    Column("national", Boolean, nullable=False),
    stamped("opened_at"),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("kind", "carrier_code", "place", "week"),
    one_of("kind", ("CITY", "OUTLET", "USERS", "STOPPAGE")),
)
"""An unusual number of complaints: by city, outlet, user or province in one week."""


surge_member = Table(
    "surge_member",
    metadata,
    bucket(),
    Column("complaint_id", UUID(as_uuid=True), primary_key=True),
    Column("surge_id", UUID(as_uuid=True), ForeignKey("surge.id"), primary_key=True),
    stamped("at"),
    of_case(),
    Index(None, "surge_id"),
)
"""A case that belongs to a surge."""
