"""Latency of a month's circular at 300,000 and 3,000,000 complaints, each answer computed (no If-None-Match)."""

import itertools
from collections.abc import Sequence

from bench import client, costs, filled, report
from bench.client import Job
from bench.report import Line
from bench.stack import ANALYTICS, Stack, running

SIZES = (300_000, 3_000_000)
ROUNDS = 5
MONTHS = [f"{year}-{month:02d}" for year in range(2019, 2026) for month in range(1, 13)]
REQUESTS = 200


def measure() -> list[Line]:
    """Measure p50 and p95 of GET /v1/circulars/{month} over HTTP, one client, a different month each time."""
    return [line for size in SIZES for line in _at(size)]


def _at(size: int) -> list[Line]:
    with running() as stack:
        filled.fill(stack, size)
        rebuilt = filled.count_figures(stack)
        stack.start(ANALYTICS)
        read(stack)
        meter = costs.Meter(stack, ANALYTICS)
        rounds = [read(stack) for _ in range(ROUNDS)]
        spent = meter.of_reads(ROUNDS * REQUESTS, f"circular at {size:,}")
    return [
        *percentiles(f"circular at {size:,} complaints (synthetic)", rounds, 15),
        *spent,
        Line(f"recounting all figures of {size:,}", rebuilt, "s"),
    ]


def percentiles(what: str, rounds: Sequence[Sequence[float]], bound: int) -> list[Line]:
    """Return p50 and p95 of several rounds of requests; the budget, in milliseconds, is for p95."""
    lines = []
    for part in (0.5, 0.95):
        values = [report.percentile(times, part) * 1000 for times in rounds]
        budget = report.at_most(bound, f"≤ {bound} ms") if part > 0.9 else None
        middle = sorted(values)[len(values) // 2]
        lines.append(Line(f"{what}, p{part * 100:.0f}", middle, "ms", budget=budget, rounds=values))
    return lines


def read(stack: Stack, months: Sequence[str] = MONTHS) -> list[float]:
    """Read circulars one after another, the months in turn; return the seconds of each."""
    months_in_turn = itertools.islice(itertools.cycle(months), REQUESTS)
    requests = [
        client.request("GET", f"/v1/circulars/{month}", stack.keys["dashboard"]) for month in months_in_turn
    ]
    return client.run(Job(stack.ports[ANALYTICS], requests, 1)).only(200).times
