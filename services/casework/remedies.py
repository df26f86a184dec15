"""The ledger of a case, in fen: compensation, refunds, apologies. An entry is never changed; a wrong one is reversed.

The sum stands on the case (`recovered_fen`) and in the figures; the ledger says what it is made of.
"""

import uuid
from datetime import date, datetime
from typing import Annotated, Literal, NamedTuple

from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import TypedDict

from services.cases import numbering
from services.cases.case_row import CaseRow
from services.fields import Day, Fen, Form, SealedText
from shared.errors import ConflictError, FieldError, InvalidInputError, NotFoundError
from shared.models.casework import remedy_entry

APOLOGY = "APOLOGY"


class EntryReversedError(ConflictError):
    """The entry was reversed before."""

    code = "entry-reversed"
    title = "The entry was reversed before"


class Remedy(Form):
    """What the user got: compensation (赔偿), refund (退款) or apology (道歉). Money in fen."""

    kind: Literal["COMPENSATION", "REFUND", "APOLOGY"]
    amount_fen: Fen = 0
    paid_on: Day | None = None
    note: SealedText | None = None


class ReverseRemedy(Form):
    """An entry that was wrong, and why; it is reversed by one of the opposite amount."""

    entry: Annotated[int, Field(ge=1, lt=2**31)]
    reason: SealedText


class LedgerRow(NamedTuple):
    """An entry of the ledger, as it is stored."""

    seq: int
    at: datetime
    by: str
    kind: str
    amount_fen: int
    paid_on: date | None
    reverses: int | None


class _NewEntry(TypedDict):
    """What a new entry of the ledger holds."""

    kind: str
    amount_fen: int
    paid_on: date | None
    reverses: int | None


async def add(connection: AsyncConnection, case: CaseRow, form: Remedy, *, by: str) -> tuple[int, int]:
    """Add an entry; returns its number and the new sum. Raises InvalidInputError for money without an amount."""
    if (form.amount_fen == 0) is not (form.kind == APOLOGY):
        fault = FieldError("/amount_fen", "does-not-fit", "money has an amount above 0, an apology has none")
        raise InvalidInputError("The remedy is not complete; see errors.", [fault])
    entry: _NewEntry = {
        "kind": form.kind,
        "amount_fen": form.amount_fen,
        "paid_on": form.paid_on,
        "reverses": None,
    }
    return await _insert(connection, case, entry, by=by)


async def reverse(
    connection: AsyncConnection, case: CaseRow, form: ReverseRemedy, *, by: str
) -> tuple[int, int]:
    """Reverse an entry; returns the number of the new entry and the new sum.

    Raises NotFoundError if there is no such entry, EntryReversedError if it was reversed, or reverses another.
    """
    entries = {entry.seq: entry for entry in await of_case(connection, case.bucket, case.id)}
    wrong = entries.get(form.entry)
    if wrong is None:
        raise NotFoundError(
            "The case's ledger has no entry of this number; `remedies` of the case lists its entries."
        )
    if wrong.reverses is not None or any(entry.reverses == wrong.seq for entry in entries.values()):
        raise EntryReversedError(
            "This entry was reversed before, or reverses another; record what is right by the verb `remedy`."
        )
    entry: _NewEntry = {
        "kind": wrong.kind,
        "amount_fen": -wrong.amount_fen,
        "paid_on": None,
        "reverses": wrong.seq,
    }
    return await _insert(connection, case, entry, by=by)


async def _insert(
    connection: AsyncConnection, case: CaseRow, entry: _NewEntry, *, by: str
) -> tuple[int, int]:
    here = (remedy_entry.c.bucket == case.bucket, remedy_entry.c.complaint_id == case.id)
    ledger = select(numbering.next_of(remedy_entry), func.coalesce(func.sum(remedy_entry.c.amount_fen), 0))
    seq, total = (await connection.execute(ledger.where(*here))).one()
    key = {"bucket": case.bucket, "complaint_id": case.id, "seq": seq, "at": case.moment, "by": by}
    await connection.execute(insert(remedy_entry).values({**key, **entry}))
    return seq, int(total) + entry["amount_fen"]


async def of_case(connection: AsyncConnection, bucket: int, complaint_id: uuid.UUID) -> list[LedgerRow]:
    """Return the ledger of a case, oldest entry first."""
    statement = (
        select(*(remedy_entry.c[name] for name in LedgerRow._fields))
        .where(remedy_entry.c.bucket == bucket, remedy_entry.c.complaint_id == complaint_id)
        .order_by(remedy_entry.c.seq)
    )
    return [LedgerRow._make(row) for row in await connection.execute(statement)]
