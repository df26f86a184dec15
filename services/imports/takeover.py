"""Announce an import, store its parts, complete it; every step may be repeated, and an interrupted import continues.

The digest of the whole is the SHA-256 of the parts' hexadecimal digests, one per line, so that the sender can verify it
with `sha256sum`. A part that was altered or truncated is refused before any row of it is stored.
"""

import hashlib
import uuid
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import ColumnElement, Row, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert

from services.fields import View
from services.intake import accept, bulk_filing
from services.intake.bulk_filing import RowResult
from services.intake.filing import HistoricalFiling
from services.intake.preparation import IntakeContext
from services.requests.parsing import MAX_ROWS, ndjson
from shared import database, ids, text_forms
from shared.database import Database
from shared.errors import ConflictError, FieldError, InvalidInputError, NotFoundError
from shared.models.imports import import_file, import_part

Digest = Annotated[str, StringConstraints(pattern=text_forms.DIGEST.pattern)]
MAX_PARTS = 10_000
INTERNAL = 500
MOST_NAMED = 100
"""How many missing parts a refusal names."""
_REFUSED: ColumnElement[str] = literal_column("'$[*] ? (@.status >= 400)'::jsonpath")


class DigestMismatchError(InvalidInputError):
    """The received data differ from the manifest."""

    code: ClassVar[str] = "digest-mismatch"
    title: ClassVar[str] = "The digest does not match"


class PartsMissingError(ConflictError):
    """The import cannot be completed: parts are missing."""

    code: ClassVar[str] = "parts-missing"
    title: ClassVar[str] = "Parts are missing"


class Manifest(BaseModel):
    """The announced content of an import."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: Annotated[str, StringConstraints(pattern=text_forms.IMPORT_NAME.pattern)] = Field(
        description="A name for people."
    )
    rows: Annotated[int, Field(ge=1, le=MAX_PARTS * MAX_ROWS)]
    part_sha256: Annotated[list[Digest], Field(min_length=1, max_length=MAX_PARTS)] = Field(
        description="SHA-256 of each part's bytes, in order; a part is NDJSON with up to 1,000 rows."
    )
    sha256: Digest = Field(description="SHA-256 of the digests of the parts, joined by newlines.")


class Progress(View):
    """The progress of an import."""

    id: str
    name: str
    rows: int
    rows_received: int
    parts: int
    missing_parts: list[int]
    refused_rows: int
    completed: bool


async def announce(db: Database, client_id: uuid.UUID, manifest: Manifest) -> Progress:
    """Store a manifest, or find the one announced before. Raises DigestMismatchError if it contradicts itself."""
    whole = hashlib.sha256("\n".join(manifest.part_sha256).encode()).hexdigest()
    if whole != manifest.sha256:
        fault = FieldError(
            "/sha256", "digest-mismatch", "send the SHA-256 of the parts' digests, joined by newlines"
        )
        raise DigestMismatchError("`sha256` is not the digest of the parts' digests.", [fault])
    row = {
        "id": ids.uuid7(),
        "client_id": client_id,
        "name": manifest.name,
        "sha256": manifest.sha256,
        "rows": manifest.rows,
        "part_digests": manifest.part_sha256,
    }
    same = (
        import_file.c.client_id == client_id,
        import_file.c.sha256 == manifest.sha256,
        import_file.c.name == manifest.name,
    )
    async with db.transaction() as connection:
        await connection.execute(insert(import_file).values(row).on_conflict_do_nothing())
        import_id = (await connection.execute(select(import_file.c.id).where(*same))).scalar_one()
    return await progress(db, client_id, import_id)


async def _file(
    db: Database, client_id: uuid.UUID, import_id: uuid.UUID, *columns: ColumnElement[Any]
) -> Row[Any]:
    statement = select(*(columns or import_file.c)).where(
        import_file.c.id == import_id, import_file.c.client_id == client_id
    )
    async with db.transaction() as connection:
        file = (await connection.execute(statement)).one_or_none()
    if file is None:
        raise NotFoundError("There is no such import of this client; announce it with POST /v1/imports.")
    return file


class _Announced(NamedTuple):
    """What the manifest says of one part: its digest, None if there is no such part, and how many parts there are."""

    digest: str | None
    parts: int


async def _announced(db: Database, client_id: uuid.UUID, import_id: uuid.UUID, part: int) -> _Announced:
    # a manifest has up to 10,000 digests: only one of them is read
    digests, place = import_file.c.part_digests, part if 0 <= part < MAX_PARTS else MAX_PARTS
    row = await _file(db, client_id, import_id, digests[place].astext, func.jsonb_array_length(digests))
    return _Announced._make(row)


async def progress(db: Database, client_id: uuid.UUID, import_id: uuid.UUID) -> Progress:
    """Return the progress of an import. Raises NotFoundError if this client announced none with this id."""
    file = await _file(db, client_id, import_id)
    refused = func.jsonb_array_length(func.jsonb_path_query_array(import_part.c.results, _REFUSED))
    statement = select(import_part.c.part, import_part.c.rows, refused.label("refused")).where(
        import_part.c.import_id == import_id
    )
    async with db.transaction() as connection:
        parts = (await connection.execute(statement)).all()
    here = {part.part for part in parts}
    return Progress(
        id=str(file.id),
        name=file.name,
        rows=file.rows,
        rows_received=sum(part.rows for part in parts),
        parts=len(file.part_digests),
        missing_parts=[part for part in range(len(file.part_digests)) if part not in here],
        refused_rows=sum(part.refused for part in parts),
        completed=file.completed_at is not None,
    )


async def take_part(
    db: Database, context: IntakeContext, import_id: uuid.UUID, part: int, body: bytes
) -> list[RowResult]:
    """Store one part; return a result for each row. A stored part gets the same answer as before.

    Raises NotFoundError, or DigestMismatchError before any row of the part is stored.
    """
    announced = await _announced(db, context.caller.client_id, import_id, part)
    if announced.digest is None:
        raise NotFoundError(f"This import has the parts 0 to {announced.parts - 1}; send one of them.")
    if hashlib.sha256(body).hexdigest() != announced.digest:
        raise DigestMismatchError(
            "The part's bytes are not those that the manifest announced; nothing of it was stored. Send the bytes that were "
            "digested, or announce a new import."
        )
    stored = select(import_part.c.results).where(
        import_part.c.import_id == import_id, import_part.c.part == part
    )
    async with db.transaction() as connection:
        earlier: list[RowResult] | None = await connection.scalar(stored)
    if earlier is not None:
        return earlier
    return await _store_part(db, context, import_id, part, ndjson(body))


async def _store_part(
    db: Database, context: IntakeContext, import_id: uuid.UUID, part: int, rows: Sequence[bytes]
) -> list[RowResult]:
    if not 0 < len(rows) <= MAX_ROWS:
        raise InvalidInputError(f"A part holds 1 to {MAX_ROWS} rows; announce a new import with such parts.")
    prepared = await bulk_filing.prepare_rows(rows, HistoricalFiling, context)
    answers = await accept.accept_many(db, prepared.filings)
    results = bulk_filing.results(prepared, answers, brief=True)
    # rows that could not be stored now may be sent again, so the part is not complete yet
    if all(result["status"] < INTERNAL and result.get("retryable") is not True for result in results):
        row = {"import_id": import_id, "part": part, "rows": len(rows), "results": results}
        async with db.transaction() as connection:
            await connection.execute(insert(import_part).values(row).on_conflict_do_nothing())
    return results


async def complete(db: Database, client_id: uuid.UUID, import_id: uuid.UUID) -> Progress:
    """Close an import. Raises PartsMissingError, or DigestMismatchError if the number of rows is not the announced one."""
    state = await progress(db, client_id, import_id)
    if state.missing_parts:
        raise PartsMissingError(
            f"{len(state.missing_parts)} of {state.parts} parts have not come, the first is {state.missing_parts[0]}. Send "
            f"each to PUT /v1/imports/{import_id}/parts/<part>, then complete again; GET of the import names all.",
            members={"missing_parts": state.missing_parts[:MOST_NAMED]},
        )
    if state.rows_received != state.rows:
        raise DigestMismatchError(
            f"The manifest announced {state.rows} rows, and {state.rows_received} came. Announce a new import, with "
            "the number of its rows: what is stored is found again."
        )
    statement = update(import_file).where(import_file.c.id == import_id, import_file.c.completed_at.is_(None))
    async with db.transaction() as connection:
        await connection.execute(statement.values(completed_at=await database.moment(connection)))
    return await progress(db, client_id, import_id)
