"""Migrations: one head, down and up again leave nothing behind, and what they make is what the models say."""

import subprocess
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import text

from ops import migrate
from shared.database import Database
from shared.models.catalogue import metadata

Run = Callable[[Coroutine[Any, Any, Any]], Any]
ROOT = Path(__file__).parents[2]
OURS = "c.relnamespace = 'public'::regnamespace AND c.relname <> 'alembic_version'"

CATALOGUE = {
    "columns": f"""
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity::text,
            pg_get_expr(d.adbin, d.adrelid)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relkind = 'r' AND {OURS}
    """,
    "constraints": f"""
        SELECT c.relname, k.conname, k.contype::text, pg_get_constraintdef(k.oid)
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE {OURS}
    """,
    "indexes": f"""
        SELECT t.relname, c.relname, pg_get_indexdef(c.oid)
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
        WHERE {OURS} AND t.relname <> 'alembic_version'
    """,
}


def _ask(run: Run, url: str, statement: str) -> set[tuple[Any, ...]]:
    async def _go() -> set[tuple[Any, ...]]:
        db = Database.connect(migrate.asyncpg_url(url), pool_size=1)
        async with db.transaction() as connection:
            rows = {tuple(row) for row in await connection.execute(text(statement))}
        await db.close()
        return rows

    rows: set[tuple[Any, ...]] = run(_go())
    return rows


def test_there_is_one_head_and_one_way_to_it() -> None:
    script = ScriptDirectory.from_config(migrate.configuration("postgresql://"))
    assert script.get_heads() == [migrate.newest()]
    assert len(script.get_bases()) == 1
    assert [revision.revision for revision in script.walk_revisions()] == sorted(
        (revision.revision for revision in script.walk_revisions()), reverse=True
    )


def test_up_down_up_leaves_nothing_behind(empty: Callable[[], str], run: Run) -> None:
    url = empty()
    migrate.upgrade(url)
    first = {name: _ask(run, url, statement) for name, statement in CATALOGUE.items()}
    migrate.downgrade(url, "base")
    left = f"SELECT c.relname FROM pg_class c WHERE {OURS} AND c.relkind IN ('r', 'S', 'v', 'm', 'f') "
    assert _ask(run, url, left) == set()
    assert (
        _ask(
            run,
            url,
            "SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typname NOT LIKE '%alembic%'",
        )
        == set()
    )
    assert _ask(run, url, "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace") == set()
    migrate.upgrade(url)
    assert {name: _ask(run, url, statement) for name, statement in CATALOGUE.items()} == first


def test_each_step_down_and_up_again(empty: Callable[[], str], run: Run) -> None:
    url = empty()
    script = ScriptDirectory.from_config(migrate.configuration("postgresql://"))
    for revision in reversed([revision.revision for revision in script.walk_revisions()]):
        migrate.upgrade(url, revision)
        migrate.downgrade(url, "-1")
        migrate.upgrade(url, revision)
    assert _ask(run, url, "SELECT version_num FROM alembic_version") == {(migrate.newest(),)}


def test_migrations_make_what_the_models_say(empty: Callable[[], str], run: Run) -> None:
    migrated, modelled = empty(), empty()
    migrate.upgrade(migrated)

    async def _create() -> None:
        db = Database.connect(migrate.asyncpg_url(modelled), pool_size=1)
        async with db.transaction() as connection:
            await connection.run_sync(metadata.create_all)
        await db.close()

    run(_create())
    assert len(metadata.tables) > 40
    for name, statement in CATALOGUE.items():
        by_migrations, by_models = _ask(run, migrated, statement), _ask(run, modelled, statement)
        assert by_migrations - by_models == set(), f"{name}: not in the models"
        assert by_models - by_migrations == set(), f"{name}: not in the migrations"
        assert by_models


def test_two_migrators_at_once_run_one_after_the_other(empty: Callable[[], str], run: Run) -> None:
    url = empty()

    # processes, as two containers that start together would be
    program = "import sys; from ops import migrate; migrate.upgrade(sys.argv[1])"
    both = [subprocess.Popen([sys.executable, "-c", program, url], cwd=ROOT) for _ in range(2)]
    assert [process.wait(timeout=60) for process in both] == [0, 0]
    assert _ask(run, url, "SELECT version_num FROM alembic_version") == {(migrate.newest(),)}


def test_every_bucket_has_its_serial(empty: Callable[[], str], run: Run) -> None:
    url = empty()
    migrate.upgrade(url)
    serials = _ask(run, url, "SELECT sequencename, min_value, max_value, cycle FROM pg_sequences WHERE cycle")
    assert serials == {(f"complaint_serial_{bucket}", 0, 999_999, True) for bucket in range(64)}
