"""Messages about a case: entries of feeds, and a delivery of each to the registered address.

An entry is written in the transaction of the change that it reports. It is read in the order of transactions
(`services.delivery.feeds`), and delivered from a row of its own for each recipient, so that one who fails never keeps
another from hearing.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import words
from services.cases.words import Words
from shared import bulk, serialisation
from shared.models.delivery import feed_entry
from shared.privacy.keyring import KeyRing

CARRIER, HOTLINE = "carrier", "hotline"


def audience(kind: str, code: str) -> str:
    """Return the name of an audience, as in carrier:ZTO."""
    return f"{kind}:{code}"


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """One message to one audience about a case. `words` may name persons, and are sealed."""

    bucket: int
    complaint_id: uuid.UUID
    audience: str
    seq: int
    type: str
    data: Mapping[str, object]
    words: Words | None


ENTRIES = bulk.into(feed_entry, ("bucket", "complaint_id", "audience", "seq", "type", "data", "sealed"))


def publication(first: int = 1, *, where: str = "true") -> str:
    """Return what writes entries and their deliveries, as two expressions of a WITH: `written` and `delivered`."""
    return f"""
    written AS ({ENTRIES.sql(first, where=where)} RETURNING bucket, complaint_id, audience, seq),
    delivered AS (
        INSERT INTO delivery (bucket, endpoint_id, complaint_id, audience, seq)
        SELECT written.bucket, endpoint.id, written.complaint_id, written.audience, written.seq
        FROM written JOIN endpoint ON endpoint.audience = written.audience AND endpoint.state = 'ACTIVE'
        RETURNING 1
    )"""  # noqa: S608 - names of our own tables


_PUBLISH = f"WITH {publication()} SELECT count(*) FROM delivered"  # noqa: S608 - as above


async def publish(connection: AsyncConnection, entries: Sequence[OutboxEntry]) -> None:
    """Write entries and their deliveries by one statement."""
    if not entries:
        return
    await connection.exec_driver_sql(_PUBLISH, tuple(bulk.arrays([(ENTRIES, entry_rows(entries))])))


def entry_rows(entries: Iterable[OutboxEntry]) -> list[dict[str, object]]:
    """Return the rows of entries, their words sealed."""
    return [_row(entry) for entry in entries]


def _row(entry: OutboxEntry) -> dict[str, object]:
    bound_to = binding(entry.complaint_id, entry.audience, entry.seq)
    sealed = entry.words.seal(bound_to) if entry.words is not None else None
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


class StoredWords(Protocol):
    """The columns of a stored entry from which its words are read."""

    @property
    def complaint_id(self) -> uuid.UUID:
        """Its case."""

    @property
    def audience(self) -> str:
        """Who hears it."""

    @property
    def seq(self) -> int:
        """Number of the event of the case."""

    @property
    def sealed(self) -> bytes | None:
        """The words, sealed."""


def words_of(entry: StoredWords, ring: KeyRing) -> dict[str, str]:
    """Return the words of a stored entry."""
    return words.read(entry.sealed, ring, bound_to=binding(entry.complaint_id, entry.audience, entry.seq))
