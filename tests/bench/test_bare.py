"""The limit of routing: bare statements write the rows that the worker wrote, no more and no fewer."""

import random
import uuid
from collections.abc import Callable, Coroutine, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import pytest

from bench import bare, batch, filings
from ops.stack.servers import Addresses
from services.access import data_keys
from services.access.clients import Caller
from services.intake import accept, preparation
from services.intake.filing import Filing
from services.intake.preparation import IntakeContext
from services.reference.cache import ReferenceCache
from services.routing import route
from shared import clock
from shared.database import Database
from shared.privacy.keyring import KeyFile

Run = Callable[[Coroutine[Any, Any, Any]], Any]
CASES = 30
_ROWS = {
    "complaint": "SELECT to_jsonb(t) FROM complaint t ORDER BY bucket, id",
    "case_deadline": "SELECT to_jsonb(t) FROM case_deadline t ORDER BY bucket, complaint_id, key, round",
    "case_event": "SELECT to_jsonb(t) FROM case_event t ORDER BY bucket, complaint_id, seq",
    "feed_entry": "SELECT to_jsonb(t) - 'xid' FROM feed_entry t ORDER BY bucket, complaint_id, audience, seq",
    "task": "SELECT to_jsonb(t) FROM task t ORDER BY bucket, id",
}


@pytest.fixture
def connection(db: Database, addresses: Addresses, run: Run) -> Iterator[Any]:
    """Return a connection to the empty database; what the test keeps goes with its end."""
    assert db is not None
    opened = run(asyncpg.connect(addresses.database_url))
    yield opened
    run(opened.execute(f"DROP TABLE IF EXISTS {', '.join(bare.TABLES)}"))
    run(opened.close())


async def _file(db: Database, key_file: KeyFile) -> ReferenceCache:
    cache = ReferenceCache(db)
    caller = Caller(uuid.uuid4(), "bench", "call_centre", frozenset(), None, None, None, 1)
    ring = await data_keys.ring(db, key_file)
    context = IntakeContext(caller, await cache.reference(), ring, clock.now())
    rng = random.Random(1)  # noqa: S311 - repeatable, not secret
    forms = [Filing.model_validate_json(orjson.dumps(filings.filing(serial, rng))) for serial in range(CASES)]
    await accept.accept_many(
        db, [preparation.prepare(form, context, f"key-{n}") for n, form in enumerate(forms)]
    )
    return cache


async def _rows(connection: Any) -> dict[str, list[str]]:
    return {name: [row[0] for row in await connection.fetch(sql)] for name, sql in _ROWS.items()}


def test_the_statements_write_what_the_worker_wrote(
    db: Database, run: Run, key_file: KeyFile, connection: Any, tmp_path: Path
) -> None:
    async def _written() -> tuple[dict[str, list[str]], ...]:
        cache = await _file(db, key_file)
        waiting = await _rows(connection)
        await batch.take_out(connection, batch.TABLES, tmp_path)
        reference = await cache.reference()
        assert await route.route_batch(db, reference, size=500, lease=timedelta(minutes=1)) == CASES
        routed = await _rows(connection)
        kept = await bare.keep(connection, tmp_path)
        again = await _rows(connection)
        assert kept.cases == CASES
        await bare.write([connection], kept)
        return waiting, routed, again, await _rows(connection)

    waiting, routed, again, written = run(_written())
    assert again == waiting
    assert routed != waiting
    assert written == routed
    assert len(routed["feed_entry"]) > CASES / 2
