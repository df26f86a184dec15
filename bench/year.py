"""A national year: 301,680 closed complaints imported by REST, placed, counted in the figures; against COPY of its rows."""

import asyncio
import hashlib
import os
import time
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import httpx
import orjson

from bench import batch, client, costs, filings, report
from bench.client import Job
from bench.report import Line
from bench.stack import ANALYTICS, INTAKE, TWO_INTAKES, WORKER, Stack, running

COUNT = 301_680
"""Complaints of 2020, the last complete year that the State Post Bureau published by month."""
PART = 1_000
IN_FLIGHT = 8
"""The connections are spread over the processes of the intake by chance: of eight, both get some."""
FACTS = ("daily_fact", "monthly_fact", "channel_fact", "circular_fact")
TABLES = ("complaint", "complaint_party", "case_event", "request_key", "import_file", "import_part", *FACTS)
"""The tables that an import and its figures write, in the order of their foreign keys."""
_COPIES = 3


def measure() -> list[Line]:
    """Measure seconds from the first part sent until the analytics API answers with every complaint; then the COPY."""
    with ProcessPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        parts = list(pool.map(_part, range(0, COUNT, PART), chunksize=16))
    with running(INTAKE, ANALYTICS, WORKER, environment=TWO_INTAKES) as stack:
        url = _announce(stack, parts)
        key = stack.keys["legacy-import"]
        requests = [
            client.request("PUT", f"{url}/parts/{place}", key, part, Content_Type="application/x-ndjson")
            for place, part in enumerate(parts)
        ]
        del parts
        meter = costs.Meter(stack, INTAKE, WORKER)
        began = time.perf_counter()
        answers = client.run(Job(stack.ports[INTAKE], requests, IN_FLIGHT)).only(200)
        answered = time.perf_counter()
        stack.wait(lambda: counted(stack) == COUNT, "the year in the figures", seconds=60, every=0.25)
        ended = time.perf_counter()
        spent = meter.of_cases(COUNT, "a national year")
        stack.stop(INTAKE, ANALYTICS, WORKER)
        rows = batch.new_folder(stack, "rows")
        copies = [asyncio.run(batch.copy_again(stack, TABLES, rows)) for _ in range(_COPIES)]
    return [
        Line(
            f"a national year ({COUNT:,}) in, placed, in the figures, against COPY of its rows",
            ended - began,
            "s",
            limit=sorted(copies)[_COPIES // 2],
            budget=report.at_most(2, "≤ 2 × COPY"),
            limit_rounds=copies,
        ),
        Line("of it: until every part was answered", answered - began, "s"),
        Line("then until all were in the figures", ended - answered, "s"),
        Line("intake, rows a second", COUNT / answers.seconds, "rows/s"),
        *spent,
    ]


def _part(start: int) -> bytes:
    return filings.lines(start, min(PART, COUNT - start), history=True)


def _announce(stack: Stack, parts: list[bytes]) -> str:
    digests = [client.digest(part) for part in parts]
    whole = hashlib.sha256("\n".join(digests).encode()).hexdigest()
    manifest = {"name": "national year", "rows": COUNT, "part_sha256": digests, "sha256": whole}
    answer = httpx.post(
        f"{stack.url(INTAKE)}/v1/imports",
        content=orjson.dumps(manifest),
        headers={
            "Authorization": f"Bearer {stack.keys['legacy-import']}",
            "Content-Type": "application/json",
        },
        trust_env=False,
    )
    return f"/v1/imports/{answer.raise_for_status().json()['id']}"


def counted(stack: Stack) -> int:
    """Return how many complaints the analytics API counts in the year measured."""
    return int(
        volume(stack, period="year", **{"from": str(filings.YEAR), "to": str(filings.YEAR)})["totals"][-1][
            "count"
        ]
    )


def volume(stack: Stack, **question: str) -> Any:
    """Ask the analytics API for volumes of received complaints, if the question says nothing else."""
    answer = httpx.get(
        f"{stack.url(ANALYTICS)}/v1/figures/volume",
        params={"basis": "received"} | question,
        headers={"Authorization": f"Bearer {stack.keys['dashboard']}"},
        trust_env=False,
    )
    return answer.raise_for_status().json()
