"""A message as it goes out, pulled or pushed: one CloudEvent (1.0), the same whenever and however often it is sent.

Its id is made of what the message is about, so that a reader which gets it twice, or by both ways, can tell.
"""

from datetime import datetime
from typing import NotRequired, Protocol, cast

from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from pydantic import JsonValue
from typing_extensions import TypedDict

from services.cases import outbox
from shared import clock, ids
from shared.privacy.keyring import KeyRing

SOURCE = "urn:shensu"
CONTENT_TYPE = JSONFormat.CONTENT_TYPE
_FORMAT = JSONFormat()
_SEQUENCE_DIGITS = 10
"""The extension `sequence` is compared as text, so it has leading zeros."""


class Envelope(TypedDict):
    """One message: a CloudEvent (1.0). `data` has the codes and moments of its type, and `words` where words go along."""

    specversion: str
    id: str
    source: str
    type: str
    subject: NotRequired[str]
    time: datetime
    sequence: NotRequired[str]
    datacontenttype: str
    data: dict[str, object]


def identifier(number: str, audience: str, seq: int) -> str:
    """Return the id of a message: of one case, to one audience, about its event of this number."""
    return f"{number}:{audience}:{seq}"


class StoredMessage(outbox.StoredWords, Protocol):
    """An entry of a feed, as it is stored."""

    @property
    def type(self) -> str:
        """The type of the message."""

    @property
    def at(self) -> datetime:
        """When it was written."""

    @property
    def data(self) -> dict[str, JsonValue]:
        """Its codes and moments."""


def event_of(entry: StoredMessage, ring: KeyRing) -> CloudEvent:
    """Return the message of a stored entry with its texts unsealed. Raises SealBrokenError if they were altered."""
    texts = outbox.words_of(entry, ring)
    data = {**entry.data, "texts": texts} if texts else entry.data
    number = str(entry.data["number"])
    attributes = {
        "specversion": "1.0",
        "id": identifier(number, entry.audience, entry.seq),
        "source": SOURCE,
        "type": entry.type,
        "subject": number,
        "time": entry.at.astimezone(clock.SHANGHAI),
        "sequence": f"{entry.seq:0{_SEQUENCE_DIGITS}d}",
        "datacontenttype": "application/json",
    }
    return CloudEvent(attributes, data)


def ping(audience: str) -> CloudEvent:
    """Return a message about nothing, by which a receiver is tried out."""
    attributes = {
        "specversion": "1.0",
        "id": f"{ids.uuid7()}:{audience}",
        "source": SOURCE,
        "type": "shensu.ping",
        "time": clock.now().astimezone(clock.SHANGHAI),
        "datacontenttype": "application/json",
    }
    return CloudEvent(attributes, {})


def as_object(event: CloudEvent) -> Envelope:
    """Return a message as the JSON object that a feed shows."""
    return cast("Envelope", event.get_attributes() | {"data": event.get_data()})


def as_bytes(event: CloudEvent) -> bytes:
    """Return a message as the body of a webhook: the same bytes for the same entry."""
    return _FORMAT.write(event)
