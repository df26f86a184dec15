"""Single posts at 32 clients against pgbench with the same statements at 32 clients, in turn."""

import random
import re
import statistics
import subprocess
import uuid
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import orjson

from bench import batch, client, costs, filings, report
from bench.client import Answers, Job
from bench.report import Line
from bench.stack import INTAKE, WORKER, Stack, running

CLIENTS = 32
ROUNDS = 5
SECONDS = 6
_DONE = "SELECT NOT EXISTS (SELECT FROM task)"
_MOST_PER_SECOND = 6_000
_SCRIPT = Path(__file__).with_name("insert_one.sql")


def measure() -> list[Line]:
    """Measure intake and worker against pgbench with the same inserts, in turn; then what a post costs."""
    with running(INTAKE, WORKER) as stack:
        post(stack, 0, seconds=2)
        posts, limits = [], []
        for turn in range(ROUNDS):
            posts.append(post(stack, turn + 1))
            limits.append(_pgbench(stack, SECONDS))
        stack.execute(batch.EMPTY)
        spent = _costs(stack)
    return [
        report.against(
            "single POST, 32 clients, placed and forwarded, against pgbench, the same inserts",
            "/s",
            [post.per_second for post in posts],
            limits,
            report.at_least(0.75, "≥ 75 % of pgbench"),
        ),
        _percentile(posts, 0.5, None),
        _percentile(posts, 0.99, 50),
        *spent,
    ]


def _costs(stack: Stack) -> list[Line]:
    """Return what a post costs until nothing of it is left to do."""
    costs.settle(stack, _DONE)
    meter = costs.Meter(stack, INTAKE, WORKER)
    cases = len(post(stack, ROUNDS + 1).times)
    costs.settle(stack, _DONE)
    return meter.of_cases(cases, "single POST")


def _percentile(posts: Sequence[Answers], part: float, bound: float | None) -> Line:
    rounds = [report.percentile(post.times, part) * 1000 for post in posts]
    budget = report.at_most(bound, f"≤ {bound} ms") if bound is not None else None
    return Line(f"its p{part * 100:.0f}", statistics.median(rounds), "ms", budget=budget, rounds=rounds)


def post(stack: Stack, turn: int, *, seconds: float = SECONDS) -> Answers:
    """Post different complaints, each with its own key, for `seconds`."""
    count = int(seconds * _MOST_PER_SECOND)
    rng = random.Random(turn)  # noqa: S311 - repeatable, not secret
    key = stack.keys["call-centre"]
    requests = [
        client.request(
            "POST",
            "/v1/complaints",
            key,
            orjson.dumps(filings.filing(turn * count + serial, rng)),
            Content_Type="application/json",
            Idempotency_Key=uuid.uuid4().hex,
        )
        for serial in range(count)
    ]
    return client.run(Job(stack.ports[INTAKE], requests, CLIENTS, seconds=seconds)).only(201)


def _pgbench(stack: Stack, seconds: int) -> float:
    """Return the transactions per second of pgbench, which runs every statement of the intake of a complaint."""
    address = urlsplit(stack.addresses.database_url)
    command = (
        "pgbench",
        "-n",
        "-M",
        "prepared",
        "-c",
        str(CLIENTS),
        "-j",
        "2",
        "-T",
        str(seconds),
        "-f",
        str(_SCRIPT),
        "-h",
        str(address.hostname),
        "-p",
        str(address.port),
        "-U",
        str(address.username),
        address.path[1:],
    )
    environment = {**stack.environment, "PGPASSWORD": str(address.password)}
    process = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - fixed
    match = re.search(r"tps = ([0-9.]+)", process.stdout)
    if process.returncode or match is None:
        raise RuntimeError(f"pgbench failed: {process.stderr[-500:]}")
    return float(match[1])
