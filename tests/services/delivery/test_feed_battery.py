"""The battery of a feed: eight writers that commit when they please, one puller, twenty thousand entries, none missed."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from services.cases.outbox import audience
from services.delivery import feeds
from shared.database import Database
from shared.privacy.keyring import KeyRing
from tests.services.delivery.alone import _connected, reference_cache  # noqa: F401 - fixtures of this module
from tests.services.delivery.conftest import Case, Run

pytestmark = pytest.mark.slow
WRITERS, ENTRIES, TOGETHER = 8, 20_000, 5
LONGEST_DELAY = 0.010
ZTO = audience("carrier", "ZTO")
_INSERT = (
    "INSERT INTO feed_entry (bucket, complaint_id, audience, seq, type, data) "
    "SELECT $1, $2, $3, s, 'case.follow_up', $4 FROM generate_series($5::int, $6::int) AS s"
)


async def _write(url: str, cases: list[Case], writer: int) -> None:
    """Write entries of one's own cases, some in one transaction, each committed after a while that nobody foresees."""
    rng = random.Random(writer)  # noqa: S311 - repeatable, not secret
    connection = await asyncpg.connect(url)
    try:
        for turn in range(ENTRIES // WRITERS // TOGETHER):
            case = cases[turn % len(cases)]
            first = 1 + turn // len(cases) * TOGETHER
            values = (
                case.bucket,
                case.id,
                ZTO,
                json.dumps({"number": case.number}),
                first,
                first + TOGETHER - 1,
            )
            async with connection.transaction():
                await connection.execute(_INSERT, *values)
                await asyncio.sleep(rng.random() * LONGEST_DELAY)
    finally:
        await connection.close()


async def _pull(db: Database, ring: KeyRing, done: asyncio.Event) -> list[str]:
    pulled: list[str] = []
    after: str | None = None
    while True:
        last = done.is_set()
        page = await feeds.page(db, ZTO, after=after, limit=200, ring=ring)
        pulled += [item["id"] for item in page["items"]]
        after = page["next"]
        if last and not page["items"]:
            return pulled


def test_nothing_is_missed_and_nothing_comes_twice(
    cases: Callable[[int], list[Case]], db: Database, run: Run, ring: KeyRing, ask: Callable[..., list[Any]]
) -> None:
    made = cases(8 * WRITERS)
    url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    async def _battery() -> list[str]:
        done = asyncio.Event()
        puller = asyncio.create_task(_pull(db, ring, done))
        await asyncio.gather(*(_write(url, made[writer::WRITERS], writer) for writer in range(WRITERS)))
        done.set()
        return await puller

    pulled: list[str] = run(_battery())
    written = {
        f"{row.number}:{ZTO}:{row.seq}"
        for row in ask("SELECT c.number, f.seq FROM feed_entry f JOIN complaint c ON c.id = f.complaint_id")
    }
    assert len(written) == ENTRIES
    assert [id_ for id_, count in Counter(pulled).items() if count > 1] == []
    assert written - set(pulled) == set()
    # within a case the order of its events
    seqs: dict[str, int] = {}
    for id_ in pulled:
        number, _, seq = id_.partition(f":{ZTO}:")
        assert int(seq) > seqs.get(number, 0)
        seqs[number] = int(seq)
