"""Shapes of columns: what the database fills in and refuses, under names that migrations can rely on."""

import uuid
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy import Column, Identity, Integer, MetaData, Table, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateTable

from shared.database import Database
from shared.models import base
from shared.models.catalogue import metadata
from shared.vocabulary import Level

Run = Callable[[Coroutine[Any, Any, Any]], Any]


def test_every_constraint_of_the_schema_has_a_name_by_its_rule(db: Database, run: Run) -> None:
    async def _names() -> list[tuple[str, str, str]]:
        async with db.transaction() as connection:
            rows = await connection.execute(
                text("""
                    SELECT contype::text, conrelid::regclass::text, conname FROM pg_constraint
                    WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'f', 'u', 'c')
                        AND conparentid = 0 AND conrelid <> 'alembic_version'::regclass
                """)
            )
            return [(row.contype, row.conrelid, row.conname) for row in rows]

    prefixes = {"p": "pk", "f": "fk", "u": "uq", "c": "ck"}
    names = run(_names())
    assert len(names) > 100
    strange = [name for kind, table, name in names if not name.startswith(f"{prefixes[kind]}_{table}"[:60])]
    assert strange == []


@pytest.fixture
def insert(db: Database, run: Run) -> Callable[..., Any]:
    """Return a function that stores a row of a table made of these shapes, and returns it as stored."""
    table = Table(
        "shape",
        MetaData(naming_convention=metadata.naming_convention),
        Column("id", Integer, Identity(), primary_key=True),
        base.code("level", nullable=True),
        base.moment("due_at", nullable=True),
        base.stamped(),
        Column("transaction", base.Xid8, server_default=text("pg_current_xact_id()")),
        base.one_of("level", Level),
        prefixes=["TEMPORARY"],
        postgresql_on_commit="DROP",
    )

    async def _insert(values: dict[str, Any]) -> Any:
        async with db.transaction() as connection:
            await connection.execute(CreateTable(table))
            return (await connection.execute(table.insert().values(**values).returning(table))).one()

    return lambda **values: run(_insert(values))


def test_the_database_stamps_the_time_and_keeps_the_transaction(insert: Callable[..., Any]) -> None:
    row = insert(level="L1")
    assert row.created_at.utcoffset() is not None
    assert isinstance(row.transaction, int)
    assert row.transaction > 0
    assert row.due_at is None


def test_a_value_outside_its_vocabulary_is_refused_by_name(insert: Callable[..., Any]) -> None:
    assert insert(level=None).level is None
    with pytest.raises(IntegrityError, match="ck_shape_level"):
        insert(level="L9")


def test_a_row_of_a_case_needs_its_case(db: Database, run: Run) -> None:
    async def _insert() -> None:
        async with db.transaction() as connection:
            await connection.execute(
                text("INSERT INTO complaint_party (bucket, complaint_id, sealed) VALUES (1, :id, '')"),
                {"id": uuid.uuid4()},
            )

    with pytest.raises(IntegrityError, match="fk_complaint_party_bucket_complaint_id_complaint"):
        run(_insert())
