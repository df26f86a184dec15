"""The files of a case: listed and taken out by each side within its scope, checked against their digest on the way."""

import asyncio
import hashlib
import uuid
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, text, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services import audit
from services.cases import lookup
from services.cases.case_row import CaseRow
from services.evidence import names, store
from services.evidence.sides import FILER, OFFICER, Side
from services.evidence.store import EvidenceRow, binding
from shared import clock
from shared.database import Database
from shared.errors import InternalError, NotFoundError
from shared.models.evidence import evidence
from shared.privacy.keyring import KeyRing
from shared.privacy.sealing import SealBrokenError
from shared.serialisation import Json
from shared.storage import Storage

CaseKeys = tuple[int, uuid.UUID]
_E = evidence.c
_SUBTREE = text("""
    WITH RECURSIVE below AS (
        SELECT CAST(:bucket AS smallint) AS bucket, CAST(:id AS uuid) AS id
        UNION ALL
        SELECT c.bucket, c.id FROM complaint c JOIN below ON c.merged_into = below.id
    )
    SELECT bucket, id FROM below
""")


class BrokenFileError(InternalError):
    """The stored object differs from the stored digest."""

    code = "file-broken"
    title = "The stored file is damaged"


class File(NamedTuple):
    """A file as it is handed out."""

    name: str | None
    media_type: str
    content: bytes


async def listed(db: Database, number: str, side: Side, ring: KeyRing) -> list[Json]:
    """Return the files of a case that a side sees, oldest first. Raises NotFoundError for a case out of scope."""
    async with db.transaction() as connection:
        rows = await _seen(connection, number, side)
    return [shown(row, ring) for row in rows]


async def of_officer(connection: AsyncConnection, case: CaseRow, ring: KeyRing) -> list[Json]:
    """Return all files of a case, and of the cases that were merged into it."""
    return [shown(row, ring) for row in await _of_cases(connection, await keys_of(connection, case), ())]


async def download(
    db: Database, storage: Storage, number: str, evidence_id: uuid.UUID, side: Side, ring: KeyRing
) -> File:
    """Return a file, and note who took it out, but for the client's own. Raises NotFoundError for one that is not seen.

    Raises BrokenFileError or NotStoredError where the store does not hold what was put there.
    """
    async with db.transaction() as connection:
        rows = await _seen(connection, number, side)
        row = next((each for each in rows if each.id == evidence_id), None)
        if row is None:
            raise NotFoundError("The case has no such file that this key may see.")
        if side.source != FILER:
            data = {"key": side.key, "evidence": str(evidence_id)}
            await audit.record(connection, actor=side.by, act="evidence.read", subject=number, data=data)
    content = await storage.get(row.storage_key)
    plain = await asyncio.to_thread(_open, content, row, ring)
    return File(names.read(row.sealed, ring, row.id), row.media_type, plain)


def _open(content: bytes, row: EvidenceRow, ring: KeyRing) -> bytes:
    try:
        plain = ring.unseal(content, bound_to=binding(row.id))
    except SealBrokenError as error:
        raise _broken() from error
    if hashlib.sha256(plain).digest() != bytes(row.sha256):
        raise _broken()
    return plain


def _broken() -> BrokenFileError:
    return BrokenFileError("The stored file is not what was put there; tell the operator, who has backups.")


async def _seen(connection: AsyncConnection, number: str, side: Side) -> list[EvidenceRow]:
    """Return what a side sees of a case and of those merged into it; a client or an enterprise, of all it became part of.

    An officer sees nothing beyond the case: another bureau may handle the case that goes on. Nor does an enterprise,
    where the case that goes on belongs to another one by now.
    """
    case = await lookup.find(connection, number, side.scope)
    if side.source != OFFICER:
        case = await side.follow(connection, case)
    return await _of_cases(connection, await keys_of(connection, case), side.sees)


async def keys_of(connection: AsyncConnection, case: CaseRow) -> list[CaseKeys]:
    """Return the keys of a case and of all that were merged into it."""
    rows = await connection.execute(_SUBTREE, {"bucket": case.bucket, "id": case.id})
    return [(row.bucket, row.id) for row in rows]


def within(keys: Iterable[CaseKeys]) -> ColumnElement[bool]:
    """Return the condition that a file belongs to one of some cases."""
    return tuple_(_E.bucket, _E.complaint_id).in_(list(keys))


async def _of_cases(
    connection: AsyncConnection, keys: Iterable[CaseKeys], sees: Sequence[ColumnElement[bool]]
) -> list[EvidenceRow]:
    statement = store.SELECT.where(within(keys), *sees).order_by(_E.at, _E.id)
    return [EvidenceRow._make(row) for row in await connection.execute(statement)]


def shown(row: EvidenceRow, ring: KeyRing) -> Json:
    """Return the description of a file."""
    return {
        "id": str(row.id),
        "name": names.read(row.sealed, ring, row.id),
        "media_type": row.media_type,
        "size": row.size,
        "sha256": bytes(row.sha256).hex(),
        "at": row.at.astimezone(clock.SHANGHAI),
        "by": row.by,
        "source": row.source,
        "shared_with_carrier": row.shared,
    }
