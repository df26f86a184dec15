"""Latency of one case by its number, and of the desk lists, among 1,000,000 cases."""

import random

import orjson

from bench import circular, client, filings, filled, stack
from bench.client import Job
from bench.report import Line
from bench.stack import INTAKE, Stack

SIZE = 1_000_000
ROUNDS = 5
REQUESTS = 200
_FILED = 1_000


def measure() -> list[Line]:
    """Measure p50 and p95 over HTTP, one client: cases filed by REST, lists of all and of one bureau."""
    with stack.running() as one:
        filled.fill(one, SIZE)
        one.start(INTAKE)
        numbers = file_some(one)
        bureaus = [
            row["code"] for row in one.query("SELECT code FROM bureau WHERE level = 'CITY' ORDER BY code")
        ]
        by_number = [f"/v1/complaints/{number}" for number in numbers]
        of_bureau = [f"/v1/complaints?bureau={code}&limit=50" for code in bureaus]
        return [
            *circular.percentiles(f"case by number at {SIZE:,}", _rounds(one, by_number), 10),
            *circular.percentiles(
                f"list of 50, newest first, at {SIZE:,}", _rounds(one, ["/v1/complaints?limit=50"]), 40
            ),
            *circular.percentiles(f"list of 50 of one bureau at {SIZE:,}", _rounds(one, of_bureau), 40),
        ]


def file_some(one: Stack) -> list[str]:
    """File some complaints by REST; return their numbers."""
    request = client.request(
        "POST",
        "/v1/complaints/batch",
        one.keys["call-centre"],
        filings.lines(0, _FILED),
        Content_Type="application/x-ndjson",
        Idempotency_Key="bench",
    )
    answered = client.run(Job(one.ports[INTAKE], [request], 1, keep_bodies=True)).only(200)
    return [result["receipt"]["number"] for result in orjson.loads(answered.bodies[0])["results"]]


def _rounds(one: Stack, paths: list[str]) -> list[list[float]]:
    rng = random.Random(1)  # noqa: S311 - repeatable, not secret
    return [_read(one, [rng.choice(paths) for _ in range(REQUESTS)]) for _ in range(ROUNDS)]


def _read(one: Stack, paths: list[str]) -> list[float]:
    requests = [client.request("GET", path, one.keys["bureau-desk"]) for path in paths]
    return client.run(Job(one.ports[INTAKE], requests, 1)).only(200).times
