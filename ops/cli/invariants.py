"""The verb that asks whether what must hold of every case does."""

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer

from ops.cli.connection import with_database
from ops.cli.output import AsJson, answer
from services.deadlines import invariants

app = typer.Typer(no_args_is_help=True, help="What must hold of every case at every moment.")


@app.callback()
def _group() -> None:
    """Keep `check` a verb of its own, so that others may stand beside it."""


@app.command()
def check(
    grace: Annotated[
        int, typer.Option(min=0, help="Seconds that the sweep has to speak of a limit that ran out.")
    ] = 60,
    *,
    as_json: AsJson = False,
) -> None:
    """Ask for every invariant, reading only; one line each, exit code 1 if one does not hold."""
    findings = with_database(lambda db: invariants.check(db, grace=timedelta(seconds=grace)))
    lines = [f"{'✓' if each.holds else '✗'} {each.says}{_violations(each)}" for each in findings]
    answer([asdict(each) for each in findings], "\n".join(lines), as_json=as_json)
    if not all(each.holds for each in findings):
        raise typer.Exit(1)


def _violations(finding: invariants.Finding) -> str:
    if finding.holds:
        return ""
    more = ", …" if finding.violations > len(finding.examples) else ""
    return f": not so for {finding.violations} ({', '.join(finding.examples)}{more})"
