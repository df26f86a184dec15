"""Hands a month's complaints over by REST, as an older system would: manifest, parts, end. What is there already is skipped."""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import httpx

from ops.demo import generate
from ops.demo.calls import ask
from ops.demo.margins import Margins
from ops.stack.processes import StackError

_IN_FLIGHT = 2
_REFUSED = 400
Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What became of a month."""

    month: str
    rows: int
    sent: int
    already_there: int


async def hand_over(client: httpx.AsyncClient, margins: Margins, *, numbered_from: int, advance: Advance) -> HandedOver:
    """Import a month's complaints; `advance` is told of every row that is in. Raises StackError if one is refused."""
    parts = list(generate.parts(margins, numbered_from=numbered_from))
    digests = [hashlib.sha256(part).hexdigest() for part in parts]
    manifest = {
        "name": f"Shensu demo {margins.name}",
        "rows": margins.total,
        "sha256": hashlib.sha256("\n".join(digests).encode()).hexdigest(),
        "part_sha256": digests,
    }
    announced = await ask(client, "POST", "/v1/imports", json=manifest)
    missing = set(announced["missing_parts"])
    counts = [part.count(b"\n") for part in parts]
    there = sum(count for number, count in enumerate(counts) if number not in missing)
    advance(there)
    path = f"/v1/imports/{announced['id']}"
    await _send(client, path, parts, sorted(missing), advance)
    done = await ask(client, "POST", f"{path}/complete")
    if done["refused_rows"]:
        raise StackError(f"{done['refused_rows']} rows of {margins.name} were refused; GET {path} tells more")
    return HandedOver(margins.name, margins.total, margins.total - there, there)


async def _send(
    client: httpx.AsyncClient, path: str, parts: Sequence[bytes], missing: Sequence[int], advance: Advance
) -> None:
    free = asyncio.Semaphore(_IN_FLIGHT)

    async def put(number: int) -> None:
        async with free:
            answer = await ask(
                client,
                "PUT",
                f"{path}/parts/{number}",
                content=parts[number],
                headers={"Content-Type": "application/x-ndjson"},
            )
        _refuse_refusals(number, answer["results"])
        advance(len(answer["results"]))

    async with asyncio.TaskGroup() as group:
        for number in missing:
            group.create_task(put(number))


def _refuse_refusals(number: int, results: Sequence[dict[str, object]]) -> None:
    for row, result in enumerate(results, 1):
        if isinstance(status := result.get("status"), int) and status >= _REFUSED:
            raise StackError(f"part {number}, row {row} was refused: {result}")
