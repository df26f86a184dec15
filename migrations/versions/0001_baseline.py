"""Baseline: the whole schema of the first release, from the SQL files of `migrations/baseline/`, one a subject."""

import re
from pathlib import Path

from alembic import op

revision = "0001_baseline"
down_revision = None
branch_labels = None
depends_on = None

FOLDER = Path(__file__).parents[1] / "baseline"
SUBJECTS = ("cases", "work", "access", "imports", "reference", "figures", "handling", "exchange", "rights")
"""In this order: what a foreign key points at comes before it, and rights come last."""
STATEMENT = re.compile(r"(?:\$\$.*?\$\$|'[^']*'|--[^\n]*|[^;])++;", re.DOTALL)
"""One statement with its semicolon, for the driver takes one at a time; bodies ($$), strings and comments are skipped."""


def upgrade() -> None:
    """Create the schema."""
    for subject in SUBJECTS:
        _execute(subject)


def downgrade() -> None:
    """Drop the schema and all that it holds."""
    _execute("drop")


def _execute(name: str) -> None:
    connection = op.get_bind()
    for statement in STATEMENT.findall((FOLDER / f"{name}.sql").read_text(encoding="utf-8")):
        connection.exec_driver_sql(statement)
