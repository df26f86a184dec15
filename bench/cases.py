"""Latency of one case by its number, and of the desk lists, among 1,000,000 cases."""

import random

import orjson

from bench import circular, client, costs, filings, filled
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
            *_measured(stack, f"case by number at {SIZE:,}", by_number, 10),
            *_measured(stack, f"list of 50, newest first, at {SIZE:,}", ["/v1/complaints?limit=50"], 40),
            *_measured(stack, f"list of 50 of one bureau at {SIZE:,}", of_bureau, 40),
        ]


def _measured(stack: Stack, what: str, paths: list[str], bound: int) -> list[Line]:
    meter = costs.Meter(stack, INTAKE)
    rounds = _rounds(stack, paths)
    spent = meter.of_reads(ROUNDS * REQUESTS, what)
    return [*circular.percentiles(what, rounds, bound), *spent]


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
