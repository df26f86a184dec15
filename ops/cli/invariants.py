"""The commands of invariants: what must be true of every case."""

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer

from ops.cli.connection import with_database
from ops.cli.output import AsJson, answer
from services.deadlines import invariants

app = typer.Typer(no_args_is_help=True, help="Check what must be true of every case at every moment.")


@app.callback()
def _group() -> None:
    """Keep `check` a command of its own, so that others can be added."""


@app.command()
def check(
    grace: Annotated[
        int, typer.Option(min=0, help="Seconds that the sweep has to report a deadline that has passed.")
    ] = 60,
    *,
    as_json: AsJson = False,
) -> None:
    """Check every invariant without writing; print one line for each; exit code 1 if one is violated."""
    findings = with_database(lambda db: invariants.check(db, grace=timedelta(seconds=grace)))
    lines = [
        f"{'✓' if finding.holds else '✗'} {finding.invariant}{_violations(finding)}" for finding in findings
    ]
    answer([asdict(finding) for finding in findings], "\n".join(lines), as_json=as_json)
    if not all(finding.holds for finding in findings):
        raise typer.Exit(1)


def _violations(finding: invariants.Violation) -> str:
    if finding.holds:
        return ""
    more = ", …" if finding.violations > len(finding.examples) else ""
    return f": violated by {finding.violations} ({', '.join(finding.examples)}{more})"
