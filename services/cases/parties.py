"""The sealed record of a case: its persons and the words of the complaint, bound to its row.

Moved to another row, it does not open. Nobody else seals or opens one.
"""

import uuid
from collections.abc import Mapping
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import TypedDict

from services.cases.case_row import CaseKey
from shared import serialisation
from shared.models.cases import complaint_party
from shared.privacy.keyring import KeyRing

PersonField = Literal["name", "phone", "other_phone", "address", "identity_card"]
"""The fields of a person that may be shown, masked or in clear."""


class SealedPerson(TypedDict, total=False):
    """A person in clear; phone numbers begin with the country's code."""

    name: str | None
    phone: str | None
    other_phone: str
    address: str | None
    identity_card: str
    authorisation_ref: str | None


class EarlierComplaint(TypedDict):
    """What the user says of the complaint to the enterprise before."""

    channel: str | None
    result: str | None


class SealedRecord(TypedDict, total=False):
    """The record in clear: persons by who they are to the item, and what is said, each by name."""

    complainant: SealedPerson
    agent: SealedPerson
    sender: SealedPerson
    addressee: SealedPerson
    cause: str
    request: str | None
    waybill: str | None
    other_waybills: list[str]
    dispute_address: str
    enterprise_complaint: EarlierComplaint


_P = complaint_party.c


def seal(record: SealedRecord, ring: KeyRing, complaint_id: uuid.UUID) -> bytes:
    """Seal the record of a case."""
    return ring.seal(serialisation.to_bytes(record), bound_to=_binding(complaint_id))


def open_record(sealed: bytes, ring: KeyRing, complaint_id: uuid.UUID) -> SealedRecord:
    """Return the record of a case in clear. Raises SealBrokenError if it was altered or moved."""
    record: SealedRecord = serialisation.from_text(
        ring.unseal(bytes(sealed), bound_to=_binding(complaint_id))
    )
    return record


async def read(connection: AsyncConnection, case: CaseKey, ring: KeyRing) -> SealedRecord:
    """Read the record of a case. One statement."""
    statement = select(_P.sealed).where(_P.bucket == case.bucket, _P.complaint_id == case.id)
    return open_record((await connection.execute(statement)).scalar_one(), ring, case.id)


async def rewrite(
    connection: AsyncConnection,
    case: CaseKey,
    record: SealedRecord,
    ring: KeyRing,
    indexes: Mapping[str, bytes | None],
) -> None:
    """Replace the record of a locked case, and the indexes that changed with it."""
    statement = update(complaint_party).where(_P.bucket == case.bucket, _P.complaint_id == case.id)
    await connection.execute(statement.values(sealed=seal(record, ring, case.id), **indexes))


def persons(record: SealedRecord) -> dict[str, SealedPerson]:
    """Return the persons that a record names, by who they are to the item."""
    by_role = {
        "complainant": record.get("complainant"),
        "agent": record.get("agent"),
        "sender": record.get("sender"),
        "addressee": record.get("addressee"),
    }
    return {role: person for role, person in by_role.items() if person}


def _binding(complaint_id: uuid.UUID) -> bytes:
    return b"complaint_party|" + complaint_id.bytes
