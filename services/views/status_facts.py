"""From rows to what may be read out: the columns that a status sentence needs, and the case that a merged one follows."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, case, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import merges
from services.cases.case_row import CaseKey, CaseRow
from services.cases.events import StoredEvent
from services.cases.stored_deadlines import Deadline
from services.reference.data import ReferenceData
from services.rules import kinds
from services.views import status_text
from services.views.status_text import Sentence, StatusFacts
from shared.event_kinds import EventKind
from shared.models.cases import case_event, complaint
from shared.models.deadlines import case_deadline
from shared.vocabulary import CloseReason, RefusalGround, Status

_C = complaint.c
_STATE_DEADLINE_KIND = "CASE {} END".format(
    " ".join(
        f"WHEN kind = '{kind}' AND status = '{status}' THEN '{deadline}'"
        for kind, rules in kinds.KINDS.items()
        for status, deadline in rules.states.deadlines.items()
    )
)


_STATE_DUE_AT = (
    select(case_deadline.c.due_at)
    .where(
        case_deadline.c.bucket == _C.bucket,
        case_deadline.c.complaint_id == _C.id,
        case_deadline.c.stopped_at.is_(None),
        case_deadline.c.key == literal_column(_STATE_DEADLINE_KIND),
    )
    .correlate(complaint)
    .scalar_subquery()
)
_OFFICE = (
    select(case_event.c.data.op("->>")("office"))
    .where(
        case_event.c.bucket == _C.bucket,
        case_event.c.complaint_id == _C.id,
        case_event.c.kind == EventKind.TRANSFERRED,
    )
    .order_by(case_event.c.seq.desc())
    .limit(1)
    .correlate(complaint)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class StatusRow:
    """What a sentence is made of; the running deadline of the state and the office of a transfer come with it."""

    bucket: int
    id: uuid.UUID
    number: str
    status: str
    status_since: datetime
    received_at: datetime
    total_due_at: datetime
    handling_bureau: str | None
    carrier_code: str
    accepted_at: datetime | None
    refused_at: datetime | None
    closed_at: datetime | None
    refusal_ground: str | None
    close_reason: str | None
    moment: datetime
    state_due_at: datetime | None
    office: str | None


_COMPUTED = {
    "moment": func.now(),
    "state_due_at": _STATE_DUE_AT,
    "office": case((_C.status == Status.TRANSFERRED, _OFFICE)),
}
StatusRowT = TypeVar("StatusRowT", bound=StatusRow)


def columns(row_type: type[StatusRow]) -> list[ColumnElement[object]]:
    """Return what a statement on `complaint` selects, so that its rows are those of a type."""
    names = [column.name for column in fields(row_type)]
    return [_COMPUTED[name].label(name) if name in _COMPUTED else _C[name] for name in names]


def build(row_type: type[StatusRowT], rows: Iterable[Iterable[Any]]) -> list[StatusRowT]:
    """Build typed rows from those of a statement that selected `columns` of the same type."""
    return [row_type(*row) for row in rows]


class MergeableCase(CaseKey, Protocol):
    """A case that may have been merged."""

    @property
    def status(self) -> str:
        """The status."""


async def surviving_case(
    connection: AsyncConnection, rows: Sequence[MergeableCase]
) -> Mapping[uuid.UUID, StatusRow]:
    """Return the cases that merged ones are handled with, by the id of the merged one. No statement where none is."""
    merged = [row for row in rows if row.status == Status.MERGED]
    if not merged:
        return {}
    path, values = merges.surviving(merged)
    surviving = path.columns(origin=_C.id.type, bucket=_C.bucket.type, id=_C.id.type).subquery("surviving")
    statement = select(surviving.c.origin, *columns(StatusRow)).join(
        surviving, (surviving.c.bucket == _C.bucket) & (surviving.c.id == _C.id)
    )
    return {origin: StatusRow(*row) for origin, *row in await connection.execute(statement, values)}


def sentence(row: StatusRow, goes_on: StatusRow | None, reference: ReferenceData) -> dict[str, str]:
    """Return the status sentence of a case in both languages; `goes_on` is the case that a merged one follows."""
    return status_text.sentence(facts_of(row, goes_on, reference))._asdict()


def sentence_of_case(
    case: CaseRow,
    deadlines: Iterable[Deadline],
    history: Sequence[StoredEvent],
    goes_on: StatusRow | None,
    reference: ReferenceData,
) -> dict[str, str]:
    """Return the status sentence of a case whose running deadlines and events are read already."""
    status = Status(case.status)
    key = kinds.states_of(case.kind).deadlines.get(status)
    due_at = next((deadline.due_at for deadline in deadlines if deadline.key == key), None)
    transfers = (
        str(event.data["office"]) for event in reversed(history) if event.kind == EventKind.TRANSFERRED
    )
    office = next(transfers, None) if status is Status.TRANSFERRED else None
    return status_text.sentence(_facts(case, goes_on, reference, due_at=due_at, office=office))._asdict()


def facts_of(row: StatusRow, goes_on: StatusRow | None, reference: ReferenceData) -> StatusFacts:
    """Return what a sentence is made of, with the names that people know."""
    return _facts(row, goes_on, reference, due_at=row.state_due_at, office=row.office)


def _facts(
    row: CaseRow | StatusRow,
    goes_on: StatusRow | None,
    reference: ReferenceData,
    *,
    due_at: datetime | None,
    office: str | None,
) -> StatusFacts:
    carrier = reference.carriers.get(row.carrier_code)
    bureau = reference.jurisdictions.bureaus.get(row.handling_bureau or "")
    return StatusFacts(
        number=row.number,
        status=Status(row.status),
        now=row.moment,
        received_at=row.received_at,
        total_due_at=row.total_due_at,
        bureau=bureau.name if bureau else row.handling_bureau,
        carrier=Sentence(carrier.name_zh, carrier.name_en) if carrier else None,
        since=row.closed_at or row.refused_at or row.status_since,
        accepted_at=row.accepted_at,
        due_at=due_at,
        ground=RefusalGround(row.refusal_ground) if row.refusal_ground else None,
        ground_name=_name("refusal_ground", row.refusal_ground, reference),
        close_reason=CloseReason(row.close_reason) if row.close_reason in set(CloseReason) else None,
        close_name=_name("close_reason", row.close_reason, reference),
        office=office,
        goes_on=facts_of(goes_on, None, reference) if goes_on is not None else None,
    )


def _name(kind: str, code: str | None, reference: ReferenceData) -> Sentence | None:
    entry = reference.codes.get(kind, {}).get(code or "")
    return Sentence(entry.name_zh, entry.name_en) if entry else None
