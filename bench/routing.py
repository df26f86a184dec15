"""Speed of the worker with a backlog: complaints that were filed by batch while it was stopped, against bare statements."""

import asyncio
import contextlib
from pathlib import Path

from bench import bare, batch, costs, report
from bench.bare import Kept
from bench.report import Line
from bench.stack import CAREFUL, INTAKE, WORKER, Stack, running

ROUNDS = 5
BATCHES = 30
CASES = BATCHES * 1000
_DRAINED = "SELECT NOT EXISTS (SELECT FROM task WHERE kind IN ('route', 'forward')) AS drained"
# from the first batch's events to the last batch's; the first batch is not counted, because its start is not recorded
_SPAN = """
    SELECT count(*) FILTER (WHERE at > first) AS counted, extract(epoch FROM max(at) - min(at))::float8 AS seconds
    FROM (SELECT at, min(at) OVER () + interval '1 ms' AS first FROM case_event WHERE kind = 'ROUTED') routed
"""
_LAST = ("task", "dirty_day")
"""The worker finds these last, when it is ready."""


def measure() -> list[Line]:
    """Measure cases per second from the first routed batch to the last, and of the bare statements for the rows, in turn."""
    with running(INTAKE, environment=CAREFUL) as stack:
        batch.post(stack, 0, BATCHES)
        stack.stop(INTAKE)
        backlog = batch.new_folder(stack, "backlog")
        asyncio.run(_take_out(stack, backlog))
        rates, limits = [], []
        spent: list[Line] = []
        kept: Kept | None = None
        for _ in range(ROUNDS):
            rate, spent = _drain(stack, backlog)
            rates.append(rate)
            kept = kept or asyncio.run(_keep(stack, backlog))
            limits.append(asyncio.run(_bare(stack, backlog, kept)))
    return [
        report.against(
            f"routing a backlog of {CASES:,} and forwarding it, against its rows by bare statements",
            "cases/s",
            rates,
            limits,
            report.at_least(0.4, "≥ 40 % of the statements, or ≥ 10,000/s", or_value=10_000),
        ),
        *spent,
    ]


def _drain(stack: Stack, backlog: Path) -> tuple[float, list[Line]]:
    """Start the worker, give it the tasks, and return its cases per second and what a case costs."""
    asyncio.run(_put_back(stack, backlog, empty=True))
    stack.start(WORKER)
    meter = costs.Meter(stack, WORKER)
    asyncio.run(_put_back(stack, backlog, empty=False))
    stack.wait(lambda: bool(stack.query(_DRAINED)[0]["drained"]), "backlog routed", seconds=120, every=0.25)
    spent = meter.of_cases(CASES, "routing")
    stack.stop(WORKER)
    span = stack.query(_SPAN)[0]
    return float(span["counted"] / span["seconds"]), spent


async def _keep(stack: Stack, backlog: Path) -> Kept:
    connection = await stack.connect()
    try:
        return await bare.keep(connection, backlog)
    finally:
        await connection.close()


async def _bare(stack: Stack, backlog: Path, kept: Kept) -> float:
    async with contextlib.AsyncExitStack() as sessions:
        connections = [await stack.connect() for _ in range(bare.SESSIONS)]
        for connection in connections:
            sessions.push_async_callback(connection.close)
        await bare.restore(connections[0], backlog)
        return await bare.write(connections, kept)


async def _take_out(stack: Stack, backlog: Path) -> None:
    connection = await stack.connect()
    try:
        await batch.take_out(connection, batch.TABLES, backlog)
    finally:
        await connection.close()


async def _put_back(stack: Stack, backlog: Path, *, empty: bool) -> None:
    """Empty the tables and put back the cases, without what the worker looks for; then that."""
    connection = await stack.connect()
    try:
        if empty:
            await connection.execute(batch.EMPTY)
        names = [name for name in batch.TABLES if (name in _LAST) is not empty]
        await batch.put_back(connection, backlog, names)
    finally:
        await connection.close()
