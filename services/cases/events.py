"""What happens to a case, for ever: its events, and the marks of the days whose figures they change.

A case's `version` is the number of its latest event. Codes stand in `data`; words that somebody wrote are sealed.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from pydantic import JsonValue
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import TypedDict

from services.cases import words
from services.cases.case_row import CaseKey
from services.cases.words import Words
from services.rules.states.verbs import Actor
from shared import bulk, serialisation
from shared.errors import ConflictError
from shared.event_kinds import EventKind
from shared.models import cases, figures
from shared.privacy.keyring import KeyRing


class StaleCaseError(ConflictError):
    """The case was changed by somebody else since it was read; read it again."""

    code = "stale-case"
    title = "The case was changed meanwhile"


class EventRow(TypedDict):
    """The row of an event; `data` is JSON text."""

    bucket: int
    complaint_id: uuid.UUID
    seq: int
    kind: EventKind
    actor: Actor
    by: str | None
    data: str
    sealed: bytes | None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a case: kind, who, and the data that explain it. No personal data."""

    bucket: int
    complaint_id: uuid.UUID
    seq: int
    kind: EventKind
    actor: Actor
    data: Mapping[str, object]
    by: str | None = None
    sealed: bytes | None = field(default=None, repr=False)

    def as_row(self) -> EventRow:
        """Return the row as it is stored."""
        return {
            "bucket": self.bucket,
            "complaint_id": self.complaint_id,
            "seq": self.seq,
            "kind": self.kind,
            "actor": self.actor,
            "by": self.by,
            "data": serialisation.to_text(dict(self.data)),
            "sealed": self.sealed,
        }


class StoredEvent(NamedTuple):
    """An event as it is stored; its words are sealed."""

    complaint_id: uuid.UUID
    seq: int
    kind: str
    actor: str
    by: str | None
    at: datetime
    data: dict[str, JsonValue]
    sealed: bytes | None


async def of_case(connection: AsyncConnection, case: CaseKey) -> list[StoredEvent]:
    """Return the events of a case, the oldest first. One statement."""
    columns = cases.case_event.c
    statement = (
        select(*(columns[name] for name in StoredEvent._fields))
        .where(columns.bucket == case.bucket, columns.complaint_id == case.id)
        .order_by(columns.seq)
    )
    return [StoredEvent._make(row) for row in await connection.execute(statement)]


_EVENTS = bulk.into(cases.case_event, tuple(EventRow.__annotations__))
_DAYS = bulk.into(figures.dirty_day, ("day",))


def additions(events: Iterable[Event]) -> bulk.Part:
    """Return the insert of events. A second event of the same number of a case is refused by the key."""
    return _EVENTS, [event.as_row() for event in events]


def marks(days: Iterable[date]) -> bulk.Part:
    """Return the insert that marks civil days whose figures a transaction changes."""
    return _DAYS, [{"day": day} for day in sorted(set(days))]


def seal_words(text: Words | None, *, complaint_id: uuid.UUID, seq: int) -> bytes | None:
    """Seal the words of an event, bound to it; None where there are none."""
    return text.seal(_binding(complaint_id, seq)) if text is not None else None


def read_words(sealed: bytes | None, ring: KeyRing, *, complaint_id: uuid.UUID, seq: int) -> dict[str, str]:
    """Return the words of an event. Raises SealBrokenError if they were altered or moved."""
    return words.read(sealed, ring, bound_to=_binding(complaint_id, seq))


def _binding(complaint_id: uuid.UUID, seq: int) -> bytes:
    return b"case_event|" + complaint_id.bytes + seq.to_bytes(4)
