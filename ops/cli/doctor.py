"""The command that checks a deployment."""

from dataclasses import asdict

import typer

from ops import doctor as checks
from ops.cli.connection import addresses, with_database
from ops.cli.output import AsJson, answer
from ops.doctor import CheckState, Patient
from ops.stack.environment import StackSettings

_SIGNS = {CheckState.OK: "✓", CheckState.WARN: "!", CheckState.FAIL: "✗"}


def doctor(*, as_json: AsJson = False) -> None:
    """Check durability, pools, schema, clock, calendar, doorbell, keys, tasks, deadlines, feeds, roles (exit 1: a fault)."""
    settings = StackSettings()
    redis_url = addresses(settings).redis_url
    findings = with_database(
        lambda db: checks.examine(Patient(db, redis_url, settings.key_file, settings.connections)), settings
    )
    lines = [f"{_SIGNS[finding.state]} {finding.check:<12} {finding.message}" for finding in findings]
    answer([asdict(finding) for finding in findings], "\n".join(lines), as_json=as_json)
    if any(finding.state is CheckState.FAIL for finding in findings):
        raise typer.Exit(1)
