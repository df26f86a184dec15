"""What a revision after the baseline may not do to a table that is in use: read from its source, not from its run."""

import ast
import re
from collections.abc import Iterator

_LEFT_OUT = "left_out"
"""Stands for the parts of an f-string that are computed."""
_CREATED = re.compile(r"\bCREATE TABLE (?:IF NOT EXISTS )?(\w+)", re.IGNORECASE)
_VALIDATED = r"CHECK \(+{column} IS NOT NULL\)+ NOT VALID.*VALIDATE CONSTRAINT"
_ALTERED = re.compile(r"\bALTER TABLE (?:IF EXISTS )?(?:ONLY )?(\w+) (.*)", re.IGNORECASE)
_VOLATILE = (
    r"\b(clock_timestamp|timeofday|random\w*|uuidv[47]|gen_random_\w+|nextval|"
    r"pg_current_xact_id\w*|txid_current\w*)\b"
)
_ANYWHERE = {
    r"\bDROP INDEX (?!CONCURRENTLY\b)": "DROP INDEX without CONCURRENTLY: in_use.drop_index",
    r"\bREINDEX (?!.*CONCURRENTLY\b)": "REINDEX without CONCURRENTLY",
    r"\b(VACUUM|CLUSTER|LOCK TABLE|TRUNCATE)\b": "a statement that shuts everybody out of a table",
    r"DROP TABLE\b": "DROP TABLE breaks the processes that run",
    r"ALTER INDEX\b": "ALTER INDEX: a new index instead, in_use.create_index",
    r"DO\b": "DO hides its statements from these rules: write them out",
}
_BUILT_UNDER_LOCK = "CREATE INDEX without CONCURRENTLY: in_use.create_index"
_LOCKED_ROWS = "rows changed in one transaction stay locked until its end: let a loop of the worker fill them"
_ON_A_TABLE = {
    r"\bCREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY\b).*?\bON (?:ONLY )?(\w+)": _BUILT_UNDER_LOCK,
    r"\bCREATE (?:OR REPLACE )?(?:CONSTRAINT )?TRIGGER\b.*?\bON (\w+)": "CREATE TRIGGER makes writers wait",
    r"\bUPDATE (?:ONLY )?(\w+)\b.* SET\b": _LOCKED_ROWS,
    r"\bDELETE FROM (?:ONLY )?(\w+)": _LOCKED_ROWS,
}
"""Each names the table, and holds for one that the revision does not create itself."""
_NEW_COLUMN = r"ADD (?:COLUMN )?(?!(?:CONSTRAINT|CHECK|FOREIGN|UNIQUE|PRIMARY|EXCLUDE|NOT)\b)\w+"
_OF_A_TABLE = {
    r"ADD (?:CONSTRAINT \w+ )?CHECK\b(?!.*\bNOT VALID\b)": "CHECK without NOT VALID: in_use.add_check",
    r"ADD (?:CONSTRAINT \w+ )?FOREIGN KEY\b(?!.*\bNOT VALID\b)": "FOREIGN KEY without NOT VALID: in_use.add_foreign_key",
    r"ADD (?:CONSTRAINT \w+ )?NOT NULL\b(?!.*\bNOT VALID\b)": "NOT NULL without NOT VALID: in_use.add_not_null",
    r"ADD (?:CONSTRAINT \w+ )?(UNIQUE|PRIMARY KEY|EXCLUDE)\b(?! USING INDEX)": "an index built under a lock: USING INDEX",
    r"ALTER (?:COLUMN )?\w+ (?:SET DATA )?TYPE\b": "a type change: a new column instead",
    r"SET (LOGGED|UNLOGGED|ACCESS METHOD|TABLESPACE|SCHEMA)\b": "a rewrite of the table",
    r"RENAME\b": "a rename breaks the processes that run: a new column instead",
    r"DROP (?!CONSTRAINT\b)": "DROP COLUMN without a reason: in_use.drop_column(..., safety_reason=...)",
    rf"{_NEW_COLUMN}\b.*\b(REFERENCES|CHECK|UNIQUE|PRIMARY KEY)\b": "a constraint inside ADD COLUMN: add it apart",
    rf"{_NEW_COLUMN}\b.*\b(GENERATED|(?:BIG|SMALL)?SERIAL)\b": "a column computed for each row rewrites the table",
    rf"{_NEW_COLUMN}\b.*\bDEFAULT\b.*{_VOLATILE}": "a volatile default rewrites the table: in_use.add_column",
}
"""Matched from the beginning of each action of an ALTER TABLE."""
_ALEMBIC = frozenset(
    {
        "add_column",
        "alter_column",
        "batch_alter_table",
        "bulk_insert",
        "create_check_constraint",
        "create_exclude_constraint",
        "create_foreign_key",
        "create_index",
        "create_primary_key",
        "create_unique_constraint",
        "drop_column",
        "drop_constraint",
        "drop_index",
        "rename_table",
    }
)
_SHORTEST_REASON = 20


def faults(source: str) -> list[str]:
    """Return what the source of a revision may not do, each with the way that is safe."""
    tree = ast.parse(source)
    statements = [part for sql in _strings(tree) for part in _statements(sql)]
    created = {table for sql in statements for table in _CREATED.findall(sql)} - {_LEFT_OUT}
    everything = " ; ".join(statements)
    of_sql = [fault for sql in statements for fault in _sql_faults(sql, created, everything)]
    return [*of_sql, *_call_faults(tree)]


def _strings(tree: ast.AST) -> Iterator[str]:
    """Yield each text of the source, joined where it is put together from several; docstrings are none."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        joined = _joined(node)
        if joined is None:
            yield from _strings(node)
        else:
            yield joined


def _joined(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(_joined(part) or _LEFT_OUT for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _joined(node.left), _joined(node.right)
        return None if left is None and right is None else f"{left or _LEFT_OUT}{right or _LEFT_OUT}"
    return None


def _statements(sql: str) -> list[str]:
    """Return the statements of a text in one line each, without comments and quotes of names."""
    plain = re.sub(r"--[^\n]*|/\*.*?\*/", " ", sql, flags=re.DOTALL).replace('"', "").replace("public.", "")
    return [" ".join(part.split()) for part in plain.split(";") if part.strip()]


def _sql_faults(sql: str, created: set[str], everything: str) -> Iterator[str]:
    yield from (fault for pattern, fault in _ANYWHERE.items() if re.match(pattern, sql, re.IGNORECASE))
    for pattern, fault in _ON_A_TABLE.items():
        tables = set(re.findall(pattern, sql, re.IGNORECASE)) - created
        yield from (f"{table}: {fault}" for table in tables)
    altered = _ALTERED.search(sql)
    if altered is not None and altered[1] not in created:
        for action in _actions(altered[2]):
            yield from (f"{altered[1]}: {fault}" for fault in _action_faults(action, everything))


def _actions(altered: str) -> list[str]:
    """Return the actions of an ALTER TABLE: they stand apart by the commas that are in no brackets."""
    depth, parts = 0, [""]
    for character in altered:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


def _action_faults(action: str, everything: str) -> Iterator[str]:
    yield from (fault for pattern, fault in _OF_A_TABLE.items() if re.match(pattern, action, re.IGNORECASE))
    made_mandatory = re.match(r"ALTER (?:COLUMN )?(\w+) SET NOT NULL\b", action, re.IGNORECASE)
    if made_mandatory:
        column = made_mandatory[1]
        if not re.search(_VALIDATED.format(column=column), everything, re.IGNORECASE):
            yield f"SET NOT NULL of {column} without a validated check: in_use.add_not_null"


def _call_faults(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        module = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
        if module == "op" and node.func.attr in _ALEMBIC:
            yield f"op.{node.func.attr} takes its lock at once: use in_use or SQL"
        if module == "in_use" and node.func.attr == "drop_column" and not _gives_a_reason(node):
            yield "in_use.drop_column without a reason: say in safety_reason why nobody uses the column"


def _gives_a_reason(call: ast.Call) -> bool:
    return any(
        keyword.arg == "safety_reason" and len((_joined(keyword.value) or "").strip()) >= _SHORTEST_REASON
        for keyword in call.keywords
    )
