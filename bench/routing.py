"""Speed of the worker with a backlog: complaints that were filed by batch while it was stopped."""

import asyncio
import statistics

from bench import batch, report
from bench.report import Line
from bench.stack import CAREFUL, INTAKE, WORKER, Stack, running

ROUNDS = 5
BATCHES = 30
_DRAINED = "SELECT NOT EXISTS (SELECT FROM task WHERE kind = 'route') AS drained"
# from the first batch's events to the last batch's; the first batch is not counted, because its start is not recorded
_SPAN = """
    SELECT count(*) FILTER (WHERE at > first) AS counted, extract(epoch FROM max(at) - min(at))::float8 AS seconds
    FROM (SELECT at, min(at) OVER () + interval '1 ms' AS first FROM case_event WHERE kind = 'ROUTED') routed
"""


def measure() -> list[Line]:
    """Measure cases per second from the first routed batch to the last, while the figures are refreshed."""
    with running(INTAKE, environment=CAREFUL) as stack:
        batch.post(stack, 0, BATCHES)
        stack.stop(INTAKE)
        backlog = asyncio.run(_take_out(stack))
        rates = []
        for turn in range(ROUNDS):
            if turn:
                asyncio.run(_put_back(stack, backlog))
            rates.append(_drain(stack))
    return [
        Line(
            f"routing a backlog of {BATCHES * 1000:,}",
            statistics.median(rates),
            "cases/s",
            rounds=rates,
            budget=report.at_least(8000, "≥ 8,000 cases/s"),
        )
    ]


def _drain(stack: Stack) -> float:
    stack.start(WORKER, wait=False)
    stack.wait(lambda: bool(stack.query(_DRAINED)[0]["drained"]), "backlog routed", seconds=120, every=0.25)
    stack.stop(WORKER)
    span = stack.query(_SPAN)[0]
    return float(span["counted"] / span["seconds"])


async def _take_out(stack: Stack) -> dict[str, bytes]:
    connection = await stack.connect()
    try:
        return await batch.take_out(connection, batch.TABLES)
    finally:
        await connection.close()


async def _put_back(stack: Stack, backlog: dict[str, bytes]) -> None:
    connection = await stack.connect()
    try:
        await connection.execute(batch.EMPTY)
        await batch.put_back(connection, backlog)
    finally:
        await connection.close()
