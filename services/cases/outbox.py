"""What the world outside is told of a case: entries of feeds, and a delivery of each to whoever is registered for it.

An entry is written in the transaction of what it tells. It is read in the order of transactions (`services.exchange`),
and delivered from a row of its own for each recipient, so that one who fails never keeps another from hearing.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from shared import bulk, serialisation
from shared.models.delivery import feed_entry
from shared.privacy.keyring import KeyRing

CARRIER, HOTLINE = "carrier", "hotline"


def audience(kind: str, code: str) -> str:
    """Return the name of an audience, as in carrier:ZTO."""
    return f"{kind}:{code}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One message to one audience about a case. `words` may name persons, and are sealed."""

    bucket: int
    complaint_id: uuid.UUID
    audience: str
    seq: int
    type: str
    data: Mapping[str, Any]
    words: Mapping[str, str]


_ENTRIES = bulk.into(feed_entry, ("bucket", "complaint_id", "audience", "seq", "type", "data", "sealed"))
_TELL = f"""
    WITH told AS ({_ENTRIES.sql()} RETURNING bucket, complaint_id, audience, seq)
    INSERT INTO delivery (bucket, endpoint_id, complaint_id, audience, seq)
    SELECT told.bucket, endpoint.id, told.complaint_id, told.audience, told.seq
    FROM told JOIN endpoint ON endpoint.audience = told.audience AND endpoint.state = 'ACTIVE'
"""  # noqa: S608 - names of our own tables


async def publish(connection: AsyncConnection, entries: Sequence[Entry], ring: KeyRing | None) -> None:
    """Write entries and their deliveries by one statement. `ring` is needed only where there are words."""
    if not entries:
        return
    rows = [_row(entry, ring) for entry in entries]
    await connection.exec_driver_sql(_TELL, tuple([row[name] for row in rows] for name in _ENTRIES.columns))


def _row(entry: Entry, ring: KeyRing | None) -> dict[str, Any]:
    words = {name: text for name, text in entry.words.items() if text}
    sealed = None
    if words:
        assert ring is not None  # noqa: S101 - only processes that hold the keys have words to tell
        sealed = ring.seal(
            serialisation.to_bytes(words), bound_to=binding(entry.complaint_id, entry.audience, entry.seq)
        )
    return {
        "bucket": entry.bucket,
        "complaint_id": entry.complaint_id,
        "audience": entry.audience,
        "seq": entry.seq,
        "type": entry.type,
        "data": serialisation.to_text(entry.data),
        "sealed": sealed,
    }


def binding(complaint_id: uuid.UUID, to: str, seq: int) -> bytes:
    """Return what the words of an entry are bound to."""
    return b"feed_entry|" + complaint_id.bytes + f"|{to}|{seq}".encode()


def words_of(entry: Any, ring: KeyRing) -> dict[str, str]:
    """Return the words of a stored entry."""
    if entry.sealed is None:
        return {}
    bound_to = binding(entry.complaint_id, entry.audience, entry.seq)
    words: dict[str, str] = serialisation.from_text(ring.unseal(bytes(entry.sealed), bound_to=bound_to))
    return words
