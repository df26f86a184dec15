"""Sealing a large file runs beside the event loop."""

import asyncio
import os
import time
from collections.abc import Callable, Coroutine
from typing import Any

from services.cases.changes import KeyedContext
from services.evidence import store as evidence
from services.evidence.sides import Side
from services.evidence.store import Added, Upload
from shared.database import Database
from shared.storage import Storage
from tests.services.evidence import samples

Make = Callable[..., str]
Run = Callable[[Coroutine[Any, Any, Any]], Any]


def test_sealing_a_large_file_leaves_the_loop_to_others(
    received: Make, db: Database, run: Run, storage: Storage, filer: Side, context: KeyedContext
) -> None:
    number = received()
    film = samples.mp4()[:-12] + (12 + 19 * 1024**2).to_bytes(4) + b"mdat" + os.urandom(19 * 1024**2 + 4)
    longest = 0.0

    async def _watch() -> None:
        nonlocal longest
        loop = asyncio.get_running_loop()
        while True:
            before = loop.time()
            await asyncio.sleep(0.001)
            longest = max(longest, loop.time() - before)

    async def _both() -> Added:
        watching = asyncio.create_task(_watch())
        try:
            return await evidence.add(db, storage, number, Upload(None, film), filer, context)
        finally:
            watching.cancel()

    began = time.monotonic()
    added = run(_both())
    assert added.row.media_type == "video/mp4"
    # sealing is most of it
    assert longest < (time.monotonic() - began) / 2
