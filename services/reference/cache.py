"""The cache of the reference data: checks the version in the database now and then, and reads the data after a change."""

import asyncio
import time
from datetime import date, timedelta
from typing import cast

from sqlalchemy import RowMapping, Table, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.reference import data as reference_data
from services.reference.data import ReferenceData
from services.reference.records import ReferenceRows
from shared import database, serialisation
from shared.database import Database
from shared.errors import UnavailableError
from shared.models import reference as tables

STATE = "reference"
"""The one row of `reference_state`."""

TABLES: tuple[Table, ...] = (
    tables.region,
    tables.region_succession,
    tables.region_alias,
    tables.bureau,
    tables.carrier,
    tables.waybill_pattern,
    tables.issue,
    tables.code_entry,
    tables.deadline_rule,
    tables.hotline_deadline,
    tables.policy,
    tables.workday,
)


class ReferenceNotLoadedError(UnavailableError):
    """The database has no reference data: run `ops reference load`."""

    code = "reference-not-loaded"
    title = "Reference data is not loaded"


class ReferenceCache:
    """Keeps the reference data of one process; any number of coroutines may use it."""

    def __init__(self, db: Database, *, max_age: timedelta = timedelta(seconds=5)) -> None:
        self._db = db
        self._max_age = max_age.total_seconds()
        self._reference: ReferenceData | None = None
        self._asked_at = float("-inf")
        self._reading = asyncio.Lock()

    async def reference(self) -> ReferenceData:
        """Return the reference data, at most a few seconds behind the database.

        Raises ReferenceNotLoadedError if none was ever loaded. While the database is unreachable, returns the data in
        memory.
        """
        present = self._reference
        if present is not None and time.monotonic() - self._asked_at < self._max_age:
            return present
        async with self._reading:
            if self._reference is None or time.monotonic() - self._asked_at >= self._max_age:
                self._reference = await self._renewed(self._reference)
                self._asked_at = time.monotonic()
            return self._reference

    async def _renewed(self, present: ReferenceData | None) -> ReferenceData:
        try:
            async with self._db.transaction() as connection:
                return await read(connection, unless=present)
        except (DBAPIError, OSError, TimeoutError) as error:
            if present is None or not database.is_transient(error):
                raise
            return present


async def read(connection: AsyncConnection, *, unless: ReferenceData | None = None) -> ReferenceData:
    """Read the reference data; return `unless` if it has the version of the database."""
    if unless is None or await _version(connection) != unless.version:
        return await _whole(connection)
    return unless


async def is_in_force(connection: AsyncConnection, reference: ReferenceData) -> bool:
    """Report whether the reference data in memory still have the version of the database."""
    return await _version(connection) == reference.version


async def _version(connection: AsyncConnection) -> int | None:
    statement = select(tables.reference_state.c.version).where(tables.reference_state.c.name == STATE)
    version: int | None = await connection.scalar(statement)
    return version


async def _whole(connection: AsyncConnection) -> ReferenceData:
    # one statement gives one snapshot: a load that commits between two reads would mix two versions
    parts = ", ".join(
        f"(SELECT coalesce(json_agg(t), '[]')::text FROM {table.name} t) AS {table.name}"  # noqa: S608 - names of our own tables
        for table in TABLES
    )
    statement = text(f"SELECT version, calendar_version, {parts} FROM reference_state WHERE name = :name")  # noqa: S608 - as above
    row = (await connection.execute(statement, {"name": STATE})).mappings().one_or_none()
    if row is None:
        raise ReferenceNotLoadedError("the database has no reference data: run `ops reference load`")
    return reference_data.build(row["version"], row["calendar_version"], _rows(row))


def _rows(row: RowMapping) -> ReferenceRows:
    rows = {table.name: serialisation.from_text(row[table.name]) for table in TABLES}
    name = tables.workday.name
    rows[name] = [{**each, "day": date.fromisoformat(each["day"])} for each in rows[name]]
    return cast("ReferenceRows", rows)
