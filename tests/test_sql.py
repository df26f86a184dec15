"""SQL keeps what spreads over machines later: claims go by bucket, writes of cases take the moment as a parameter.

What breaks a rule today stands in a list that may only shrink (docs/decisions/0002, the growth of the house).
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
VOLATILE = re.compile(r"clock_timestamp|statement_timestamp|\bnow\(\)|\brandom\(|gen_random", re.IGNORECASE)
WRITES = re.compile(r"(?<!FOR )(?<!KEY )\b(UPDATE\s+\w+|INSERT\s+INTO|DELETE\s+FROM)\b")
SKIPPING = "SKIP LOCKED"
BY_BUCKET = re.compile(r"bucket\s*=")
VOLATILE_WRITES = frozenset(
    {
        "services/cases/moved_deadlines.py:_REVIVE",
        "services/cases/stored_deadlines.py:_STOP",
        "services/deadlines/sweep.py:_PUT_OFF",
        "services/delivery/delivery_queue.py:_CLAIM",
        "services/figures/refresh.py:_BE_THERE",
        "services/hotline/interim.py:_PUT_OFF",
        "services/hotline/interim.py:_TAKE",
        "services/surges/warning.py:_KEEP",
        "services/tasks/queue.py:_CLAIM",
        "services/tasks/queue.py:_GIVE_BACK",
        "services/tasks/queue.py:_RELEASE",
    }
)
"""Statements that still take the moment from a volatile function in a write."""


def _text(node: ast.expr) -> str:
    """Return the text of a string in an expression, the values of a format string left out."""
    return "".join(
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )


def _statements() -> Iterator[tuple[str, str]]:
    """Yield each SQL string that a module of services names, by path and name."""
    for path in sorted((ROOT / "services").rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                yield f"{path.relative_to(ROOT)}:{node.targets[0].id}", _text(node.value)


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
