"""Taking a file in: its kind by its content, its limits, its digest, sealed before it leaves the process.

The object is put before its row commits, and outside any transaction; a row never names an object that is not there. What a
failure leaves is an object without a row (`services.evidence.pruning`).
"""

import asyncio
import contextlib
import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import lookup, writer
from services.cases.case_row import CaseRow
from services.cases.changes import CaseChange, KeyedContext, NewEvent
from services.casework import session
from services.casework.session import NotYourCaseError
from services.casework.supplement import CaseEndedError
from services.evidence import kinds, names
from services.evidence.kinds import Kind
from services.evidence.sides import OFFICER, Side
from shared import bulk, ids, storage
from shared.database import Database
from shared.errors import ConflictError, ShensuError
from shared.event_kinds import EventKind
from shared.models.evidence import evidence
from shared.privacy.keyring import KeyRing
from shared.storage import Storage, StorageUnavailableError
from shared.vocabulary import ENDED, Status

LARGEST = 20 * 1024 * 1024
MOST_FILES = 20
MOST_BYTES = 100 * 1024 * 1024
_DIGEST_SHOWN = 12
_E = evidence.c
_ADDED = bulk.into(
    evidence,
    (
        "bucket",
        "complaint_id",
        "id",
        "at",
        "by",
        "source",
        "sha256",
        "media_type",
        "size",
        "storage_key",
        "sealed",
        "shared",
    ),
)


class TooMuchEvidenceError(ConflictError):
    """The case holds as many files, or as much, as a case may."""

    code: ClassVar[str] = "too-much-evidence"
    title: ClassVar[str] = "The case holds as much evidence as it may"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in. `shared`: an officer lets the enterprise see it."""

    name: str | None
    content: bytes
    shared: bool = False


class EvidenceRow(NamedTuple):
    """The row of a file; its name is sealed, its content lies in the store."""

    bucket: int
    complaint_id: uuid.UUID
    id: uuid.UUID
    at: datetime
    by: str
    source: str
    sha256: bytes
    media_type: str
    size: int
    storage_key: str
    sealed: bytes
    shared: bool


SELECT = select(*(_E[name] for name in EvidenceRow._fields))
"""Selects the columns of `EvidenceRow`, in their order."""


class Added(NamedTuple):
    """The row of a file, the number of the case that holds it, and whether the case had it before."""

    row: EvidenceRow
    number: str
    before: bool


class _Sealed(NamedTuple):
    id: uuid.UUID
    key: str
    kind: Kind
    size: int
    sha256: bytes
    name: bytes
    content: bytes


async def add(
    db: Database, store: Storage, number: str, upload: Upload, side: Side, context: KeyedContext
) -> Added:
    """Take a file for a case, or for the one that a merged case is handled with. The same content again is the same file.

    Raises NotFoundError for a case out of scope, UnsupportedFileError, DamagedFileError, CaseEndedError,
    TooMuchEvidenceError, and NotYourCaseError for an officer of a bureau that only got a copy.
    """
    digest = await asyncio.to_thread(lambda: hashlib.sha256(upload.content).digest())
    async with db.transaction() as connection:
        case = await _case(connection, number, side)
        _check_right(case, side, context)
        if (before := await _check(connection, case, digest, len(upload.content))) is not None:
            return Added(before, case.number, before=True)
    sealed = await asyncio.to_thread(_seal, upload, digest, context.ring)
    await store.put(sealed.key, sealed.content)
    try:
        added = await _register(db, number, upload, sealed, side, context)
    except ShensuError:
        # refused, and surely without a row. After any other failure the row may have been committed though nobody was
        # told: then the object stays, and if there is no row the pruning finds it.
        with contextlib.suppress(StorageUnavailableError):
            await store.delete(sealed.key)
        raise
    if added.before:
        await store.delete(sealed.key)
    return added


async def _case(connection: AsyncConnection, number: str, side: Side, *, lock: bool = False) -> CaseRow:
    """Return the case that takes the file: the one that was named, or that it is handled with. Raises NotFoundError."""
    named = await lookup.find(connection, number, side.scope, lock=lock)
    return await side.follow(connection, named, lock=lock)


def _check_right(case: CaseRow, side: Side, context: KeyedContext) -> None:
    desk = side.desk
    if desk is not None:
        handles = case.handling_bureau == desk.bureau.code
        if not handles and not session.is_above(desk.bureau, case, context.reference):
            raise NotYourCaseError(
                f"The case is handled by {case.handling_bureau or 'nobody yet'}; that bureau and its superiors add files."
            )
    if side.source != OFFICER and Status(case.status) in ENDED:
        raise CaseEndedError(f"The case is {case.status}; file what is new as a complaint of its own.")


async def _check(connection: AsyncConnection, case: CaseRow, digest: bytes, size: int) -> EvidenceRow | None:
    """Return the file of the case that has this content already; else raise TooMuchEvidenceError beyond the limits."""
    here = (_E.bucket == case.bucket, _E.complaint_id == case.id)
    same = (await connection.execute(SELECT.where(*here, _E.sha256 == digest))).one_or_none()
    if same is not None:
        return EvidenceRow._make(same)
    counted = select(func.count(), func.coalesce(func.sum(_E.size), 0)).where(*here)
    files, size_before = (await connection.execute(counted)).one()
    if files >= MOST_FILES or size_before + size > MOST_BYTES:
        raise TooMuchEvidenceError(
            f"A case holds at most {MOST_FILES} files and {MOST_BYTES // 1024**2} MB; this one has {files} with "
            f"{size_before / 1024**2:.1f} MB. Put what matters into fewer or smaller files, such as one PDF.",
            members={"files": files, "bytes": size_before},
        )
    return None


def _seal(upload: Upload, digest: bytes, ring: KeyRing) -> _Sealed:
    """Tell the kind of a file and seal content and name, bound to its id. Takes a while: not for the event loop."""
    kind = kinds.of(upload.content)
    evidence_id = ids.uuid7()
    return _Sealed(
        evidence_id,
        storage.new_key(),
        kind,
        len(upload.content),
        digest,
        names.seal(upload.name, ring, evidence_id),
        ring.seal(upload.content, bound_to=binding(evidence_id)),
    )


def binding(evidence_id: uuid.UUID) -> bytes:
    """Return what the content of a file is bound to."""
    return b"evidence|" + evidence_id.bytes


async def _register(
    db: Database, number: str, upload: Upload, sealed: _Sealed, side: Side, context: KeyedContext
) -> Added:
    async with db.transaction() as connection:
        # the case may have been merged, have gone to another, have ended, or have got the same file since it was looked at
        case = await _case(connection, number, side, lock=True)
        _check_right(case, side, context)
        if (before := await _check(connection, case, sealed.sha256, sealed.size)) is not None:
            return Added(before, case.number, before=True)
        shared = upload.shared and side.source == OFFICER
        row = {
            "bucket": case.bucket,
            "complaint_id": case.id,
            "id": sealed.id,
            "at": case.moment,
            "by": side.by,
            "source": side.source,
            "sha256": sealed.sha256,
            "media_type": sealed.kind.media_type,
            "size": sealed.size,
            "storage_key": sealed.key,
            "sealed": sealed.name,
            "shared": shared,
        }
        change = CaseChange(
            case=case, actor=side.actor, by=side.by, new_events=_happenings(sealed, side, shared=shared)
        )
        await writer.apply(connection, [change], context, also=[(_ADDED, [row])])
        statement = SELECT.where(_E.bucket == case.bucket, _E.id == sealed.id)
        stored = (await connection.execute(statement)).one()
        return Added(EvidenceRow._make(stored), case.number, before=False)


def _happenings(sealed: _Sealed, side: Side, *, shared: bool) -> list[NewEvent]:
    data = {
        "evidence": str(sealed.id),
        "source": side.source,
        "media_type": sealed.kind.media_type,
        "size": sealed.size,
        "sha256": sealed.sha256.hex()[:_DIGEST_SHOWN],
    }
    new_events = [NewEvent(EventKind.EVIDENCE_ADDED, data)]
    return (
        [*new_events, NewEvent(EventKind.EVIDENCE_SHARED, {"evidence": str(sealed.id)})]
        if shared
        else new_events
    )
