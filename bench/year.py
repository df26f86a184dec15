"""A national year: 301,680 closed complaints imported by REST, routed, and counted in the figures."""

import hashlib
import os
import time
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import httpx
import orjson

from bench import client, filings, report
from bench.client import Job
from bench.report import Line
from bench.stack import ANALYTICS, INTAKE, WORKER, Stack, running

COUNT = 301_680
"""Complaints of 2020, the last complete year that the State Post Bureau published by month."""
PART = 1_000
IN_FLIGHT = 4
_ROUTED = "SELECT NOT EXISTS (SELECT FROM task WHERE kind = 'route') AS routed"


def measure() -> list[Line]:
    """Measure seconds from the first part sent until the analytics API answers with every complaint."""
    with ProcessPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        parts = list(pool.map(_part, range(0, COUNT, PART), chunksize=16))
    with running(INTAKE, ANALYTICS, WORKER) as stack:
        url = _announce(stack, parts)
        key = stack.keys["legacy-import"]
        requests = [
            client.request("PUT", f"{url}/parts/{place}", key, part, Content_Type="application/x-ndjson")
            for place, part in enumerate(parts)
        ]
        began = time.perf_counter()
        answers = client.run(Job(stack.ports[INTAKE], requests, IN_FLIGHT)).only(200)
        answered = time.perf_counter()
        stack.wait(
            lambda: bool(stack.query(_ROUTED)[0]["routed"]), "the year routed", seconds=150, every=0.25
        )
        routed = time.perf_counter()
        stack.wait(lambda: _counted(stack) == COUNT, "the year in the figures", seconds=60, every=0.25)
        counted = time.perf_counter()
    return [
        Line(
            f"a national year ({COUNT:,}) in, routed, in the figures",
            counted - began,
            "s",
            budget=report.at_most(60, "≤ 60 s"),
        ),
        Line("of it: until every part was answered", answered - began, "s"),
        Line("then until all were routed", routed - answered, "s"),
        Line("then until all were in the figures", counted - routed, "s"),
        Line("intake, rows a second", COUNT / answers.seconds, "rows/s"),
        Line("in and routed, cases a second", COUNT / (routed - began), "cases/s"),
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


def _counted(stack: Stack) -> int:
    answer: Any = httpx.get(
        f"{stack.url(ANALYTICS)}/v1/figures/volume",
        params={"period": "year", "from": str(filings.YEAR), "to": str(filings.YEAR), "basis": "received"},
        headers={"Authorization": f"Bearer {stack.keys['dashboard']}"},
        trust_env=False,
    )
    return int(answer.raise_for_status().json()["totals"][-1]["count"])
