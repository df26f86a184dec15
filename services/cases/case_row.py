"""The row of a case, typed: one list of columns, from which every statement that reads cases is made.

`CaseHead` has what a change of a case needs, and batches read no more than that and their own few columns.
`CaseRow` has them all. The fields are the columns: a misspelled one does not pass the type checker.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, func

from shared.models.cases import complaint


class CaseKey(Protocol):
    """Whatever names a case by bucket and id."""

    @property
    def bucket(self) -> int:
        """Bucket 0-63."""

    @property
    def id(self) -> uuid.UUID:
        """The id."""


MOMENT = "moment"
"""The database's time at which the row was read, or locked."""


@dataclass(frozen=True, slots=True)
class CaseHead:
    """The columns that every change of a case is written from."""

    bucket: int
    id: uuid.UUID
    number: str
    kind: str
    version: int
    status: str
    level: str
    carrier_code: str
    handling_bureau: str | None
    supervising_bureau: str | None
    province: str
    received_at: datetime
    total_due_at: datetime
    routed_at: datetime | None
    accepted_at: datetime | None
    forwarded_at: datetime | None
    replied_at: datetime | None
    refused_at: datetime | None
    closed_at: datetime | None
    deadline_version: str
    claimed_by: str | None
    hotline_orders: int
    moment: datetime


@dataclass(frozen=True, slots=True)
class CaseRow(CaseHead):
    """All columns of a case."""

    client_id: uuid.UUID
    external_ref: str | None
    cites: str | None
    scope: str
    channel: str
    status_since: datetime
    # what it is about
    business: str
    business_type: str
    issue_code: str
    issue_detail_code: str | None
    taxonomy_version: int
    role: str
    agent_authorised: bool
    elements_complete: bool
    goods: str
    urgency: Sequence[str]
    # where
    dispute_region: str | None
    mailing_region: str | None
    delivery_region: str | None
    complainant_region: str | None
    upper_assignment: str | None
    # money, in fen
    declared_value_fen: int | None
    freight_fen: int | None
    requested_fen: int | None
    # before it came here
    mailed_on: date | None
    enterprise_outcome: str | None
    enterprise_complained_on: date | None
    other_procedure: str
    next_due_at: datetime | None
    # routing
    triage: bool
    copied_to: Sequence[str]
    # handling
    bounces: int
    claimed_at: datetime | None
    contacted_at: datetime | None
    outlet: str | None
    confidential: bool
    acknowledged_at: datetime | None
    reply_seq: int
    redone: int
    escalated_at: datetime | None
    overdue_total: bool
    suspected_violation: bool
    # a merge
    merged_into_bucket: int | None
    merged_into: uuid.UUID | None
    merged_from: str | None
    refusal_ground: str | None
    # the end
    close_reason: str | None
    responsibility: str | None
    responsible_unit: str | None
    failing_link: str | None
    overturned: bool
    satisfied_administration: bool | None
    satisfied_enterprise: bool | None
    reply_overdue: bool
    reply_untruthful: bool
    recovered_fen: int
    created_at: datetime


R = TypeVar("R", bound=CaseHead)


def names(row_type: type[CaseHead]) -> tuple[str, ...]:
    """Return the columns of a type of rows, in their order; the moment is among them."""
    return tuple(column.name for column in fields(row_type))


def columns(row_type: type[CaseHead]) -> list[ColumnElement[Any]]:
    """Return what a Core statement on `complaint` selects, so that `build` makes rows of it."""
    return [
        func.clock_timestamp().label(MOMENT) if name == MOMENT else complaint.c[name]
        for name in names(row_type)
    ]


def sql(row_type: type[CaseHead], **elsewhere: str) -> str:
    """Return what an SQL statement on `complaint c` selects; `elsewhere` are expressions for columns of other tables."""
    expressions = {MOMENT: f"clock_timestamp() AS {MOMENT}"} | {
        name: f"{expression} AS {name}" for name, expression in elsewhere.items()
    }
    return ", ".join(expressions.get(name, f"c.{name}") for name in names(row_type))


def build(row_type: type[R], rows: Iterable[Any]) -> list[R]:
    """Build typed rows from those of a statement that selected `columns` or `sql` of the same type."""
    return [row_type(*row) for row in rows]
