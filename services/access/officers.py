"""The officers of the bureaus: operators register them, and every call of a desk names one. Some are supervisors."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, cast

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import TypedDict

from services import audit
from shared.database import Database
from shared.errors import InvalidInputError, NotFoundError, ShensuError
from shared.models import reference
from shared.models.access import officer

OFFICER, SUPERVISOR = "OFFICER", "SUPERVISOR"
IDENTIFIER = re.compile(r"[A-Za-z0-9._@-]{1,40}", re.ASCII)
"""The form of the header X-Operator-Id."""


class UnknownOfficerError(ShensuError):
    """The operator named in the call is not an active officer of the key's bureau."""

    status: ClassVar[int] = 403
    code: ClassVar[str] = "unknown-officer"
    title: ClassVar[str] = "The operator is not an officer of this bureau"


@dataclass(frozen=True, slots=True)
class Officer:
    """A person who works cases for a bureau."""

    id: str
    name: str
    role: str

    @property
    def is_supervisor(self) -> bool:
        """Whether the officer may lower a level and reopen a case."""
        return self.role == SUPERVISOR


async def find(connection: AsyncConnection, bureau: str, officer_id: str) -> Officer:
    """Return an active officer of a bureau. Raises UnknownOfficerError for any other person."""
    statement = select(officer.c.id, officer.c.name, officer.c.role).where(
        officer.c.bureau_code == bureau, officer.c.id == officer_id, officer.c.active
    )
    row = (await connection.execute(statement)).one_or_none()
    if row is None:
        raise UnknownOfficerError(
            "Name an active officer of this bureau in the header X-Operator-Id; operators register them with "
            "`python -m ops officer set`."
        )
    return Officer(row.id, row.name, row.role)


async def put(
    db: Database, *, bureau: str, officer_id: str, name: str, role: str, active: bool, actor: str
) -> None:
    """Register an officer, or change the entry.

    Raises InvalidInputError for an unknown role or an id that a header cannot carry, NotFoundError for an unknown bureau.
    """
    if role not in {OFFICER, SUPERVISOR}:
        raise InvalidInputError(f"a role is {OFFICER} or {SUPERVISOR}, not {role}")
    if not IDENTIFIER.fullmatch(officer_id):
        raise InvalidInputError("an officer's id has 1 to 40 letters, digits or any of . _ @ -")
    values = {"name": name, "role": role, "active": active}
    statement = (
        insert(officer)
        .values(bureau_code=bureau, id=officer_id, **values)
        .on_conflict_do_update(index_elements=[officer.c.bureau_code, officer.c.id], set_=values)
    )
    async with db.transaction() as connection:
        if (
            await connection.scalar(select(reference.bureau.c.code).where(reference.bureau.c.code == bureau))
            is None
        ):
            raise NotFoundError(f"there is no bureau {bureau}; GET /v1/reference/bureaus lists them")
        await connection.execute(statement)
        data = {"role": role, "active": active}
        await audit.record(
            connection, actor=actor, act="officer.set", subject=f"{bureau}/{officer_id}", data=data
        )


class ListedOfficer(TypedDict):
    """An officer of a bureau."""

    bureau_code: str
    id: str
    name: str
    role: str
    active: bool
    created_at: datetime


async def list_officers(db: Database, bureau: str | None = None) -> list[ListedOfficer]:
    """Return the officers of a bureau, or of all. Raises NotFoundError if the bureau has none."""
    statement = select(officer).order_by(officer.c.bureau_code, officer.c.id)
    if bureau is not None:
        statement = statement.where(officer.c.bureau_code == bureau)
    async with db.transaction() as connection:
        rows = (await connection.execute(statement)).mappings().all()
    if bureau is not None and not rows:
        raise NotFoundError(f"bureau {bureau} has no officers; `python -m ops officer set` registers one")
    return cast("list[ListedOfficer]", [dict(row) for row in rows])
