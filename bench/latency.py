"""From accepted to routed by the worker at a steady 200 posts a second, with the doorbell and without it."""

import random
import uuid

import orjson

from bench import batch, client, costs, filings, report
from bench.client import Answers, Job
from bench.report import Line
from bench.stack import CAREFUL, INTAKE, WORKER, Stack, running

PER_SECOND = 200
SECONDS = 20
CONNECTIONS = 32
_ROUTED = "SELECT NOT EXISTS (SELECT FROM task WHERE kind = 'route') AS routed"
# Both moments are the database's, taken by the statement that writes the event: the interval begins some
# milliseconds before the post is answered and ends as much before the routing is committed.
_WAITS = """
    SELECT extract(epoch FROM routed.at - received.at)::float8 * 1000 AS milliseconds
    FROM case_event received JOIN case_event routed USING (bucket, complaint_id)
    WHERE received.kind = 'RECEIVED' AND routed.kind = 'ROUTED'
"""


def measure() -> list[Line]:
    """Measure the time from the event RECEIVED to the event ROUTED of every case, and the posts' own latency."""
    with running(INTAKE, WORKER, environment=CAREFUL) as stack:
        _post(stack, 0, seconds=3)
        lines = _measured(stack, 1, "with Valkey", 500)
        stack.servers.stop_valkey()
        _post(stack, 2, seconds=3)
        lines += _measured(stack, 3, "without Valkey", 3000)
    return lines


def _measured(stack: Stack, turn: int, how: str, bound: int) -> list[Line]:
    stack.wait(lambda: bool(stack.query(_ROUTED)[0]["routed"]), "all routed", every=0.25)
    stack.execute(batch.EMPTY)
    meter = costs.Meter(stack, INTAKE, WORKER)
    answers = _post(stack, turn, seconds=SECONDS)
    stack.wait(lambda: bool(stack.query(_ROUTED)[0]["routed"]), "all routed", every=0.25)
    spent = meter.of_cases(PER_SECOND * SECONDS, how)
    waits = [row["milliseconds"] for row in stack.query(_WAITS)]
    if len(waits) != PER_SECOND * SECONDS:
        raise RuntimeError(f"{PER_SECOND * SECONDS} complaints were accepted, {len(waits)} were routed")
    budget = report.at_most(bound, f"≤ {bound:,} ms")
    return [
        Line(f"accepted → routed {how}, p50", report.percentile(waits, 0.5), "ms"),
        Line(f"accepted → routed {how}, p99", report.percentile(waits, 0.99), "ms", budget=budget),
        Line(f"answer to a post {how}, p50", report.percentile(answers.times, 0.5) * 1000, "ms"),
        Line(f"answer to a post {how}, p99", report.percentile(answers.times, 0.99) * 1000, "ms"),
        *spent,
    ]


def _post(stack: Stack, turn: int, *, seconds: int) -> Answers:
    rng = random.Random(turn)  # noqa: S311 - repeatable, not secret
    count = PER_SECOND * seconds
    requests = [
        client.request(
            "POST",
            "/v1/complaints",
            stack.keys["call-centre"],
            orjson.dumps(filings.filing(turn * 100_000 + serial, rng)),
            Content_Type="application/json",
            Idempotency_Key=uuid.uuid4().hex,
        )
        for serial in range(count)
    ]
    return client.run(Job(stack.ports[INTAKE], requests, CONNECTIONS, per_second=PER_SECOND)).only(201)
