"""The early-warning list of a bureau: what stands out visible to it, and which of its cases are behind it."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_

from services.cases import lookup
from services.fields import CivilTime, Code, Moment, View
from services.reference import labels
from services.reference.data import ReferenceData
from services.reference.labels import CodeName
from services.requests import cursors
from services.rules.facts import Bureau
from shared.database import Database
from shared.errors import NotFoundError
from shared.models.cases import complaint
from shared.models.surges import surge, surge_member
from shared.vocabulary import BureauLevel, Level, Status

MOST_CASES = 500


class SurgeKind(StrEnum):
    """What stands out: complaints of a city, of an outlet, users of an outlet, a stoppage over provinces."""

    CITY = "CITY"
    OUTLET = "OUTLET"
    USERS = "USERS"
    STOPPAGE = "STOPPAGE"


class SurgeQuery(BaseModel):
    """Which warnings a page shows; what is absent does not narrow it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    since: Moment | None = Field(default=None, description="Only warnings that were updated then or later.")
    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(
        default=None, max_length=cursors.LONGEST, description="`next` of the page before."
    )
    kind: SurgeKind | None = None
    carrier_code: Code | None = None


class SurgeWarning(View):
    """One early warning."""

    id: uuid.UUID
    kind: SurgeKind
    week: date
    count: int = Field(description="Complaints; of USERS the users, of STOPPAGE the provinces.")
    level: Level
    national: bool
    opened_at: CivilTime
    updated_at: CivilTime
    carrier: CodeName
    place: CodeName
    province: str
    mean: float = Field(description="Of the eight weeks before.")
    deviation: float = Field(description="Of the eight weeks before.")
    members: int = Field(description="Cases behind the warning, of all bureaus.")


class SurgeCase(View):
    """A case behind a warning."""

    number: str
    status: Status
    level: Level
    handling_bureau: str | None
    received_at: CivilTime


class SurgeWithCases(SurgeWarning):
    """One early warning, with its cases that the bureau may see."""

    cases: list[SurgeCase]


class SurgePage(View):
    """A page of warnings, the latest first."""

    items: list[SurgeWarning]
    next: str | None = Field(description="Cursor of the following page; null at the end.")


async def page(db: Database, query: SurgeQuery, *, bureau: Bureau, reference: ReferenceData) -> SurgePage:
    """Return one page of warnings, the latest first. Raises CursorError."""
    statement = _visible_to(bureau)
    if query.since is not None:
        statement = statement.where(surge.c.updated_at >= query.since)
    for column, value in ((surge.c.kind, query.kind), (surge.c.carrier_code, query.carrier_code)):
        if value is not None:
            statement = statement.where(column == value)
    order = (surge.c.opened_at, surge.c.id)
    if query.cursor is not None:
        statement = statement.where(tuple_(*order) < cursors.read(query.cursor))
    statement = statement.order_by(*(column.desc() for column in order)).limit(query.limit + 1)
    async with db.transaction() as connection:
        rows = [_Warning._make(row) for row in await connection.execute(statement)]
    last = rows[query.limit - 1] if len(rows) > query.limit else None
    return SurgePage(
        items=[_warning(row, reference) for row in rows[: query.limit]],
        next=cursors.write(last.opened_at, last.id) if last else None,
    )


async def find(
    db: Database, surge_id: uuid.UUID, *, bureau: Bureau, reference: ReferenceData
) -> SurgeWithCases:
    """Return a warning with its cases that the bureau may see, newest first. Raises NotFoundError for an invisible one."""
    case_columns = (complaint.c[name] for name in SurgeCase.model_fields)
    statement = (
        select(*case_columns)
        .join(
            surge_member,
            (surge_member.c.bucket == complaint.c.bucket) & (surge_member.c.complaint_id == complaint.c.id),
        )
        .where(surge_member.c.surge_id == surge_id, *lookup.of_bureau(bureau))
        .order_by(complaint.c.received_at.desc(), complaint.c.id)
        .limit(MOST_CASES)
    )
    async with db.transaction() as connection:
        row = (await connection.execute(_visible_to(bureau).where(surge.c.id == surge_id))).one_or_none()
        if row is None:
            raise NotFoundError("There is no warning of this id that this bureau may see.")
        cases = (await connection.execute(statement)).all()
    warning = _warning(_Warning._make(row), reference)
    return SurgeWithCases(**dict(warning), cases=[SurgeCase.model_validate(case) for case in cases])


def _visible_to(bureau: Bureau) -> Select[*tuple[object, ...]]:
    members = (
        select(func.count())
        .select_from(surge_member)
        .where(surge_member.c.surge_id == surge.c.id)
        .scalar_subquery()
    )
    return select(surge, members.label("members")).where(_visibility(bureau))


def _visibility(bureau: Bureau) -> ColumnElement[bool]:
    """Return what a bureau sees: the centre all, a province its own and what concerns all, a city its own and its cases'."""
    if bureau.level is BureauLevel.NATIONAL:
        return surge.c.id.is_not(None)
    if bureau.level is BureauLevel.PROVINCE:
        return or_(surge.c.national, surge.c.province == bureau.region)
    of_own_cases = (
        select(surge_member.c.surge_id)
        .join(
            complaint,
            (complaint.c.bucket == surge_member.c.bucket) & (complaint.c.id == surge_member.c.complaint_id),
        )
        .where(surge_member.c.surge_id == surge.c.id, complaint.c.handling_bureau == bureau.code)
    )
    return or_(surge.c.place == bureau.region, of_own_cases.exists())


class _Warning(NamedTuple):
    """A warning as it is stored, with the number of its cases."""

    id: uuid.UUID
    kind: str
    carrier_code: str
    place: str
    province: str
    week: date
    size: int
    mean: float
    deviation: float
    level: str
    national: bool
    opened_at: datetime
    updated_at: datetime
    members: int


def _warning(row: _Warning, reference: ReferenceData) -> SurgeWarning:
    region = reference.regions.get(row.place)
    return SurgeWarning(
        id=row.id,
        kind=SurgeKind(row.kind),
        week=row.week,
        count=row.size,
        level=Level(row.level),
        national=row.national,
        opened_at=row.opened_at,
        updated_at=row.updated_at,
        carrier=labels.carrier(row.carrier_code, reference),
        place=CodeName(code=row.place, name=region.name if region else row.place),
        province=row.province,
        mean=round(row.mean, 2),
        deviation=round(row.deviation, 2),
        members=row.members,
    )
