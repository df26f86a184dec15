"""Lists of cases by pages: newest first, always one statement a page, however far back."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, tuple_

from services.access.clients import Caller
from services.cases.lookup import of_client
from services.requests import cursors
from shared.clock import in_civil_time
from shared.database import Database
from shared.models.cases import complaint
from shared.vocabulary import Level, Status

LISTED = (
    "number",
    "external_ref",
    "scope",
    "channel",
    "status",
    "level",
    "business",
    "carrier_code",
    "issue_code",
    "received_at",
    "next_due_at",
    "total_due_at",
    "handling_bureau",
    "triage",
    "routed_at",
    "closed_at",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases a list shows; what is None does not narrow it."""

    limit: int = 50
    cursor: str | None = None
    external_ref: str | None = None
    status: Status | None = None
    level: Level | None = None
    bureau: str | None = None
    triage: bool | None = None


async def page(db: Database, wanted: Wanted, *, caller: Caller) -> dict[str, Any]:
    """Return one page of the cases that the caller may see: `items`, and `next`, the cursor of the page after it.

    Pages neither skip nor repeat a case that stays where it is while one turns them.
    """
    statement = select(*(complaint.c[name] for name in LISTED), complaint.c.id).where(*of_client(caller))
    for column, value in (
        ("external_ref", wanted.external_ref),
        ("status", wanted.status),
        ("level", wanted.level),
        ("handling_bureau", wanted.bureau),
        ("triage", wanted.triage),
    ):
        if value is not None:
            statement = statement.where(complaint.c[column] == value)
    order = (complaint.c.received_at, complaint.c.id)
    if wanted.cursor is not None:
        statement = statement.where(tuple_(*order) < cursors.read(wanted.cursor))
    statement = statement.order_by(*(column.desc() for column in order)).limit(wanted.limit + 1)
    async with db.transaction() as connection:
        rows = (await connection.execute(statement)).all()
    items = [{name: in_civil_time(getattr(row, name)) for name in LISTED} for row in rows[: wanted.limit]]
    last = rows[wanted.limit - 1] if len(rows) > wanted.limit else None
    return {"items": items, "next": cursors.write(last.received_at, last.id) if last else None}
