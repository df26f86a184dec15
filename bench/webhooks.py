"""Webhooks per second by the worker, against bare signed posts of the same messages over as many connections, in turn."""

import asyncio
import contextlib
import signal
import sys
import time
from collections.abc import Iterator

import httpx
import orjson
import uvloop

from bench import batch, costs, report
from bench.report import Line
from bench.stack import CAREFUL, INTAKE, ROOT, WORKER, Stack, running
from ops import migrate
from ops.stack import processes
from services.access import data_keys
from services.delivery import dispatch, endpoints, webhook_signatures
from services.delivery.endpoints import NewSecret
from shared import clock
from shared.database import Database
from shared.privacy import keyring

ROUNDS = 5
BATCHES = 2
MESSAGES = BATCHES * 1000
_ENTRIES = """
    INSERT INTO feed_entry (bucket, complaint_id, audience, seq, type, data)
    SELECT bucket, id, 'carrier:ZTO', 4, 'case.forwarded', json_build_object('number', number, 'status', 'FORWARDED',
        'level', level, 'total_due_at', total_due_at, 'reply_due_at', total_due_at) FROM complaint
"""
_DUE = """
    INSERT INTO delivery (bucket, endpoint_id, complaint_id, audience, seq)
    SELECT f.bucket, e.id, f.complaint_id, f.audience, f.seq FROM feed_entry f JOIN endpoint e USING (audience)
"""
_LEFT = "SELECT count(*) AS waiting FROM delivery WHERE state <> 'DELIVERED'"
# from the end of the first batch to the end of the last: without the worker's start and its first batch
_SPAN = """
    SELECT count(*) FILTER (WHERE delivered_at > first) AS counted,
        extract(epoch FROM max(delivered_at) - min(delivered_at))::float8 AS seconds
    FROM (SELECT delivered_at, min(delivered_at) OVER () AS first FROM delivery) delivered
"""


def measure() -> list[Line]:
    """Measure recorded deliveries per second to one recipient that answers at once."""
    with running(INTAKE, environment=CAREFUL) as stack, _receiver(stack) as port:
        batch.post(stack, 0, BATCHES)
        stack.stop(INTAKE)
        url = f"http://127.0.0.1:{port}/"
        new = asyncio.run(_register(stack, url))
        # the worker only delivers
        stack.execute("TRUNCATE task, dirty_day, case_deadline", _ENTRIES)
        delivered, posted = [], []
        spent: list[Line] = []
        for _ in range(ROUNDS):
            rate, spent = _deliver(stack)
            delivered.append(rate)
            posted.append(uvloop.run(_post(url, new)))
    return [
        report.against(
            f"{MESSAGES:,} webhooks, {dispatch.IN_FLIGHT} in flight, against bare signed posts",
            "/s",
            delivered,
            posted,
            report.at_least(0.5, "≥ 50 % of bare posts"),
        ),
        *spent,
    ]


@contextlib.contextmanager
def _receiver(stack: Stack) -> Iterator[int]:
    port = processes.free_port()
    command = (sys.executable, "-m", "bench.receiver", str(port))
    log = stack.home / "logs" / "receiver.log"
    child = processes.spawn(command, log, environment=stack.environment, cwd=ROOT)
    try:
        stack.wait(lambda: processes.port_is_taken(port), "the receiver listens")
        yield port
    finally:
        processes.stop(child, signal.SIGTERM, seconds=5)


async def _register(stack: Stack, url: str) -> NewSecret:
    db = Database.connect(migrate.asyncpg_url(stack.addresses.database_url), pool_size=1)
    try:
        ring = await data_keys.ring(db, keyring.read(stack.home / "keys.json"))
        return await endpoints.register(
            db, ring, audience="carrier:ZTO", url=url, development=True, actor="bench"
        )
    finally:
        await db.close()


def _deliver(stack: Stack) -> tuple[float, list[Line]]:
    """Give the worker the deliveries when it is ready; return the messages per second, and what a message costs."""
    stack.execute("TRUNCATE delivery")
    stack.start(WORKER)
    meter = costs.Meter(stack, WORKER)
    stack.execute(_DUE, "ANALYZE delivery")
    stack.wait(lambda: not stack.query(_LEFT)[0]["waiting"], "all delivered", seconds=120, every=0.25)
    spent = meter.of_cases(MESSAGES, "webhook")
    stack.stop(WORKER)
    span = stack.query(_SPAN)[0]
    return float(span["counted"] / span["seconds"]), spent


async def _post(url: str, new: NewSecret) -> float:
    """Post as many signed messages of the same size, without the platform."""
    bodies = [_body(serial) for serial in range(MESSAGES)]
    limits = httpx.Limits(max_connections=dispatch.IN_FLIGHT)
    async with httpx.AsyncClient(trust_env=False, limits=limits) as http:
        left = iter(enumerate(bodies))

        async def _line() -> None:
            for serial, body in left:
                headers = webhook_signatures.headers(
                    [new.secret], f"{serial}:carrier:ZTO:4", body, clock.now()
                )
                answer = await http.post(url, content=body, headers=headers)
                answer.raise_for_status()

        began = time.perf_counter()
        await asyncio.gather(*(_line() for _ in range(dispatch.IN_FLIGHT)))
        return MESSAGES / (time.perf_counter() - began)


def _body(serial: int) -> bytes:
    moment = clock.now().astimezone(clock.SHANGHAI)
    data = {
        "number": f"{serial:017d}",
        "status": "FORWARDED",
        "level": "L0",
        "total_due_at": moment,
        "reply_due_at": moment,
    }
    event = {
        "specversion": "1.0",
        "id": f"{serial:017d}:carrier:ZTO:4",
        "source": "urn:shensu",
        "type": "case.forwarded",
        "subject": f"{serial:017d}",
        "time": moment,
        "sequence": "0000000004",
        "datacontenttype": "application/json",
        "data": data,
    }
    return orjson.dumps(event)
