"""The sealed record of a case: its persons and the words of the complaint, bound to its row.

Moved to another row, it does not open. Nobody else seals or opens one.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases.case_row import CaseKey
from shared import serialisation
from shared.models.cases import complaint_party
from shared.privacy.keyring import KeyRing

Record = dict[str, Any]
"""The record in clear: persons by who they are to the item, and what is said, each by name."""
_P = complaint_party.c


def seal(record: Record, ring: KeyRing, complaint_id: uuid.UUID) -> bytes:
    """Seal the record of a case."""
    return ring.seal(serialisation.to_bytes(record), bound_to=_binding(complaint_id))


def open_record(sealed: bytes, ring: KeyRing, complaint_id: uuid.UUID) -> Record:
    """Return the record of a case in clear. Raises SealBrokenError if it was altered or moved."""
    record: Record = serialisation.from_text(ring.unseal(bytes(sealed), bound_to=_binding(complaint_id)))
    return record


async def read(connection: AsyncConnection, case: CaseKey, ring: KeyRing) -> Record:
    """Read the record of a case. One statement."""
    statement = select(_P.sealed).where(_P.bucket == case.bucket, _P.complaint_id == case.id)
    return open_record((await connection.execute(statement)).scalar_one(), ring, case.id)


async def rewrite(
    connection: AsyncConnection,
    case: CaseKey,
    record: Record,
    ring: KeyRing,
    indexes: Mapping[str, bytes | None],
) -> None:
    """Replace the record of a locked case, and the indexes that changed with it."""
    statement = update(complaint_party).where(_P.bucket == case.bucket, _P.complaint_id == case.id)
    await connection.execute(statement.values(sealed=seal(record, ring, case.id), **indexes))


def _binding(complaint_id: uuid.UUID) -> bytes:
    return b"complaint_party|" + complaint_id.bytes
