"""Latency of one case by its number, and of the desk lists, among 1,000,000 cases."""

import random

import orjson

from bench import circular, client, filings, filled
from bench.client import Job
from bench.report import Line
from bench.stack import INTAKE, Stack, running

SIZE = 1_000_000
ROUNDS = 5
REQUESTS = 200
_FILED = 1_000


def measure() -> list[Line]:
    """Measure p50 and p95 over HTTP, one client: cases filed by REST, lists of all and of one bureau."""
    with running() as stack:
        filled.fill(stack, SIZE)
        stack.start(INTAKE)
        numbers = file_some(stack)
        bureaus = [
            row["code"] for row in stack.query("SELECT code FROM bureau WHERE level = 'CITY' ORDER BY code")
        ]
        by_number = [f"/v1/complaints/{number}" for number in numbers]
        of_bureau = [f"/v1/complaints?bureau={code}&limit=50" for code in bureaus]
        return [
            *circular.percentiles(f"case by number at {SIZE:,}", _rounds(stack, by_number), 10),
            *circular.percentiles(
                f"list of 50, newest first, at {SIZE:,}", _rounds(stack, ["/v1/complaints?limit=50"]), 40
            ),
            *circular.percentiles(f"list of 50 of one bureau at {SIZE:,}", _rounds(stack, of_bureau), 40),
        ]


def file_some(stack: Stack) -> list[str]:
    """File some complaints by REST; return their numbers."""
    request = client.request(
        "POST",
        "/v1/complaints/batch",
        stack.keys["call-centre"],
        filings.lines(0, _FILED),
        Content_Type="application/x-ndjson",
        Idempotency_Key="bench",
    )
    answers = client.run(Job(stack.ports[INTAKE], [request], 1, keep_bodies=True)).only(200)
    return [result["receipt"]["number"] for result in orjson.loads(answers.bodies[0])["results"]]


def _rounds(stack: Stack, paths: list[str]) -> list[list[float]]:
    rng = random.Random(1)  # noqa: S311 - repeatable, not secret
    return [_read(stack, [rng.choice(paths) for _ in range(REQUESTS)]) for _ in range(ROUNDS)]


def _read(stack: Stack, paths: list[str]) -> list[float]:
    requests = [client.request("GET", path, stack.keys["bureau-desk"]) for path in paths]
    return client.run(Job(stack.ports[INTAKE], requests, 1)).only(200).times
