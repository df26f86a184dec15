"""Sends a planted year to `/v1/imports`: `python -m bench.importer <url> <key> <complaints>`; prints the seconds.

The rows are made by a further process while others are sent: no more than three imports are in memory. An import is
announced when its rows are made, as the next file of an older system's export.
"""

import asyncio
import hashlib
import sys
import time
from collections.abc import AsyncIterator
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

import httpx
import orjson
import uvloop

from bench import client, planted

PARTS = 50
"""Parts of one import."""
IN_FLIGHT = 8
"""The connections are spread over the processes of the intake by chance: of eight, both get some."""
_SECONDS = 120
_NDJSON = {"Content-Type": "application/x-ndjson"}


class _Part(NamedTuple):
    """A part of an announced import."""

    url: str
    body: bytes


def make(first: int, total: int) -> list[bytes]:
    """Return the parts of one import, from the part `first` of the year."""
    last = -(-total // planted.PART)
    return [planted.part(place, total) for place in range(first, min(last, first + PARTS))]


async def _parts(http: httpx.AsyncClient, total: int, imports: list[str]) -> AsyncIterator[_Part]:
    """Announce one import after the other, and yield its parts; the next one is made meanwhile."""
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(1) as pool:
        starts = range(0, -(-total // planted.PART), PARTS)
        making = loop.run_in_executor(pool, make, starts[0], total)
        for place, first in enumerate(starts):
            bodies = await making
            if place + 1 < len(starts):
                making = loop.run_in_executor(pool, make, starts[place + 1], total)
            url = await _announce(http, first, total, bodies)
            imports.append(url)
            for part, body in enumerate(bodies):
                yield _Part(f"{url}/parts/{part}", body)


async def _announce(http: httpx.AsyncClient, first: int, total: int, bodies: list[bytes]) -> str:
    digests = [client.digest(body) for body in bodies]
    manifest = {
        "name": f"parts from {first}",
        "rows": min(total - first * planted.PART, len(bodies) * planted.PART),
        "part_sha256": digests,
        "sha256": hashlib.sha256("\n".join(digests).encode()).hexdigest(),
    }
    answer = await http.post("/v1/imports", json=manifest)
    return f"/v1/imports/{answer.raise_for_status().json()['id']}"


async def _send(url: str, key: str, total: int) -> float:
    """Send all parts, several at a time, and complete the imports; return the seconds.

    Raises RuntimeError if a row is not stored.
    """
    headers = {"Authorization": f"Bearer {key}"}
    imports: list[str] = []
    async with httpx.AsyncClient(base_url=url, headers=headers, trust_env=False, timeout=_SECONDS) as http:
        parts, turn = _parts(http, total, imports), asyncio.Lock()

        async def _line() -> None:
            while True:
                async with turn:
                    part = await anext(parts, None)
                if part is None:
                    return
                answer = await http.put(part.url, content=part.body, headers=_NDJSON)
                stored = sum(
                    row["status"] == 201 for row in orjson.loads(answer.raise_for_status().content)["results"]
                )
                if stored != part.body.count(b"\n") + 1:
                    raise RuntimeError(f"{part.url}: only {stored} rows were stored")

        began = time.perf_counter()
        await asyncio.gather(*(_line() for _ in range(IN_FLIGHT)))
        for imported in imports:
            (await http.post(f"{imported}/complete")).raise_for_status()
        return time.perf_counter() - began


if __name__ == "__main__":
    print(uvloop.run(_send(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
