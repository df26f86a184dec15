"""Tables of the schema, with the docstring below each of them in `shared/models`."""

import ast
import inspect
import itertools
from collections.abc import Iterator
from types import ModuleType

from sqlalchemy import Column, Table

from ops.description.entries import DescriptionEntry
from shared.models import catalogue


def tables() -> list[DescriptionEntry]:
    """Return every table, sorted by name: its docstring, its module and its columns."""
    return sorted(
        (entry for module in catalogue.MODULES for entry in _tables(module)), key=lambda entry: entry.name
    )


def _tables(module: ModuleType) -> Iterator[DescriptionEntry]:
    docstrings = _docstrings(module)
    for name, value in vars(module).items():
        if isinstance(value, Table):
            columns = {column.name: _column(column) for column in value.columns}
            yield DescriptionEntry(
                value.name, docstrings.get(name, ""), {"module": module.__name__} | columns
            )


def _docstrings(module: ModuleType) -> dict[str, str]:
    """Return the string that follows each assignment of a module."""
    body = ast.parse(inspect.getsource(module)).body
    return {
        target.id: inspect.cleandoc(text.value.value)
        for assignment, text in itertools.pairwise(body)
        if isinstance(assignment, ast.Assign)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
        for target in assignment.targets
        if isinstance(target, ast.Name)
    }


def _column(column: Column[object]) -> str:
    words = [str(column.type).lower()]
    if column.primary_key:
        words.append("primary key")
    elif not column.nullable:
        words.append("not null")
    return ", ".join(words)
