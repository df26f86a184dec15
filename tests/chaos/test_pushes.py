"""Ten thousand scans of five hundred cases, mixed and repeated over four connections, end where the sorted replay ends."""

import itertools
import queue
import random
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from services.rules.tracking import KDNIAO, S10
from shared import clock, serialisation
from tests.running import Stack, wait_for

CARRIER, CASES, SCANS, CONNECTIONS = "GTO", 500, 20, 4
START = datetime(2026, 1, 5, 8, tzinfo=clock.SHANGHAI)
REGIONS = ("440305", "420100", "330106", "110101", None)
CODES = [
    *(("KDNIAO", code) for code in KDNIAO),
    *(("S10", code) for code in S10),
    ("KDNIAO", "9999"),
    ("S10", "ZZZ"),
]
SCAN = "bucket, carrier_code, waybill_index, event_id, occurred_at, seq, system, code, state, region, outlet"
STATE = (
    "SELECT t::text FROM (SELECT * FROM trace WHERE carrier_code = $1) t ORDER BY 1",
    f"SELECT e::text FROM (SELECT {SCAN} FROM trace_event WHERE carrier_code = $1) e ORDER BY 1",
)
"""Everything that is stored, but for when a scan came."""
Push = dict[str, Any]


@pytest.fixture
def headers(stack: Stack) -> dict[str, str]:
    """Return the headers of a carrier that nobody else plays."""
    new = stack.new_client("carrier", "carrier:exchange", carrier_code=CARRIER, per_minute=10_000_000)
    return {"Authorization": f"Bearer {new.key}", "Content-Type": "application/x-ndjson"}


@pytest.fixture
def waybills(stack: Stack, filing: Callable[..., dict[str, Any]]) -> list[str]:
    """File five hundred complaints, each about an item of its own, and wait until all are forwarded."""
    waybills = [f"77{place:013d}" for place in range(CASES)]
    rows = [
        serialisation.to_bytes(
            filing(carrier_code=CARRIER, item={"waybill": waybill}, external_ref=f"push-{waybill}")
        )
        for waybill in waybills
    ]
    answer = stack.http.post(
        f"{stack.intake}/v1/complaints/batch",
        content=b"\n".join(rows),
        headers=stack.as_client("call-centre") | {"Content-Type": "application/x-ndjson"},
    ).json()
    assert answer["stored"] == CASES
    waiting = "SELECT count(*) FROM complaint WHERE carrier_code = $1 AND forwarded_at IS NULL"
    wait_for(lambda: stack.query(waiting, CARRIER)[0][0] == 0 or None, "all are forwarded", seconds=30)
    return waybills


def _scans(waybill: str, dice: random.Random) -> list[Push]:
    """Return any scans of an item: codes that make a story and others, moments that coincide, regions that are missing."""
    items = []
    for place in range(SCANS):
        system, code = dice.choice(CODES)
        at = START + timedelta(hours=dice.randrange(0, 24 * 9, 3))
        region = dice.choice(REGIONS)
        push = {
            "event_id": f"{place}",
            "waybill": waybill,
            "system": system,
            "code": code,
            "occurred_at": at.isoformat(),
            "seq": dice.randrange(3),
        }
        items.append(push | ({"region_code": region} if region else {}))
    return items


def _pieces(pushes: Sequence[Push], dice: random.Random) -> list[bytes]:
    """Part pushes into bodies of one to three hundred."""
    left, pieces = iter(map(serialisation.to_bytes, pushes)), []
    while piece := list(itertools.islice(left, dice.choice((1, 1, 10, 50, 300)))):
        pieces.append(b"\n".join(piece))
    return pieces


def _send(stack: Stack, pieces: Sequence[bytes], headers: dict[str, str], connections: int) -> list[int]:
    """Send bodies over some connections at once; returns the statuses of all rows."""
    waiting: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    for piece in pieces:
        waiting.put(piece)
    statuses: list[int] = []

    def _work() -> None:
        with httpx.Client(timeout=30, trust_env=False) as http:
            while True:
                try:
                    body = waiting.get_nowait()
                except queue.Empty:
                    return
                answer = http.post(f"{stack.intake}/v1/carrier/tracking", content=body, headers=headers)
                statuses.extend(
                    [result["status"] for result in answer.json()["results"]]
                    if answer.status_code == 200
                    else [answer.status_code]
                )

    threads = [threading.Thread(target=_work) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def _state(stack: Stack) -> list[list[str]]:
    return [[row[0] for row in stack.query(statement, CARRIER)] for statement in STATE]


def test_pushes_end_in_the_state_of_the_sorted_replay(
    stack: Stack, waybills: list[str], headers: dict[str, str]
) -> None:
    dice = random.Random(20_260_105)  # noqa: S311 - the same mixture each time
    pushes = [scan for waybill in waybills for scan in _scans(waybill, dice)]
    mixed = [push for push in pushes for _ in range(dice.randint(1, 4))]
    dice.shuffle(mixed)
    began = time.monotonic()
    statuses = _send(stack, _pieces(mixed, dice), headers, CONNECTIONS)
    print(f"{len(mixed) / (time.monotonic() - began):,.0f} pushes/s over {CONNECTIONS} connections")  # noqa: T201 - a figure
    assert len(statuses) == len(mixed)
    # each is kept once, however often it came
    assert (statuses.count(201), statuses.count(200)) == (len(pushes), len(mixed) - len(pushes))
    ended = _state(stack)
    assert [len(rows) for rows in ended] == [CASES, CASES * SCANS]

    stack.query("DELETE FROM trace WHERE carrier_code = $1 RETURNING 1", CARRIER)
    stack.query("DELETE FROM trace_event WHERE carrier_code = $1 RETURNING 1", CARRIER)
    in_order = sorted(
        pushes, key=lambda scan: (scan["waybill"], scan["occurred_at"], scan["seq"], scan["event_id"])
    )
    pieces = [
        b"\n".join(map(serialisation.to_bytes, in_order[at : at + 1000]))
        for at in range(0, len(in_order), 1000)
    ]
    assert set(_send(stack, pieces, headers, 1)) == {201}
    assert _state(stack) == ended
