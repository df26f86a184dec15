"""How often the facts changed, and up to which moment they tell of the cases: age and ETag of answers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database import Database
from shared.models.figures import figures_state

NAME = "facts"


@dataclass(frozen=True, slots=True)
class FactsState:
    """Version 0 without a moment: nothing was ever counted."""

    version: int
    as_of: datetime | None


NEVER = FactsState(0, None)


async def of(connection: AsyncConnection) -> FactsState:
    """Return the state of the facts as this transaction sees it."""
    columns = select(figures_state.c.version, figures_state.c.as_of).where(figures_state.c.name == NAME)
    row = (await connection.execute(columns)).one_or_none()
    return NEVER if row is None else FactsState(row.version, row.as_of)


async def current(db: Database) -> FactsState:
    """Return the state of the facts now."""
    async with db.transaction() as connection:
        return await of(connection)


async def hold_still(connection: AsyncConnection) -> FactsState:
    """Make every further statement of this transaction see the facts of one moment; must come first in it.

    Returns their state.
    """
    await connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    return await of(connection)
