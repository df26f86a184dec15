"""The verb that looks a deployment over."""

from dataclasses import asdict

import typer

from ops import doctor as checks
from ops.cli.connection import addresses, with_database
from ops.cli.output import AsJson, answer
from ops.doctor import Patient, State
from ops.stack.environment import StackSettings

_SIGNS = {State.OK: "✓", State.WARN: "!", State.FAIL: "✗"}


def doctor(*, as_json: AsJson = False) -> None:
    """Look over durability, schema, clocks, calendar, doorbell, keys, tasks, limits, feeds, roles; exit 1 if one fails."""
    settings = StackSettings()
    redis_url = addresses(settings).redis_url
    findings = with_database(lambda db: checks.examine(Patient(db, redis_url, settings.key_file)), settings)
    lines = [f"{_SIGNS[each.state]} {each.check:<12} {each.message}" for each in findings]
    answer([asdict(each) for each in findings], "\n".join(lines), as_json=as_json)
    if any(each.state is State.FAIL for each in findings):
        raise typer.Exit(1)
