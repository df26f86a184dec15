"""The MetaData of all tables, and the column types that they share."""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    SmallInteger,
    Text,
    func,
)
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.types import UserDefinedType

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    },
)


def bucket() -> Column[int]:
    """Return the leading key column of a case-owned table: 0–63, from the request identity."""
    return Column("bucket", SmallInteger, primary_key=True, autoincrement=False)


def moment(name: str, *, nullable: bool = False) -> Column[object]:
    """Return a point in time (timestamptz)."""
    return Column(name, DateTime(timezone=True), nullable=nullable)


def stamped(name: str = "created_at") -> Column[object]:
    """Return a point in time that the database's clock fills in."""
    return Column(name, DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp())


def code(name: str, *, nullable: bool = False) -> Column[str]:
    """Return a coded value stored as text."""
    return Column(name, Text, nullable=nullable)


def of_case() -> ForeignKeyConstraint:
    """Return the foreign key of a case-owned table: bucket and complaint_id."""
    return ForeignKeyConstraint(["bucket", "complaint_id"], ["complaint.bucket", "complaint.id"])


class Xid8(UserDefinedType[int]):
    """A transaction id that never wraps around (xid8); an int in Python."""

    cache_ok = True

    def get_col_spec(self, **_kw: object) -> str:
        """Return the name of the type."""
        return "xid8"


def one_of(column: str, values: type[StrEnum] | Iterable[str]) -> CheckConstraint:
    """Return a named CHECK that keeps a column to the values of a vocabulary."""
    allowed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({allowed})", name=column)


def _complaint_id() -> Column[object]:
    return Column("complaint_id", UUID(as_uuid=True), primary_key=True)


def _seq(name: str = "seq") -> Column[int]:
    return Column(name, Integer, primary_key=True, autoincrement=False)
