"""What must hold of every case at every moment, asked of the database in one snapshot, reading only.

The statements stand in `invariants.sql`, apart from the code that makes them so: a fault of that code does not hide
itself. For operators (`python -m ops invariants check`) and for tests.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database import Database

_FILE = Path(__file__).with_name("invariants.sql")
_HEADING = "-- "
_SHOWN = 3
"""So many cases are named for each invariant that does not hold."""


@cache
def statements() -> Mapping[str, str]:
    """Return, by what each invariant says, the statement that finds the cases of which it is not so."""
    blocks = _FILE.read_text(encoding="utf-8").strip().split("\n\n")
    parts = (block.removeprefix(_HEADING).partition("\n") for block in blocks)
    return {says: sql for says, _, sql in parts}


@dataclass(frozen=True, slots=True)
class Violation:
    """Whether an invariant holds; of how many cases it does not, and the numbers of the first few."""

    says: str
    violations: int
    examples: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Tell whether it does."""
        return not self.violations


async def check(db: Database, *, grace: timedelta) -> list[Violation]:
    """Check every invariant. `grace` is how long ago a deadline must have run out to count as an error of the sweep."""
    async with db.transaction() as connection:
        await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        await connection.execute(text("SET LOCAL statement_timeout = '10min'"))
        return [await _check(connection, says, sql, grace) for says, sql in statements().items()]


async def _check(connection: AsyncConnection, says: str, sql: str, grace: timedelta) -> Violation:
    counted = text(
        f"SELECT count(*) AS violations, (array_agg(number ORDER BY number))[1:{_SHOWN}] AS examples FROM ({sql}) wrong"  # noqa: S608 - our own statements
    )
    values = {"grace": grace} if ":grace" in sql else {}
    counts = (await connection.execute(counted, values)).one()
    return Violation(says, counts.violations, tuple(counts.examples or ()))
