"""Changes of tables that are in use: no statement makes writers wait for more than a moment.

Each statement is a transaction of its own, so what a revision did before is committed first. Every helper can be run
again: it leaves alone what is there already. Names are full names, as the models' naming convention makes them.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from alembic import op
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from shared import database

LOCK_NOT_AVAILABLE = "55P03"
DEADLOCK_DETECTED = "40P01"
SHORTEST_REASON = 20
LONGEST_NAME = 63
CONSTRAINT_OF_A_COLUMN = re.compile(r"\b(REFERENCES|CHECK|UNIQUE|PRIMARY\s+KEY)\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long a statement waits for a lock, how long it may run, and how often it is tried."""

    lock: timedelta
    statement: timedelta
    pause: timedelta
    attempts: int


BRIEF = Patience(
    lock=timedelta(seconds=2), statement=timedelta(seconds=60), pause=timedelta(seconds=3), attempts=60
)
"""For a strong lock: all others of the table queue behind the wait, so it is short, and the pause lets them pass."""
LONG = Patience(
    lock=timedelta(minutes=10), statement=timedelta(hours=12), pause=timedelta(seconds=10), attempts=3
)
"""For a statement that blocks neither readers nor writers: it waits for old transactions, and scans a whole table."""


class UnsafeChangeError(Exception):
    """A change would make the users of a table wait, or break them."""


def execute(statement: str, *, patience: Patience = BRIEF) -> None:
    """Run a statement that needs a strong lock for a moment; give the lock up and try again if it does not come."""
    with _limits(patience) as connection:
        for attempt in range(1, patience.attempts + 1):
            try:
                connection.exec_driver_sql(statement)
            except DBAPIError as error:
                if attempt == patience.attempts or not _is_lock_conflict(error):
                    raise
            else:
                return
            time.sleep(patience.pause.total_seconds())


def create_index(name: str, definition: str, *, unique: bool = False, patience: Patience = LONG) -> None:
    """Build an index concurrently. `definition` is what follows ON: `complaint (outlet) WHERE outlet IS NOT NULL`.

    What a broken build left behind is dropped first: an invalid index is not used, but every write pays for it.
    """
    kind = "UNIQUE INDEX" if unique else "INDEX"
    with _limits(patience) as connection:
        for attempt in range(1, patience.attempts + 1):
            is_valid = _index_validity(connection, name)
            if is_valid:
                return
            if is_valid is False:
                connection.exec_driver_sql(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            try:
                connection.exec_driver_sql(f"CREATE {kind} CONCURRENTLY {name} ON {definition}")
            except DBAPIError as error:
                if attempt < patience.attempts and _is_lock_conflict(error):
                    time.sleep(patience.pause.total_seconds())
                    continue
                if not error.connection_invalidated and _index_validity(connection, name) is False:
                    connection.exec_driver_sql(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
                raise


def drop_index(name: str, *, patience: Patience = LONG) -> None:
    """Drop an index concurrently."""
    execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}", patience=patience)


def add_check(
    table: str, name: str, condition: str, *, brief: Patience = BRIEF, long: Patience = LONG
) -> None:
    """Add a CHECK that holds for new rows at once, then validate it for those that are there."""
    _add_constraint(table, name, f"CHECK ({condition})", brief=brief, long=long)


def add_foreign_key(
    table: str, name: str, definition: str, *, brief: Patience = BRIEF, long: Patience = LONG
) -> None:
    """Add a foreign key, then validate it. `definition`: `(bucket, case_id) REFERENCES complaint (bucket, id)`."""
    _add_constraint(table, name, f"FOREIGN KEY {definition}", brief=brief, long=long)


def add_not_null(table: str, column: str, *, brief: Patience = BRIEF, long: Patience = LONG) -> None:
    """Make a column NOT NULL, then validate it. The constraint has the name that PostgreSQL itself gives."""
    name = f"{table}_{column}_not_null"
    if len(name) > LONGEST_NAME:
        raise UnsafeChangeError(f"{name} is longer than a name of PostgreSQL; use execute")
    _add_constraint(table, name, f"NOT NULL {column}", brief=brief, long=long)


def drop_constraint(table: str, name: str, *, patience: Patience = BRIEF) -> None:
    """Drop a constraint."""
    execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}", patience=patience)


def add_column(table: str, column: str, definition: str, *, patience: Patience = BRIEF) -> None:
    """Add a column without a rewrite of the table. Raises UnsafeChangeError if there would be one.

    `definition` is its type, and if need be a constant default: `boolean DEFAULT false NOT NULL`.
    """
    if CONSTRAINT_OF_A_COLUMN.search(definition):
        raise UnsafeChangeError(
            f"{table}.{column}: add its constraint apart, by add_check or add_foreign_key"
        )
    with _limits(patience) as connection:
        rewrites = _would_rewrite(connection, table, column, definition)
    if rewrites:
        raise UnsafeChangeError(
            f"{table}.{column}: PostgreSQL would rewrite the table; a default must be constant, and the same for all rows"
        )
    execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {column} {definition}", patience=patience)


def drop_column(table: str, column: str, *, safety_reason: str, patience: Patience = BRIEF) -> None:
    """Drop a column that no running process uses any more; `safety_reason` says how that is sure."""
    if len(safety_reason.strip()) < SHORTEST_REASON:
        raise UnsafeChangeError(f"{table}.{column}: say in a sentence why nobody uses it any more")
    execute(f"ALTER TABLE {table} DROP COLUMN IF EXISTS {column}", patience=patience)


def _add_constraint(table: str, name: str, definition: str, *, brief: Patience, long: Patience) -> None:
    is_validated = op.get_bind().scalar(
        text(
            "SELECT convalidated FROM pg_constraint WHERE conrelid = to_regclass(:table) AND conname = :name"
        ),
        {"table": table, "name": name},
    )
    if is_validated is None:
        execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition} NOT VALID", patience=brief)
    if not is_validated:
        execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}", patience=long)


def _index_validity(connection: Connection, name: str) -> bool | None:
    """Return whether an index is valid, None if there is none."""
    is_valid: bool | None = connection.scalar(
        text("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)"), {"name": name}
    )
    return is_valid


def _would_rewrite(connection: Connection, table: str, column: str, definition: str) -> bool:
    """Let PostgreSQL add the column to an empty copy, and see whether it gave the copy a new file."""
    file = text("SELECT pg_relation_filenode('pg_temp.empty_copy')")
    connection.exec_driver_sql(f"CREATE TEMPORARY TABLE empty_copy (LIKE {table})")
    try:
        connection.exec_driver_sql(f"ALTER TABLE pg_temp.empty_copy DROP COLUMN IF EXISTS {column}")
        before = connection.scalar(file)
        connection.exec_driver_sql(f"ALTER TABLE pg_temp.empty_copy ADD COLUMN {column} {definition}")
        return bool(connection.scalar(file) != before)
    finally:
        connection.exec_driver_sql("DROP TABLE pg_temp.empty_copy")


def _is_lock_conflict(error: DBAPIError) -> bool:
    return database.sqlstate(error) in {LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED}


@contextmanager
def _limits(patience: Patience) -> Iterator[Connection]:
    """Commit what was done, and give a connection whose statements are transactions of their own, with these limits."""
    setting = text("SELECT set_config(:name, :value, false)")
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        limits = {
            "lock_timeout": f"{patience.lock // timedelta(milliseconds=1)}ms",
            "statement_timeout": f"{patience.statement // timedelta(milliseconds=1)}ms",
        }
        before = {
            name: connection.scalar(text("SELECT current_setting(:name)"), {"name": name}) for name in limits
        }
        for name, value in limits.items():
            connection.execute(setting, {"name": name, "value": value})
        try:
            yield connection
        finally:
            if not connection.invalidated and not connection.closed:
                for name, value in before.items():
                    connection.execute(setting, {"name": name, "value": value})
