"""Lists of cases by pages: newest first, always one statement a page, however far back."""

from dataclasses import dataclass

from pydantic import Field
from sqlalchemy import select, tuple_

from services.access.clients import Caller
from services.cases.lookup import of_client
from services.fields import CivilTime, View
from services.requests import cursors
from shared.database import Database
from shared.models.cases import complaint
from shared.vocabulary import Business, CaseScope, Channel, Level, Status


class ListedCase(View):
    """A case in the list of the client that filed it."""

    number: str
    external_ref: str | None
    scope: CaseScope
    channel: Channel
    status: Status
    level: Level
    business: Business
    carrier_code: str
    issue_code: str
    received_at: CivilTime
    next_due_at: CivilTime | None
    total_due_at: CivilTime
    handling_bureau: str | None
    triage: bool
    routed_at: CivilTime | None
    closed_at: CivilTime | None


class CasePage(View):
    """One page of cases, newest receipt first."""

    items: list[ListedCase]
    next: str | None = Field(description="The cursor of the next page; null at the end.")


@dataclass(frozen=True, slots=True)
class ListFilter:
    """Which cases a list shows; what is None does not narrow it."""

    limit: int = 50
    cursor: str | None = None
    external_ref: str | None = None
    status: Status | None = None
    level: Level | None = None
    bureau: str | None = None
    triage: bool | None = None


async def page(db: Database, query: ListFilter, *, caller: Caller) -> CasePage:
    """Return one page of the cases that the caller may see: `items`, and `next`, the cursor of the page after it.

    Pages neither skip nor repeat a case that stays where it is while one turns them.
    """
    statement = select(*(complaint.c[name] for name in ListedCase.model_fields), complaint.c.id).where(
        *of_client(caller)
    )
    for column, value in (
        ("external_ref", query.external_ref),
        ("status", query.status),
        ("level", query.level),
        ("handling_bureau", query.bureau),
        ("triage", query.triage),
    ):
        if value is not None:
            statement = statement.where(complaint.c[column] == value)
    order = (complaint.c.received_at, complaint.c.id)
    if query.cursor is not None:
        statement = statement.where(tuple_(*order) < cursors.read(query.cursor))
    statement = statement.order_by(*(column.desc() for column in order)).limit(query.limit + 1)
    async with db.transaction() as connection:
        rows = (await connection.execute(statement)).all()
    items = [ListedCase.model_validate(row) for row in rows[: query.limit]]
    last = rows[query.limit - 1] if len(rows) > query.limit else None
    return CasePage(items=items, next=cursors.write(last.received_at, last.id) if last else None)
