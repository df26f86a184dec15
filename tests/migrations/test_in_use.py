"""Helpers of later migrations: made-up revisions change a table while other connections lock its rows and write to it."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError

from migrations import in_use
from shared import database
from tests.migrations.stage import TABLES, Stage

Run = Callable[[Coroutine[Any, Any, Any]], Any]
ROOT = Path(__file__).parents[2]
SOON = 2.0
"""Seconds within which a write must be through: far less than the change waits, more than a busy machine needs."""


@pytest.fixture
def stage(empty: Callable[[], str], run: Run, tmp_path: Path) -> Stage:
    """Return a database with tables of its own, and the folder of its revision."""
    stage = Stage(empty(), tmp_path)
    run(stage.do(TABLES))
    return stage


LOCKED_ROW = "UPDATE parcel SET note = 'mine' WHERE id = 1"
INDEX = 'in_use.create_index("ix_parcel_note", "parcel (note)")'
IS_VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('ix_parcel_note')"


def _validated(name: str) -> str:
    return f"SELECT convalidated FROM pg_constraint WHERE conname = '{name}'"


def test_an_index_is_built_while_a_row_is_locked_and_others_write(stage: Stage, run: Run) -> None:
    assert run(stage.revise_beside(LOCKED_ROW, INDEX)) < SOON
    assert run(stage.value(IS_VALID)) is True


def test_what_a_broken_build_left_behind_is_mended(stage: Stage, run: Run) -> None:
    with pytest.raises(asyncpg.UniqueViolationError):
        run(stage.do("CREATE UNIQUE INDEX CONCURRENTLY ix_parcel_note ON parcel (note)"))
    assert run(stage.value(IS_VALID)) is False
    stage.revise(INDEX)
    assert run(stage.value(IS_VALID)) is True


def test_a_build_that_fails_leaves_no_index_that_writers_pay_for(stage: Stage, run: Run) -> None:
    unique = 'in_use.create_index("ix_parcel_note", "parcel (note)", unique=True)'
    with pytest.raises(DBAPIError) as failure:
        stage.revise(unique)
    assert database.sqlstate(failure.value) == "23505"
    assert run(stage.value(IS_VALID)) is None
    run(stage.do("UPDATE parcel SET note = id::text"))
    stage.revise(unique)
    assert run(stage.value(IS_VALID)) is True


def test_an_index_that_is_there_is_left_alone_and_dropped_beside_others(stage: Stage, run: Run) -> None:
    run(stage.do("CREATE INDEX ix_parcel_note ON parcel (note)"))
    before = run(stage.value("SELECT 'ix_parcel_note'::regclass::oid"))
    stage.revise(INDEX)
    assert run(stage.value("SELECT 'ix_parcel_note'::regclass::oid")) == before
    run(stage.do("DELETE FROM alembic_version"))
    assert run(stage.revise_beside(LOCKED_ROW, 'in_use.drop_index("ix_parcel_note")')) < SOON
    assert run(stage.value(IS_VALID)) is None


@pytest.mark.parametrize(
    ("body", "query"),
    [
        (
            'in_use.add_column("parcel", "late", "boolean DEFAULT false NOT NULL", patience=TRIED)',
            "SELECT count(*) = 1000 FROM parcel WHERE NOT late",
        ),
        (
            'in_use.drop_column("parcel", "outlet", safety_reason="no process has used it since 0.2", patience=TRIED)',
            "SELECT count(*) = 0 FROM pg_attribute WHERE attrelid = 'parcel'::regclass AND attname = 'outlet'",
        ),
        ('in_use.add_check("parcel", "ck_parcel_id", "id > 0", brief=TRIED)', _validated("ck_parcel_id")),
        (
            'in_use.add_foreign_key("parcel", "fk_parcel_outlet", "(outlet) REFERENCES outlet (id)", brief=TRIED)',
            _validated("fk_parcel_outlet"),
        ),
        ('in_use.add_not_null("parcel", "outlet", brief=TRIED)', _validated("parcel_outlet_not_null")),
        (
            'in_use.drop_constraint("parcel", "pk_parcel", patience=TRIED)',
            "SELECT count(*) = 0 FROM pg_constraint WHERE conname = 'pk_parcel'",
        ),
    ],
    ids=["add_column", "drop_column", "add_check", "add_foreign_key", "add_not_null", "drop_constraint"],
)
def test_a_wait_for_a_strong_lock_is_short_and_repeated(
    stage: Stage, run: Run, body: str, query: str
) -> None:
    assert run(stage.revise_beside(LOCKED_ROW, body)) < SOON
    assert run(stage.value(query)) is True


def test_a_lock_that_never_comes_ends_the_revision_and_changes_nothing(stage: Stage, run: Run) -> None:
    async def _beside() -> None:
        async with stage.connection() as other, other.transaction():
            await other.execute("SELECT count(*) FROM parcel")
            await asyncio.to_thread(
                stage.revise, 'in_use.add_column("parcel", "late", "boolean", patience=TRIED)', attempts=2
            )

    before = time.monotonic()
    with pytest.raises(DBAPIError) as failure:
        run(_beside())
    assert database.sqlstate(failure.value) == in_use.LOCK_NOT_AVAILABLE
    assert 0.5 <= time.monotonic() - before < 10
    assert run(stage.value("SELECT count(*) FROM pg_attribute WHERE attname = 'late'")) == 0
    assert run(stage.value("SELECT count(*) FROM alembic_version")) == 0


def test_validation_waits_for_no_row_and_writers_do_not_wait_for_it(stage: Stage, run: Run) -> None:
    run(stage.do("ALTER TABLE parcel ADD CONSTRAINT ck_parcel_id CHECK (id > 0) NOT VALID"))

    async def _beside() -> None:
        async with stage.connection() as other, other.transaction():
            await other.execute(LOCKED_ROW)
            await asyncio.to_thread(stage.revise, 'in_use.add_check("parcel", "ck_parcel_id", "id > 0")')

    run(_beside())
    assert run(stage.value(_validated("ck_parcel_id"))) is True


@pytest.mark.parametrize(
    ("body", "name", "bad", "mended"),
    [
        (
            'in_use.add_check("parcel", "ck_parcel_outlet", "outlet > 1")',
            "ck_parcel_outlet",
            "UPDATE parcel SET outlet = 1 WHERE id = 7",
            "UPDATE parcel SET outlet = 2 WHERE outlet = 1",
        ),
        (
            'in_use.add_foreign_key("parcel", "fk_parcel_outlet", "(outlet) REFERENCES outlet (id)")',
            "fk_parcel_outlet",
            "UPDATE parcel SET outlet = 9 WHERE id = 7",
            "UPDATE parcel SET outlet = 1 WHERE outlet = 9",
        ),
        (
            'in_use.add_not_null("parcel", "outlet")',
            "parcel_outlet_not_null",
            "UPDATE parcel SET outlet = NULL WHERE id = 7",
            "UPDATE parcel SET outlet = 1 WHERE outlet IS NULL",
        ),
    ],
    ids=["check", "foreign_key", "not_null"],
)
def test_a_constraint_that_old_rows_break_holds_for_new_ones_and_is_validated_when_they_are_mended(
    stage: Stage, run: Run, body: str, name: str, bad: str, mended: str
) -> None:
    run(stage.do(bad))
    with pytest.raises(DBAPIError):
        stage.revise(body)
    assert run(stage.value(_validated(name))) is False
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        run(stage.do(bad.replace("id = 7", "id = 8")))
    run(stage.do(mended))
    stage.revise(body)
    assert run(stage.value(_validated(name))) is True


FILE = "SELECT pg_relation_filenode('parcel')"


@pytest.mark.parametrize(
    "definition",
    [
        "uuid DEFAULT uuidv7()",
        "timestamptz DEFAULT clock_timestamp() NOT NULL",
        "bigint GENERATED ALWAYS AS IDENTITY",
        "text REFERENCES outlet (id)",
    ],
)
def test_a_column_that_would_rewrite_the_table_is_refused(stage: Stage, run: Run, definition: str) -> None:
    before = run(stage.value(FILE))
    with pytest.raises(in_use.UnsafeChangeError):
        stage.revise(f'in_use.add_column("parcel", "late", "{definition}")')
    assert run(stage.value(FILE)) == before
    assert run(stage.value("SELECT count(*) FROM pg_attribute WHERE attname = 'late'")) == 0


def test_a_column_with_a_constant_default_is_added_without_a_rewrite_and_once(stage: Stage, run: Run) -> None:
    before = run(stage.value(FILE))
    body = 'in_use.add_column("parcel", "at", "timestamptz DEFAULT now() NOT NULL")'
    stage.revise(f"{body}\n    {body}")
    assert run(stage.value(FILE)) == before
    assert run(stage.value("SELECT count(at) FROM parcel")) == 1000


def test_a_column_goes_only_with_a_reason(stage: Stage, run: Run) -> None:
    with pytest.raises(in_use.UnsafeChangeError):
        stage.revise('in_use.drop_column("parcel", "note", safety_reason="unused")')
    assert run(stage.value("SELECT count(note) FROM parcel")) == 1000


def test_limits_of_quick_statements_do_not_end_long_ones_and_hold_again_after_them(
    stage: Stage, run: Run
) -> None:
    body = (
        "op.execute(\"SET statement_timeout = '250ms'\")\n"
        '    in_use.execute("SELECT pg_sleep(0.6)", patience=in_use.LONG)\n'
        '    op.execute("SELECT pg_sleep(5)")'
    )
    with pytest.raises(DBAPIError) as failure:
        stage.revise(body)
    assert database.sqlstate(failure.value) == "57014"
    assert "pg_sleep(5)" in str(failure.value)
    assert run(stage.value("SELECT count(*) FROM alembic_version")) == 0


def test_a_second_migrator_does_not_hold_up_the_index_of_the_first(stage: Stage, run: Run) -> None:
    stage.write(f'in_use.execute("SELECT pg_sleep(1)"); {INDEX}')
    program = (
        "import sys; from alembic import command; from ops import migrate; c = migrate.configuration(sys.argv[1]);"
        "c.set_main_option('path_separator', 'newline'); c.set_main_option('version_locations', sys.argv[2]);"
        "command.upgrade(c, 'head')"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", program, stage.url, str(stage.folder)], cwd=ROOT)
        for _ in range(2)
    ]
    assert [process.wait(timeout=60) for process in both] == [0, 0]
    assert run(stage.value(IS_VALID)) is True
