"""Migrates a database to the newest schema, and reports its revision."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from shared.database import Database

MIGRATIONS = Path(__file__).parents[1] / "migrations"


def configuration(database_url: str) -> Config:
    """Return the configuration of Alembic; `migrations/env.py` reads the address from its attributes."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["database_url"] = asyncpg_url(database_url)
    return config


def asyncpg_url(database_url: str) -> str:
    """Return the same address with the driver that every process uses."""
    return f"postgresql+asyncpg://{database_url.partition('://')[2]}"


def upgrade(database_url: str, revision: str = "head") -> None:
    """Apply missing migrations. Do not call it while an event loop runs."""
    command.upgrade(configuration(database_url), revision)


def downgrade(database_url: str, revision: str) -> None:
    """Revert migrations to a revision (`base`: all). Do not call it while an event loop runs."""
    command.downgrade(configuration(database_url), revision)


def newest() -> str:
    """Return the newest revision of this source tree. Raises if there are two heads."""
    head = ScriptDirectory.from_config(configuration("postgresql://")).get_current_head()
    return head or "none"


async def present(db: Database) -> str:
    """Return the revision of a database: `none` if it has never been migrated."""
    async with db.transaction() as connection:
        if await connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
            return "none"
        return str(await connection.scalar(text("SELECT version_num FROM alembic_version")))
