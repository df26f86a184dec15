"""Replays of stored decisions: of one case, or of all."""

from functools import partial
from typing import Annotated, Any

import typer

from ops.cli.connection import with_database
from ops.cli.output import AsJson, answer, say
from services.decisions import replay as replays
from services.decisions.replay import DecisionReplay
from shared.database import Database

PROGRESS = 10 * replays.BATCH
"""The progress is printed after each such number of decisions."""


def replay(
    number: Annotated[str | None, typer.Argument(help="Number of a complaint.")] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Replay every stored decision.")] = False,
    as_json: AsJson = False,
) -> None:
    """Decide again from the stored facts, and list each decision that differs; exit code 1 if one differs."""
    if every == (number is not None):
        raise typer.BadParameter("give the number of a complaint, or --all")
    replayed, differing = with_database(_all if number is None else partial(_case, number))
    lines = [f"{replayed} decisions replayed, {len(differing)} differ"]
    for result in differing:
        lines += [
            f"{result.number}, event {result.seq}: differs",
            *(f"  {line}" for line in result.differences),
        ]
    value = {"replayed": replayed, "differing": [_as_value(result) for result in differing]}
    answer(value, "\n".join(lines), as_json=as_json)
    if differing:
        raise typer.Exit(1)


async def _case(number: str, db: Database) -> tuple[int, list[DecisionReplay]]:
    results = await replays.replay(db, number)
    return len(results), [result for result in results if not result.identical]


async def _all(db: Database) -> tuple[int, list[DecisionReplay]]:
    replayed, differing = 0, list[DecisionReplay]()
    async for batch in replays.replay_all(db):
        replayed += len(batch)
        differing += [result for result in batch if not result.identical]
        if replayed % PROGRESS == 0:
            say(f"{replayed} decisions replayed, {len(differing)} differ so far")
    return replayed, differing


def _as_value(result: DecisionReplay) -> dict[str, Any]:
    return {
        "number": result.number,
        "event": result.seq,
        "differences": list(result.differences),
        "reference_then": result.reference_then,
        "reference_now": result.reference_now,
    }
