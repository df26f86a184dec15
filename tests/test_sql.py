"""SQL keeps what spreads over machines later: claims go by bucket, writes of cases take the moment as a parameter.

What breaks a rule today stands in a list that may only shrink (docs/decisions/0002, the growth of the house).
"""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import TextClause

ROOT = Path(__file__).parents[1]
VOLATILE = re.compile(
    r"clock_timestamp|statement_timestamp|\bnow\(\)|current_timestamp|uuidv7|\brandom\(|gen_random",
    re.IGNORECASE,
)
WRITES = re.compile(r"(?<!FOR )(?<!KEY )\b(UPDATE\s+\w+|INSERT\s+INTO|DELETE\s+FROM)\b")
SKIPPING = "SKIP LOCKED"
BY_BUCKET = re.compile(r"bucket\s*=|tuple_\(\w+\.c\.bucket,")
VOLATILE_WRITES = frozenset(
    {
        "services/access/clients.py:revoke",
        "services/access/signing_keys.py:revoke",
        "services/cases/moved_deadlines.py:_REVIVE",
        "services/cases/stored_deadlines.py:_STOP",
        "services/deadlines/sweep.py:_PUT_OFF",
        "services/deadlines/watchdog.py:_dwelling",
        "services/delivery/delivery_queue.py:_CLAIM",
        "services/delivery/delivery_queue.py:_CLAIM_DUE",
        "services/delivery/delivery_queue.py:_CLAIM_PROBE",
        "services/delivery/delivery_queue.py:_PROBE",
        "services/delivery/delivery_queue.py:_RECORD",
        "services/delivery/delivery_queue.py:_SET_HEALTH",
        "services/figures/refresh.py:_BE_THERE",
        "services/hotline/interim.py:_PUT_OFF",
        "services/hotline/interim.py:_TAKE",
        "services/imports/takeover.py:complete",
        "services/surges/warning.py:_KEEP",
        "services/tasks/admin.py:requeue",
        "services/tasks/queue.py:_CLAIM",
        "services/tasks/queue.py:_GIVE_BACK",
        "services/tasks/queue.py:_RELEASE",
    }
)
"""Statements that still take the moment from a volatile function in a write."""


def _statements() -> Iterator[tuple[str, str]]:
    """Yield each text that a module of services names, by path and name, with the values of its format strings."""
    for path in sorted((ROOT / "services").rglob("*.py")):
        source = path.relative_to(ROOT)
        module = importlib.import_module(".".join(source.with_suffix("").parts).removesuffix(".__init__"))
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                name = node.targets[0].id
                if isinstance(value := getattr(module, name), str | TextClause):
                    yield f"{source}:{name}", str(value)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                code = ast.unparse(node)
                skipping = f"{SKIPPING} {code}" if "skip_locked=True" in code else ""
                yield f"{source}:{node.name}", " ; ".join([skipping, *_texts(node)])


def _texts(node: ast.AST) -> Iterator[str]:
    """Yield what a function or class has of SQL: its texts without docstrings, and writes that are made of columns."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            continue
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child.value
        elif (
            isinstance(child, ast.Call)
            and isinstance(child.func, ast.Attribute)
            and child.func.attr == "values"
        ):
            yield "UPDATE columns " + ast.unparse(child)
        yield from _texts(child)


STATEMENTS = dict(_statements())


def test_there_are_statements_to_look_at() -> None:
    assert sum(bool(WRITES.search(sql)) for sql in STATEMENTS.values()) > 20
    assert sum(SKIPPING in sql for sql in STATEMENTS.values()) >= 5


def test_a_claim_that_skips_locked_rows_joins_by_bucket() -> None:
    assert [name for name, sql in STATEMENTS.items() if SKIPPING in sql and not BY_BUCKET.search(sql)] == []


def test_a_write_takes_the_moment_as_a_parameter() -> None:
    volatile = {name for name, sql in STATEMENTS.items() if WRITES.search(sql) and VOLATILE.search(sql)}
    assert sorted(volatile - VOLATILE_WRITES) == [], "pass the moment of the transaction as a parameter"
    assert sorted(VOLATILE_WRITES - volatile) == [], "mended: remove it from the list"


@pytest.mark.parametrize(
    ("sql", "is_volatile"),
    [
        ("UPDATE task SET next_at = clock_timestamp()", True),
        ("INSERT INTO task (id) VALUES (gen_random_uuid())", True),
        ("SELECT clock_timestamp()", False),
        ("UPDATE task SET next_at = $1", False),
    ],
)
def test_the_rule_sees_what_it_is_for(sql: str, is_volatile: bool) -> None:  # noqa: FBT001 - a parameter of pytest
    assert bool(WRITES.search(sql) and VOLATILE.search(sql)) is is_volatile
