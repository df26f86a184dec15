"""Checks the invariants of all cases in one snapshot of the database; it only reads.

The statements stand in `invariants.sql`, independent of the code that writes cases, so that a fault of that code
cannot hide itself. For operators (`python -m ops invariants check`) and for tests.
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
"""How many cases are named for each violated invariant."""


@cache
def statements() -> Mapping[str, str]:
    """Return the statement of each invariant: it finds the cases that violate it. The key is its sentence."""
    blocks = _FILE.read_text(encoding="utf-8").strip().split("\n\n")
    parts = (block.removeprefix(_HEADING).partition("\n") for block in blocks)
    return {invariant: sql for invariant, _, sql in parts}


@dataclass(frozen=True, slots=True)
class Violation:
    """The result of one invariant: its sentence, how many cases violate it, and the numbers of the first few."""

    invariant: str
    violations: int
    examples: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Tell whether no case violates the invariant."""
        return not self.violations


async def check(db: Database, *, grace: timedelta) -> list[Violation]:
    """Check every invariant. `grace` is how long ago a deadline must have run out to count as an error of the sweep."""
    async with db.transaction() as connection:
        await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        await connection.execute(text("SET LOCAL statement_timeout = '10min'"))
        return [await _check(connection, invariant, sql, grace) for invariant, sql in statements().items()]


async def _check(connection: AsyncConnection, invariant: str, sql: str, grace: timedelta) -> Violation:
    counted = text(
        f"SELECT count(*) AS violations, (array_agg(number ORDER BY number))[1:{_SHOWN}] AS examples FROM ({sql}) wrong"  # noqa: S608 - our own statements
    )
    values = {"grace": grace} if ":grace" in sql else {}
    counts = (await connection.execute(counted, values)).one()
    return Violation(invariant, counts.violations, tuple(counts.examples or ()))
