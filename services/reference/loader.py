"""Loads files as the reference data in force, in one transaction and without a release.

Rows that are no longer in the files are marked, not deleted, if stored cases may name them: regions become abolished;
bureaus, carriers, issues and codes retired. Loading the same files again changes nothing.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Delete, Table, Update, delete, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.functions import now

from services import audit
from services.reference import cache, checks, files
from services.reference.cache import STATE
from services.reference.files import ReferenceFiles
from shared import bulk, serialisation
from shared.database import Database
from shared.models import reference as tables

_LOCK = 730_1405
"""Advisory lock: concurrent loads run one after the other."""

_RETIRING = frozenset(
    table.name for table in (tables.bureau, tables.carrier, tables.issue, tables.code_entry)
)


@dataclass(frozen=True, slots=True)
class LoadReport:
    """The result of a load: the version now in force, whether it is new, and the rows by table."""

    version: int
    changed: bool
    counts: Mapping[str, int]


async def load(db: Database, folder: Path | None = None, *, actor: str) -> LoadReport:
    """Load the files of a folder; without a folder, those of the release.

    Raises InvalidReferenceError with file and line, and writes nothing, if a file has a fault.
    A longer calendar changes provisional deadlines: `services.deadlines.recalculation` recalculates them after a load.
    """
    content = files.read(folder or files.PACKAGED)
    checks.check(content)
    async with db.transaction() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        before = await _state(connection)
        changed = before is None or before[1] != content.digest
        if changed:
            await _write(connection, content)
            version = await _renew_state(connection, content)
            await audit.record(
                connection, actor=actor, act="reference.load", subject=str(version), data=_counts(content)
            )
        reference = await cache.read(connection)
    return LoadReport(reference.version, changed, _counts(content))


def calendar_version(content: ReferenceFiles) -> str:
    """Return the version of the working-day table: its last day and a digest."""
    days = [(row.values["day"], row.values["is_workday"]) for row in content.rows["workday"]]
    return f"{days[-1][0]}.{hashlib.sha256(repr(days).encode()).hexdigest()[:8]}"


def _counts(content: ReferenceFiles) -> dict[str, int]:
    return {table: len(rows) for table, rows in content.rows.items()}


async def _state(connection: AsyncConnection) -> tuple[int, str] | None:
    state = tables.reference_state
    row = (
        await connection.execute(select(state.c.version, state.c.digest).where(state.c.name == STATE))
    ).one_or_none()
    return (row.version, row.digest) if row is not None else None


async def _renew_state(connection: AsyncConnection, content: ReferenceFiles) -> int:
    state = tables.reference_state
    values = {"digest": content.digest, "calendar_version": calendar_version(content)}
    statement = (
        insert(state)
        .values(name=STATE, version=1, **values)
        .on_conflict_do_update(
            index_elements=[state.c.name],
            set_={"version": state.c.version + 1, "loaded_at": now(), **values},
        )
        .returning(state.c.version)
    )
    version: int = (await connection.execute(statement)).scalar_one()
    return version


async def _write(connection: AsyncConnection, content: ReferenceFiles) -> None:
    for table in cache.TABLES:
        rows = [_stored(table, row.values) for row in content.rows[table.name]]
        await connection.execute(_put_away(table))
        if rows:
            await _upsert(table, tuple(rows[0])).run(connection, rows)


def _stored(table: Table, values: Mapping[str, object]) -> Mapping[str, object]:
    if table is tables.policy:
        return {**values, "value": serialisation.to_text(values["value"])}
    return {**values, "retired": False} if table.name in _RETIRING else values


def _put_away(table: Table) -> Update | Delete:
    """Mark or delete every row; the following upsert restores the rows that are in the files."""
    if table.name in _RETIRING:
        return update(table).values(retired=True)
    if table is tables.region:
        return update(table).values(status="abolished")
    return delete(table)


def _upsert(table: Table, columns: tuple[str, ...]) -> bulk.BulkInsert:
    key = [column.name for column in table.primary_key.columns]
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in key)
    action = f"UPDATE SET {changes}" if changes else "NOTHING"
    return bulk.into(table, columns, f"ON CONFLICT ({', '.join(key)}) DO {action}")
