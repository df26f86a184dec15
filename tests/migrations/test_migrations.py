"""The migrations make the schema that the models describe, forwards and backwards."""

import subprocess
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from ops import migrate
from ops.stack.servers import Addresses
from shared.models import access, cases, figures, imports, reference, work
from shared.models.base import metadata

ROOT = Path(__file__).parents[2]
Run = Callable[[Coroutine[Any, Any, Any]], Any]
MODELS = (access, cases, figures, imports, reference, work)

COLUMNS = """
    SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
        pg_get_expr(d.adbin, d.adrelid)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> 'alembic_version'
"""
CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conrelid <> 0 AND conrelid::regclass::text <> 'alembic_version'
"""
INDEXES = """
    SELECT tablename, indexname, indexdef FROM pg_indexes
    WHERE schemaname = 'public' AND tablename <> 'alembic_version'
"""


async def _ask(url: str, *statements: str) -> list[set[tuple[Any, ...]]]:
    engine = create_async_engine(migrate.asyncpg_url(url))
    try:
        async with engine.connect() as connection:
            return [set(map(tuple, await connection.execute(text(statement)))) for statement in statements]
    finally:
        await engine.dispose()


async def _do(url: str, *statements: str) -> None:
    engine = create_async_engine(migrate.asyncpg_url(url), isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            for statement in statements:
                await connection.execute(text(statement))
    finally:
        await engine.dispose()


async def _make_all(url: str) -> None:
    engine = create_async_engine(migrate.asyncpg_url(url))
    try:
        async with engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
    finally:
        await engine.dispose()


@pytest.fixture
def another(addresses: Addresses, run: Run) -> Callable[[str], str]:
    """Return a function that makes an empty database of this name and returns its address."""

    def make(name: str) -> str:
        run(
            _do(
                addresses.database_url,
                f"DROP DATABASE IF EXISTS {name} WITH (FORCE)",
                f"CREATE DATABASE {name}",
            )
        )
        return addresses.database_url.rpartition("/")[0] + f"/{name}"

    return make


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(migrate.configuration("postgresql://")).get_heads()) == 1


def test_migrated_catalogue_equals_the_models(another: Callable[[str], str], run: Run) -> None:
    migrated, modelled = another("migrated"), another("modelled")
    migrate.upgrade(migrated)
    run(_make_all(modelled))
    of_migrations = run(_ask(migrated, COLUMNS, CONSTRAINTS, INDEXES))
    of_models = run(_ask(modelled, COLUMNS, CONSTRAINTS, INDEXES))
    for migration, model in zip(of_migrations, of_models, strict=True):
        assert len(model) > 20
        assert migration == model


def test_up_down_up(another: Callable[[str], str], run: Run) -> None:
    url = another("walked")
    migrate.upgrade(url)
    (first,) = run(_ask(url, COLUMNS))
    migrate.downgrade(url, "base")
    left, sequences = run(
        _ask(url, COLUMNS, "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'")
    )
    assert left == set()
    assert sequences == set()
    migrate.upgrade(url)
    (again,) = run(_ask(url, COLUMNS))
    assert again == first


def test_two_migrators_at_once(another: Callable[[str], str], run: Run) -> None:
    # one works, the other waits and finds everything done
    url = another("shared_by_two")
    script = "import sys; from ops import migrate; migrate.upgrade(sys.argv[1])"
    both = [subprocess.Popen([sys.executable, "-c", script, url], cwd=ROOT) for _ in range(2)]
    assert [process.wait(timeout=60) for process in both] == [0, 0]
    (versions,) = run(_ask(url, "SELECT version_num FROM alembic_version"))
    assert versions == {(migrate.newest(),)}
