"""Ten years of synthetic complaints, inserted by SQL: for reads at a size that would take too long by REST.

The rows are fictitious (spread over ten years, bureaus and issues), in order of receipt. The newest are open, in all
open states, most of them claimed, with running deadlines. Some have sealed persons, on request.
"""

import asyncio
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from stdnum.iso7064 import mod_11_2

from bench.stack import Stack
from ops import migrate
from services.access import data_keys
from services.cases import parties
from services.cases.parties import SealedRecord
from services.figures import refresh
from shared.database import Database
from shared.privacy import keyring
from shared.privacy.keyring import KeyRing

OPEN_CASES = 30_000
"""Open cases at one moment: a month of a national year's cases, and some older ones."""
_CASES_OF_A_PERSON = 4
_FILL = Path(__file__).with_name("synthetic.sql").read_text(encoding="utf-8")
_DEADLINES = Path(__file__).with_name("synthetic_deadlines.sql").read_text(encoding="utf-8")
_NEWEST = "SELECT bucket, id FROM complaint ORDER BY received_at DESC, id DESC LIMIT $1"
_INDEXES = (
    "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'complaint' AND indexname LIKE 'ix_%'"
)


def fill(stack: Stack, count: int) -> None:
    """Insert `count` complaints; create the secondary indexes afterwards, and analyse the tables."""
    asyncio.run(_fill(stack, count))


async def _fill(stack: Stack, count: int) -> None:
    connection = await stack.connect()
    try:
        indexes = await connection.fetch(_INDEXES)
        for index in indexes:
            await connection.execute(f"DROP INDEX {index['indexname']}")
        await connection.execute(_FILL, 0, count, uuid.uuid4(), min(OPEN_CASES, count // 10))
        for index in indexes:
            await connection.execute(index["indexdef"])
        await connection.execute(_DEADLINES)
        for table in ("complaint", "case_deadline"):
            await connection.execute(f"VACUUM ANALYZE {table}")
    finally:
        await connection.close()


class Person(NamedTuple):
    """A complainant in clear, for searches."""

    phone: str
    identity_card: str
    waybill: str


def person(place: int) -> Person:
    """Return the person of one case; four consecutive cases have the same person and different items."""
    serial = place // _CASES_OF_A_PERSON
    card = f"330106{19600101 + serial % 28:08d}{serial % 1000:03d}"
    return Person(f"138{serial:08d}", card + mod_11_2.calc_check_digit(card), f"75{place:012d}")


def seal_persons(stack: Stack, count: int) -> None:
    """Insert the sealed persons of the newest cases, with their search indexes."""
    asyncio.run(_seal_persons(stack, count))


async def _seal_persons(stack: Stack, count: int) -> None:
    db = Database.connect(migrate.asyncpg_url(stack.addresses.database_url), pool_size=1)
    try:
        ring = await data_keys.ring(db, keyring.read(stack.home / "keys.json"))
    finally:
        await db.close()
    connection = await stack.connect()
    try:
        newest = await connection.fetch(_NEWEST, count)
        columns = ("bucket", "complaint_id", "sealed", "phone_index", "identity_index", "waybill_index")
        await connection.copy_records_to_table(
            "complaint_party", records=_parties(newest, ring), columns=columns
        )
        await connection.execute("VACUUM ANALYZE complaint_party")
    finally:
        await connection.close()


def _parties(newest: Sequence[Any], ring: KeyRing) -> Iterator[tuple[Any, ...]]:
    for place, case in enumerate(newest):
        somebody = person(place)
        content: SealedRecord = {
            "complainant": {
                "name": f"申诉人{place}",
                "phone": f"+86{somebody.phone}",
                "address": f"解放路{place}号3单元502室",
            },
            "cause": f"快件显示已签收，本人并未收到，多次联系网点无人接听，至今没有任何结果（{place}）。",
            "request": "请企业说明情况、赔偿损失并道歉。",
            "waybill": somebody.waybill,
        }
        yield (
            case["bucket"],
            case["id"],
            parties.seal(content, ring, case["id"]),
            ring.index.of("phone", f"+86{somebody.phone}"),
            ring.index.of("identity", somebody.identity_card),
            ring.index.of("waybill", somebody.waybill),
        )


def count_figures(stack: Stack) -> float:
    """Recount all figures; return the seconds."""
    return asyncio.run(_count_figures(stack))


async def _count_figures(stack: Stack) -> float:
    db = Database.connect(migrate.asyncpg_url(stack.addresses.database_url), pool_size=2)
    try:
        rebuild = await refresh.rebuild(db)
        async with db.transaction() as connection:
            await connection.exec_driver_sql("ANALYZE")
    finally:
        await db.close()
    return rebuild.seconds
