"""How fast the worker drains a backlog: complaints filed while it was down, by batch, with all their facts."""

import asyncio
import statistics

from bench import batch, report, stack
from bench.report import Line
from bench.stack import INTAKE, WORKER, Stack

ROUNDS = 5
BATCHES = 30
_DRAINED = "SELECT NOT EXISTS (SELECT FROM task WHERE kind = 'route') AS drained"
# from the first batch's events to the last batch's: the first batch, whose begin is not recorded, is not counted
_SPAN = """
    SELECT count(*) FILTER (WHERE at > first) AS counted, extract(epoch FROM max(at) - min(at))::float8 AS seconds
    FROM (SELECT at, min(at) OVER () + interval '1 ms' AS first FROM case_event WHERE kind = 'ROUTED') routed
"""


def measure() -> list[Line]:
    """Measure cases a second from the first routed batch to the last, with the figures refreshed meanwhile."""
    with stack.running(INTAKE) as one:
        batch.post(one, 0, BATCHES)
        one.stop(INTAKE)
        backlog = asyncio.run(_take_out(one))
        rates = []
        for turn in range(ROUNDS):
            if turn:
                asyncio.run(_put_back(one, backlog))
            rates.append(_drain(one))
    return [
        Line(
            f"routing a backlog of {BATCHES * 1000:,}",
            statistics.median(rates),
            "cases/s",
            rounds=rates,
            budget=report.at_least(8000, "≥ 8,000 cases/s"),
        )
    ]


def _drain(one: Stack) -> float:
    one.start(WORKER, wait=False)
    one.wait(lambda: bool(one.query(_DRAINED)[0]["drained"]), "backlog routed", seconds=120, every=0.25)
    one.stop(WORKER)
    span = one.query(_SPAN)[0]
    return float(span["counted"] / span["seconds"])


async def _take_out(one: Stack) -> dict[str, bytes]:
    connection = await one.connect()
    try:
        return await batch.take_out(connection, batch.TABLES)
    finally:
        await connection.close()


async def _put_back(one: Stack, backlog: dict[str, bytes]) -> None:
    connection = await one.connect()
    try:
        await connection.execute(batch.EMPTY)
        await batch.put_back(connection, backlog)
    finally:
        await connection.close()
