"""SQL keeps what spreads over machines later: a claim searches one bucket, a write takes the moment as a parameter.

The reasons stand in docs/decisions/0023-indexes.md.
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
IN_ONE_BUCKET = re.compile(r"\bbucket = \$\d")
BY_KEY = re.compile(r"\bbucket = u\.bucket\b|tuple_\(")


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
        elif isinstance(child, ast.Attribute) and ast.unparse(child.value) == "func":
            yield f"{child.attr}()"
        yield from _texts(child)


def _around(sql: str, place: int) -> str:
    """Return the innermost parenthesis around a place, or all."""
    depth, start = 0, 0
    for start in range(place, -1, -1):
        depth += {")": 1, "(": -1}.get(sql[start], 0)
        if depth < 0:
            break
    return sql[start:place]


STATEMENTS = dict(_statements())


def test_there_are_statements_to_look_at() -> None:
    assert sum(bool(WRITES.search(sql)) for sql in STATEMENTS.values()) > 20
    assert sum(SKIPPING in sql for sql in STATEMENTS.values()) >= 5


def _spans_buckets(sql: str) -> bool:
    searches = [_around(sql, match.start()) for match in re.finditer(SKIPPING, sql)]
    return any(not IN_ONE_BUCKET.search(search) and not BY_KEY.search(sql) for search in searches)


def test_a_claim_that_skips_locked_rows_searches_one_bucket_or_goes_by_key() -> None:
    assert [name for name, sql in STATEMENTS.items() if _spans_buckets(sql)] == []


def test_a_write_takes_the_moment_as_a_parameter() -> None:
    volatile = [name for name, sql in STATEMENTS.items() if WRITES.search(sql) and VOLATILE.search(sql)]
    assert volatile == [], "pass the moment of the transaction as a parameter (shared.database.moment)"


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


@pytest.mark.parametrize(
    ("sql", "spans"),
    [
        ("SELECT FROM task WHERE bucket = $1 FOR UPDATE SKIP LOCKED", False),
        (
            "SELECT FROM unnest($1) AS u(bucket) JOIN task t ON t.bucket = u.bucket FOR UPDATE SKIP LOCKED",
            False,
        ),
        ("SELECT FROM task WHERE next_at <= $1 FOR UPDATE SKIP LOCKED", True),
        ("SELECT FROM (SELECT FROM task FOR UPDATE SKIP LOCKED) t WHERE bucket = $1", True),
    ],
)
def test_the_rule_of_claims_sees_what_it_is_for(sql: str, spans: bool) -> None:  # noqa: FBT001 - a parameter of pytest
    assert _spans_buckets(sql) is spans
