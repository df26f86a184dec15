"""Revisions after the baseline: each changes tables by ways that make nobody wait, and what goes around them is refused."""

import ast
from pathlib import Path

import pytest

from migrations import in_use
from tests.migrations import revision_rules

VERSIONS = Path(__file__).parents[2] / "migrations" / "versions"
BASELINE = "0001_baseline.py"

REFUSED = {
    "CREATE INDEX ix_a ON complaint (outlet)": "CREATE INDEX without CONCURRENTLY",
    "CREATE UNIQUE INDEX IF NOT EXISTS ix_a ON public.complaint (outlet)": "CREATE INDEX without CONCURRENTLY",
    "create index\n    ix_a\n on complaint (outlet)": "CREATE INDEX without CONCURRENTLY",
    "DROP INDEX ix_a": "DROP INDEX without CONCURRENTLY",
    "ALTER TABLE reply ADD CONSTRAINT ck_a CHECK (seq > 0)": "CHECK without NOT VALID",
    "ALTER TABLE reply ADD CHECK (seq > 0)": "CHECK without NOT VALID",
    "ALTER TABLE reply ADD CONSTRAINT fk_a FOREIGN KEY (by) REFERENCES officer (id)": "FOREIGN KEY without NOT VALID",
    "ALTER TABLE reply ADD CONSTRAINT uq_a UNIQUE (by)": "an index built under a lock",
    "ALTER TABLE reply ADD CONSTRAINT reply_by_not_null NOT NULL by": "NOT NULL without NOT VALID",
    "ALTER TABLE reply ALTER COLUMN late SET NOT NULL": "SET NOT NULL of late without a validated check",
    "ALTER TABLE reply ALTER late SET NOT NULL": "SET NOT NULL of late without a validated check",
    "ALTER TABLE reply ALTER COLUMN seq TYPE bigint": "a type change",
    "ALTER TABLE reply ALTER seq SET DATA TYPE bigint": "a type change",
    "ALTER TABLE reply ADD COLUMN a uuid DEFAULT uuidv7() NOT NULL": "a volatile default",
    "ALTER TABLE reply ADD COLUMN a timestamptz DEFAULT clock_timestamp()": "a volatile default",
    "ALTER TABLE reply ADD COLUMN a bigint GENERATED ALWAYS AS IDENTITY": "a column computed for each row",
    "ALTER TABLE reply ADD COLUMN a bigserial": "a column computed for each row",
    "ALTER TABLE reply ADD COLUMN a text REFERENCES officer (id)": "a constraint inside ADD COLUMN",
    "ALTER TABLE reply SET UNLOGGED": "a rewrite",
    "ALTER TABLE reply DROP COLUMN late": "DROP COLUMN without a reason",
    "ALTER TABLE reply DROP late": "DROP COLUMN without a reason",
    "ALTER TABLE reply ADD a uuid DEFAULT gen_random_uuid()": "a volatile default",
    "ALTER TABLE reply ADD CHECK (seq IN (1, 2)), ADD CHECK (seq > 0) NOT VALID": "CHECK without NOT VALID",
    "ALTER TABLE reply RENAME COLUMN late TO overdue": "a rename",
    "VACUUM FULL reply": "shuts everybody out",
    "LOCK TABLE reply": "shuts everybody out",
    "UPDATE complaint SET outlet = NULL": "rows changed in one transaction",
    "WITH old AS (SELECT 1) UPDATE ONLY complaint SET outlet = NULL": "rows changed in one transaction",
    "DELETE FROM feed_entry": "rows changed in one transaction",
    "DROP TABLE IF EXISTS reply": "DROP TABLE breaks",
    "CREATE TRIGGER tr_a BEFORE UPDATE ON reply FOR EACH ROW EXECUTE FUNCTION f()": "CREATE TRIGGER makes writers wait",
    "ALTER TABLE reply SET SCHEMA archive": "a rewrite",
    "ALTER INDEX ix_a RENAME TO ix_b": "ALTER INDEX",
    "DO $$ BEGIN EXECUTE 'DROP INDEX ix_a'; END $$": "DO hides",
}
ALLOWED = (
    "CREATE INDEX CONCURRENTLY ix_a ON complaint (outlet)",
    "DROP INDEX CONCURRENTLY IF EXISTS ix_a",
    "CREATE TABLE letter (id uuid); CREATE INDEX ix_a ON letter (id); ALTER TABLE letter ADD CHECK (id IS NOT NULL)",
    "ALTER TABLE reply ADD CONSTRAINT ck_a CHECK (seq > 0) NOT VALID",
    "ALTER TABLE reply ADD CONSTRAINT fk_a FOREIGN KEY (by) REFERENCES officer (id) NOT VALID",
    "ALTER TABLE reply ADD CONSTRAINT uq_a UNIQUE USING INDEX uq_a",
    "ALTER TABLE reply VALIDATE CONSTRAINT ck_a",
    "ALTER TABLE reply ADD COLUMN a boolean DEFAULT false NOT NULL",
    "ALTER TABLE reply ADD COLUMN a timestamptz DEFAULT now()",
    (
        "ALTER TABLE reply ADD CONSTRAINT ck_a CHECK (late IS NOT NULL) NOT VALID; "
        "ALTER TABLE reply VALIDATE CONSTRAINT ck_a; ALTER TABLE reply ALTER COLUMN late SET NOT NULL"
    ),
    "ALTER TABLE reply DROP CONSTRAINT ck_a, ADD COLUMN b text, ALTER COLUMN late DROP DEFAULT",
    "ALTER TABLE reply ALTER COLUMN late SET DEFAULT true",
    "CREATE TABLE letter (id uuid); UPDATE letter SET id = NULL; DELETE FROM letter",
    "GRANT SELECT, UPDATE ON reply TO shensu_worker",
    "GRANT SELECT ON reply TO shensu_worker",
)


def _revision(body: str) -> str:
    return f"def upgrade() -> None:\n    {body}\n"


@pytest.mark.parametrize(("sql", "fault"), REFUSED.items())
def test_a_statement_that_makes_others_wait_is_refused(sql: str, fault: str) -> None:
    reasons = revision_rules.faults(_revision(f"op.execute({sql!r})"))
    assert len(reasons) == 1
    assert fault in reasons[0]


@pytest.mark.parametrize("sql", ALLOWED)
def test_a_statement_that_makes_nobody_wait_is_allowed(sql: str) -> None:
    assert revision_rules.faults(_revision(f"op.execute({sql!r})")) == []


@pytest.mark.parametrize(
    "body",
    [
        'op.execute("CREATE INDEX ix_a " "ON complaint (outlet)")',
        'op.execute("CREATE INDEX ix_a " + "ON complaint (outlet)")',
        'op.execute(f"CREATE INDEX {name} ON {table} (outlet)")',
        'op.execute(f"CREATE TABLE {table} (id uuid)"), op.execute(f"CREATE INDEX ix_a ON {table} (id)")',
        'op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({condition})")',
        'in_use.execute("ALTER TABLE reply ALTER COLUMN seq TYPE bigint")',
        'op.create_index("ix_a", "complaint", ["outlet"])',
        'op.alter_column("reply", "late", nullable=False)',
        'in_use.drop_column("reply", "late", safety_reason="unused")',
        'in_use.drop_column("reply", "late", safety_reason=" " * 40)',
    ],
)
def test_no_way_of_writing_it_escapes(body: str) -> None:
    assert len(revision_rules.faults(_revision(body))) == 1


def test_the_helpers_are_allowed_and_what_the_template_shows_is_right() -> None:
    template = (VERSIONS.parent / "script.py.mako").read_text(encoding="utf-8")
    lines = [line.strip() for line in template.splitlines() if line.startswith("    in_use.")]
    shown = {ast.parse(line).body[0].value.func.attr for line in lines}  # type: ignore[attr-defined]
    assert shown >= {
        "add_column",
        "create_index",
        "add_check",
        "add_foreign_key",
        "add_not_null",
        "drop_column",
    }
    assert all(hasattr(in_use, name) for name in shown)
    assert revision_rules.faults(_revision("\n    ".join(lines))) == []


def test_every_revision_after_the_baseline_makes_nobody_wait() -> None:
    revisions = sorted(path for path in VERSIONS.glob("*.py") if path.name != BASELINE)
    assert (VERSIONS / BASELINE).exists()
    assert {
        path.name: reasons
        for path in revisions
        if (reasons := revision_rules.faults(path.read_text(encoding="utf-8")))
    } == {}
