"""Latency of the desk's lists and of the search, among 1,000,000 cases of which 30,000 are open."""

import asyncio
import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import orjson

from bench import cases, circular, client, costs, filled
from bench.client import Job
from bench.report import Line
from bench.stack import INTAKE, Stack, running
from ops import migrate
from services.access import clients, officers
from services.access.scopes import Scope
from services.views.worklist import Queue
from shared import clock
from shared.database import Database
from shared.privacy import keyring

SIZE = 1_000_000
SEALED = 200_000
"""How many of the newest cases have sealed persons: the search runs among these."""
ROUNDS = 5
REQUESTS = 100
OFFICER = "li.na"
_BUSIEST = """
    SELECT code FROM (
        SELECT handling_bureau AS code, count(*) AS cases FROM complaint WHERE next_due_at IS NOT NULL GROUP BY 1
        UNION ALL
        SELECT supervising_bureau, count(*) FROM complaint WHERE next_due_at IS NOT NULL GROUP BY 1
    ) busy JOIN bureau USING (code) WHERE level = $1 GROUP BY 1 ORDER BY sum(cases) DESC LIMIT 1
"""
Make = Callable[[random.Random], dict[str, Any]]


def measure() -> list[Line]:
    """Measure p50 and p95 over HTTP, one client: each queue at desks of every rank, each criterion of a search."""
    with running() as stack:
        filled.fill(stack, SIZE)
        filled.seal_persons(stack, SEALED)
        desks = _desks(stack)
        stack.start(INTAKE)
        numbers = cases.file_some(stack)
        lines = [line for queue in Queue for line in _listed(stack, queue, desks)]
        lines += _measured(
            stack, f"case whole, at a desk, at {SIZE:,}", [_whole(stack, number) for number in numbers]
        )
        for name, make in _criteria(stack, numbers).items():
            lines += _searched(stack, name, make, desks)
        return lines


def _desks(stack: Stack) -> dict[str, str]:
    """Create clients of the busiest city and province, besides that of the national centre; return their keys by bureau."""
    busiest = [stack.query(_BUSIEST, level)[0]["code"] for level in ("CITY", "PROVINCE")]
    return {"N000000": stack.keys["desk-national"]} | asyncio.run(_make(stack, busiest))


async def _make(stack: Stack, bureaus: Sequence[str]) -> dict[str, str]:
    db = Database.connect(migrate.asyncpg_url(stack.addresses.database_url), pool_size=1)
    key_file, keys = keyring.read(stack.home / "keys.json"), {}
    try:
        for bureau in bureaus:
            new = await clients.create(
                db,
                name=f"bench-{bureau}",
                kind="bureau",
                scopes=[Scope.DESK_WORK],
                key_file=key_file,
                actor="bench",
                bureau_code=bureau,
                per_minute=600_000,
            )
            await officers.put(
                db,
                bureau=bureau,
                officer_id=OFFICER,
                name=OFFICER,
                role=officers.OFFICER,
                active=True,
                actor="bench",
            )
            keys[bureau] = new.key
    finally:
        await db.close()
    return keys


def _listed(stack: Stack, queue: Queue, desks: dict[str, str]) -> list[Line]:
    requests = [
        client.request("GET", f"/v1/desk/cases?queue={queue}&limit=50", key, X_Operator_Id=OFFICER)
        for key in desks.values()
    ]
    name = f"list of 50, {queue}, city, province, nation, at {SIZE:,}"
    return _measured(stack, name, requests)


def _whole(stack: Stack, number: str) -> bytes:
    return client.request(
        "GET", f"/v1/desk/cases/{number}", stack.keys["desk-national"], X_Operator_Id=OFFICER
    )


def _criteria(stack: Stack, numbers: Sequence[str]) -> dict[str, Make]:
    """Return the criteria of searches; each call returns other values."""
    refs = [
        row["external_ref"]
        for row in stack.query("SELECT external_ref FROM complaint WHERE external_ref IS NOT NULL LIMIT 1000")
    ]
    carriers, today = ("ZTO", "YTO", "YD", "STO", "SF", "JD"), clock.civil_day(clock.now())
    statuses = ("FORWARDED", "REPLIED", "REFUSED", "WITHDRAWN", "CLOSED")

    def _person(rng: random.Random) -> filled.Person:
        return filled.person(rng.randrange(SEALED))

    def _week(rng: random.Random) -> dict[str, Any]:
        first = today - timedelta(days=rng.randrange(7, 3000))
        return {"received_from": first.isoformat(), "received_to": (first + timedelta(days=6)).isoformat()}

    return {
        "number": lambda rng: {"number": rng.choice(numbers)},
        "external_ref": lambda rng: {"external_ref": rng.choice(refs)},
        "phone": lambda rng: {"phone": _person(rng).phone},
        "identity_card": lambda rng: {"identity_card": _person(rng).identity_card},
        "waybill": lambda rng: {"waybill": _person(rng).waybill},
        "carrier": lambda rng: {"carrier_code": rng.choice(carriers)},
        "status": lambda rng: {"status": rng.choice(statuses)},
        "level": lambda rng: {"level": rng.choice(("L0", "L1", "L2", "L3"))},
        "channel": lambda rng: {"channel": rng.choice(("PHONE_12305", "LETTER"))},
        "a week": _week,
        "text": lambda rng: {"text": f"（{rng.randrange(1000)}）"},
        "carrier, status, week": lambda rng: (
            _week(rng) | {"carrier_code": rng.choice(carriers), "status": "CLOSED"}
        ),
        "carrier, text": lambda rng: {"carrier_code": rng.choice(carriers), "text": "无人接听 赔偿"},
    }


def _searched(stack: Stack, name: str, make: Make, desks: dict[str, str]) -> list[Line]:
    rng = random.Random(1)  # noqa: S311 - repeatable, not secret
    keys = [(key, "/v1/desk/search") for key in desks.values()]
    keys.append((stack.keys["call-centre"], "/v1/complaints/search"))
    requests = []
    for place in range(REQUESTS):
        key, path = keys[place % len(keys)]
        body = orjson.dumps(make(rng))
        requests.append(
            client.request("POST", path, key, body, Content_Type="application/json", X_Operator_Id=OFFICER)
        )
    return _measured(stack, f"search by {name}, at {SIZE:,}", requests)


def _measured(stack: Stack, what: str, requests: Sequence[bytes]) -> list[Line]:
    meter = costs.Meter(stack, INTAKE)
    rounds = _rounds(stack, requests)
    spent = meter.of_reads(ROUNDS * REQUESTS, what)
    return [*circular.percentiles(what, rounds, 40), *spent]


def _rounds(stack: Stack, requests: Sequence[bytes]) -> list[list[float]]:
    rng = random.Random(1)  # noqa: S311 - repeatable, not secret
    samples = [[rng.choice(requests) for _ in range(REQUESTS)] for _ in range(ROUNDS)]
    return [client.run(Job(stack.ports[INTAKE], sample, 1)).only(200).times for sample in samples]
