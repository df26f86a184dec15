"""An import of history: the manifest of its parts, and the results of each part's rows."""

from sqlalchemy import Column, DateTime, Integer, Table, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB, UUID

from shared.models.base import metadata, stamped

import_file = Table(
    "import_file",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("client_id", UUID(as_uuid=True), nullable=False),
    Column("name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("part_digests", JSONB, nullable=False),
    Column("completed_at", DateTime(timezone=True)),
    stamped(),
    UniqueConstraint("client_id", "sha256", "name"),
)
"""An import of history: its manifest."""

import_part = Table(
    "import_part",
    metadata,
    Column("import_id", UUID(as_uuid=True), primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("rows", Integer, nullable=False),
    Column("results", JSONB, nullable=False),
    stamped(),
)
"""A part of an import that arrived, with the result of each row."""
