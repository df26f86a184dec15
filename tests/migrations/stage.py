"""Two tables in use and a made-up revision that changes them, while other connections lock rows and write."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
from alembic import command

from ops import migrate

TABLES = """
    CREATE TABLE outlet (id integer CONSTRAINT pk_outlet PRIMARY KEY);
    CREATE TABLE parcel (id integer CONSTRAINT pk_parcel PRIMARY KEY, outlet integer, note text);
    INSERT INTO outlet SELECT generate_series(1, 3);
    INSERT INTO parcel SELECT n, n % 3 + 1, 'note' FROM generate_series(1, 1000) n;
"""
REVISION = '''"""A made-up revision."""
from datetime import timedelta
from alembic import op
from migrations import in_use
revision, down_revision = "made_up", None
TRIED = in_use.Patience(lock=timedelta(milliseconds=200), statement=timedelta(seconds=20),
                        pause=timedelta(milliseconds=100), attempts={attempts})

def upgrade():
    {body}
'''


@dataclass(frozen=True)
class Stage:
    """A database with two tables in use, and a folder for one revision that changes them."""

    url: str
    folder: Path

    def revise(self, body: str, *, attempts: int = 100) -> None:
        """Run a revision with this body."""
        self.write(body, attempts=attempts)
        config = migrate.configuration(self.url)
        config.set_main_option("path_separator", "newline")
        config.set_main_option("version_locations", str(self.folder).replace("%", "%%"))
        command.upgrade(config, "head")

    def write(self, body: str, *, attempts: int = 100) -> None:
        """Write the revision."""
        (self.folder / "made_up.py").write_text(
            REVISION.format(body=body, attempts=attempts), encoding="utf-8"
        )

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[asyncpg.Connection]:
        """Connect as another process would."""
        connection = await asyncpg.connect(self.url)
        try:
            yield connection
        finally:
            await connection.close()

    async def value(self, query: str) -> Any:
        """Return the answer to a query."""
        async with self.connection() as connection:
            return await connection.fetchval(query)

    async def do(self, statements: str) -> None:
        """Run statements."""
        async with self.connection() as connection:
            await connection.execute(statements)

    async def revise_beside(self, statement: str, body: str) -> float:
        """Run a revision while a transaction stays open after a statement; return the longest wait of a writer."""
        async with self.connection() as other, self.connection() as writer:
            transaction = other.transaction()
            await transaction.start()
            await other.execute(statement)
            revision = asyncio.create_task(asyncio.to_thread(self.revise, body))
            longest = 0.0
            for number in range(8):
                before = time.monotonic()
                await writer.execute("UPDATE parcel SET note = 'new' WHERE id = $1", 500 + number)
                longest = max(longest, time.monotonic() - before)
                await asyncio.sleep(0.1)
            assert not revision.done(), "it did not wait for the open transaction"
            await transaction.commit()
            await revision
        return longest
