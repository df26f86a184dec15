"""Batches of 1,000 over four connections against COPY of the same rows, in turn."""

import asyncio
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from bench import client, costs, filings, report
from bench.client import Job
from bench.report import Line
from bench.stack import INTAKE, Stack, running

TABLES = (
    "complaint",
    "complaint_party",
    "case_event",
    "case_deadline",
    "feed_entry",
    "task",
    "request_key",
    "dirty_day",
)
"""In the order of their foreign keys."""
ROUNDS = 5
BATCHES = 20
CONNECTIONS = 4
EMPTY = f"TRUNCATE {', '.join(TABLES)} CASCADE"


def measure() -> list[Line]:
    """Measure rows per second of POST /v1/complaints/batch, and of COPY into the same tables, indexes and keys."""
    with running(INTAKE) as stack:
        post(stack, 0, BATCHES)
        posts, copies = [], []
        for turn in range(ROUNDS):
            stack.execute(EMPTY)
            posts.append(post(stack, turn + 1, BATCHES))
            copies.append(asyncio.run(_copy(stack, new_folder(stack, "rows"))))
        stack.execute(EMPTY)
        meter = costs.Meter(stack, INTAKE)
        post(stack, ROUNDS + 1, BATCHES)
        spent = meter.of_cases(BATCHES * 1000, "batch")
    return [
        report.against(
            "batch intake, NDJSON of 1,000, 4 connections, against COPY of its rows",
            "rows/s",
            posts,
            copies,
            report.at_least(0.5, "≥ 50 % of COPY"),
        ),
        *spent,
    ]


def post(stack: Stack, turn: int, batches: int) -> float:
    """File batches of 1,000 complaints; return the complaints per second."""
    key = stack.keys["call-centre"]
    requests = [
        client.request(
            "POST",
            "/v1/complaints/batch",
            key,
            filings.lines((turn * batches + place) * 1000, 1000),
            Content_Type="application/x-ndjson",
            Idempotency_Key=uuid.uuid4().hex,
        )
        for place in range(batches)
    ]
    answers = client.run(Job(stack.ports[INTAKE], requests, CONNECTIONS, keep_bodies=True)).only(200)
    stored = sum(orjson.loads(body)["stored"] for body in answers.bodies)
    if stored != (count := batches * 1000):
        raise RuntimeError(f"{count} complaints were sent, {stored} were stored")
    return count / answers.seconds


async def _copy(stack: Stack, rows: Path) -> float:
    """Return the complaints per second of COPY of all rows of the tables into the same tables, emptied."""
    connection = await stack.connect()
    try:
        count = await connection.fetchval("SELECT count(*) FROM complaint")
    finally:
        await connection.close()
    return float(count / await copy_again(stack, TABLES, rows))


async def copy_again(stack: Stack, tables: Sequence[str], rows: Path) -> float:
    """Take out the rows of tables into a folder, empty the tables, COPY the rows into them; return the seconds of COPY."""
    connection = await stack.connect()
    try:
        await take_out(connection, tables, rows)
        await connection.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        began = time.perf_counter()
        async with connection.transaction():
            await put_back(connection, rows, tables)
        return time.perf_counter() - began
    finally:
        await connection.close()


def new_folder(stack: Stack, name: str) -> Path:
    """Return a folder of the stack for rows, made if need be."""
    folder = stack.home / name
    folder.mkdir(exist_ok=True)
    return folder


async def take_out(connection: Any, tables: Sequence[str], folder: Path) -> None:
    """Write the rows of tables into files of a folder, in the text form of COPY."""
    for table in tables:
        await connection.copy_from_table(table, output=folder / table)


async def put_back(connection: Any, folder: Path, tables: Sequence[str] = TABLES) -> None:
    """COPY the rows of files into their tables, in the order of their foreign keys."""
    for table in tables:
        await connection.copy_to_table(table, source=folder / table)
