"""Imports a month's complaints by REST, as an older system would; skips what is imported already."""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from ops.demo import generate
from ops.demo.calls import ask
from ops.demo.margins import Margins
from ops.stack.processes import StackError

_IN_FLIGHT = 2
_ATTEMPTS = 4
_REFUSED = 400
Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The result of a month's import."""

    month: str
    rows: int
    sent: int
    already_there: int


async def hand_over(
    client: httpx.AsyncClient, margins: Margins, *, numbered_from: int, advance: Advance
) -> HandedOver:
    """Import a month's complaints; `advance` is called for imported rows. Raises StackError on refusal."""
    parts = list(generate.parts(margins, numbered_from=numbered_from))
    digests = [hashlib.sha256(part).hexdigest() for part in parts]
    manifest = {
        "name": f"Shensu demo {margins.name}",
        "rows": margins.total,
        "sha256": hashlib.sha256("\n".join(digests).encode()).hexdigest(),
        "part_sha256": digests,
    }
    import_ = await ask(client, "POST", "/v1/imports", json=manifest)
    missing = set(import_["missing_parts"])
    counts = [part.count(b"\n") for part in parts]
    stored_rows = sum(count for number, count in enumerate(counts) if number not in missing)
    advance(stored_rows)
    path = f"/v1/imports/{import_['id']}"
    await _send(client, path, parts, sorted(missing), advance)
    completion = await ask(client, "POST", f"{path}/complete")
    if completion["refused_rows"]:
        raise StackError(f"{completion['refused_rows']} rows of {margins.name} were refused; see GET {path}")
    return HandedOver(margins.name, margins.total, margins.total - stored_rows, stored_rows)


async def _send(
    client: httpx.AsyncClient, path: str, parts: Sequence[bytes], missing: Sequence[int], advance: Advance
) -> None:
    slots = asyncio.Semaphore(_IN_FLIGHT)

    async def put(number: int) -> None:
        async with slots:
            advance(await _put(client, f"{path}/parts/{number}", parts[number]))

    try:
        async with asyncio.TaskGroup() as group:
            for number in missing:
                group.create_task(put(number))
    except* StackError as refused:
        raise refused.exceptions[0] from None


async def _put(client: httpx.AsyncClient, path: str, part: bytes) -> int:
    """Send a part, and again while its rows are retryable; return how many rows were imported."""
    results: Sequence[dict[str, Any]] = ()
    for attempt in range(_ATTEMPTS):
        await asyncio.sleep(attempt)
        answer = await ask(
            client, "PUT", path, content=part, headers={"Content-Type": "application/x-ndjson"}
        )
        results = answer["results"]
        if not any(result.get("retryable") for result in results):
            break
    for row, result in enumerate(results, 1):
        if result["status"] >= _REFUSED:
            raise StackError(f"{path}, row {row}: {result.get('code')}, {result.get('detail')}")
    return len(results)
