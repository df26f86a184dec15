"""The early-warning list of a bureau: what stands out within its sight, and which of its cases are behind it."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select, tuple_

from services.cases import lookup
from services.reference import labels
from services.reference.data import ReferenceData
from services.requests import cursors
from services.rules.facts import Bureau
from shared.clock import in_civil_time
from shared.database import Database
from shared.errors import NotFoundError
from shared.models.cases import complaint
from shared.models.surges import surge, surge_member
from shared.vocabulary import BureauLevel

MOST_CASES = 500
_SHOWN = ("kind", "week", "count", "level", "national", "opened_at", "updated_at")
_CASE = ("number", "status", "level", "handling_bureau", "received_at")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which warnings a list shows; what is None does not narrow it."""

    limit: int = 50
    cursor: str | None = None
    since: datetime | None = None
    kind: str | None = None
    carrier_code: str | None = None


async def page(db: Database, wanted: Wanted, *, bureau: Bureau, reference: ReferenceData) -> dict[str, Any]:
    """Return one page of warnings, those that began last first: `items`, and `next`, the cursor of the page after it."""
    statement = _in_sight(bureau)
    if wanted.since is not None:
        statement = statement.where(surge.c.updated_at >= wanted.since)
    for column, value in ((surge.c.kind, wanted.kind), (surge.c.carrier_code, wanted.carrier_code)):
        if value is not None:
            statement = statement.where(column == value)
    order = (surge.c.opened_at, surge.c.id)
    if wanted.cursor is not None:
        statement = statement.where(tuple_(*order) < cursors.read(wanted.cursor))
    statement = statement.order_by(*(column.desc() for column in order)).limit(wanted.limit + 1)
    async with db.transaction() as connection:
        rows = (await connection.execute(statement)).all()
    last = rows[wanted.limit - 1] if len(rows) > wanted.limit else None
    return {
        "items": [_shown(row, reference) for row in rows[: wanted.limit]],
        "next": cursors.write(last.opened_at, last.id) if last else None,
    }


async def one(
    db: Database, surge_id: uuid.UUID, *, bureau: Bureau, reference: ReferenceData
) -> dict[str, Any]:
    """Return a warning with its cases that the bureau may see, newest first. Raises NotFoundError for one out of sight."""
    cases = (
        select(*(complaint.c[name] for name in _CASE))
        .join(
            surge_member,
            (surge_member.c.bucket == complaint.c.bucket) & (surge_member.c.complaint_id == complaint.c.id),
        )
        .where(surge_member.c.surge_id == surge_id, *lookup.of_bureau(bureau))
        .order_by(complaint.c.received_at.desc(), complaint.c.id)
        .limit(MOST_CASES)
    )
    async with db.transaction() as connection:
        row = (await connection.execute(_in_sight(bureau).where(surge.c.id == surge_id))).one_or_none()
        if row is None:
            raise NotFoundError("There is no warning of this id that this bureau may see.")
        found = (await connection.execute(cases)).all()
    return _shown(row, reference) | {
        "cases": [{name: in_civil_time(getattr(case, name)) for name in _CASE} for case in found]
    }


def _in_sight(bureau: Bureau) -> Select[Any]:
    members = (
        select(func.count())
        .select_from(surge_member)
        .where(surge_member.c.surge_id == surge.c.id)
        .scalar_subquery()
    )
    return select(surge, members.label("members")).where(_scope(bureau))


def _scope(bureau: Bureau) -> ColumnElement[bool]:
    """Return what a bureau sees: the centre all, a province its own and what concerns all, a city its own and its cases'."""
    if bureau.level is BureauLevel.NATIONAL:
        return surge.c.id.is_not(None)
    if bureau.level is BureauLevel.PROVINCE:
        return or_(surge.c.national, surge.c.province == bureau.region)
    handled = (
        select(surge_member.c.surge_id)
        .join(
            complaint,
            (complaint.c.bucket == surge_member.c.bucket) & (complaint.c.id == surge_member.c.complaint_id),
        )
        .where(surge_member.c.surge_id == surge.c.id, complaint.c.handling_bureau == bureau.code)
    )
    return or_(surge.c.place == bureau.region, handled.exists())


def _shown(row: Row[Any], reference: ReferenceData) -> dict[str, Any]:
    place = reference.regions.get(row.place)
    return {
        "id": str(row.id),
        **{name: in_civil_time(getattr(row, name)) for name in _SHOWN},
        "carrier": labels.carrier(row.carrier_code, reference),
        "place": {"code": row.place, "name": place.name if place else row.place},
        "province": row.province,
        "mean": round(row.mean, 2),
        "deviation": round(row.deviation, 2),
        "members": row.members,
    }
