"""What the sweep and the watchdog share: the columns of a case that they go by, and the rows by which a step fires once."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import case_row
from services.cases.case_row import CaseHead
from services.rules.deadlines.escalation import Seats
from shared import bulk
from shared.models import deadlines
from shared.vocabulary import Level, Step


@dataclass(frozen=True, slots=True)
class SweptCase(CaseHead):
    """A case as the sweep reads it: locked by the same statement."""

    status_since: datetime
    escalated_at: datetime | None
    reply_overdue: bool
    overdue_total: bool


COLUMNS = case_row.sql(SweptCase)


class EscalationKey(NamedTuple):
    """The key of a record that is written once: a step of a round of a deadline; for the watchdog, of a stay."""

    bucket: int
    complaint_id: uuid.UUID
    key: str
    round: int
    step: Step


class EscalationRecord(NamedTuple):
    """A row of `escalation`."""

    of: EscalationKey
    before: Level
    after: Level
    notified_bureaus: Sequence[str]


_INSERT = bulk.into(
    deadlines.escalation,
    (*EscalationKey._fields, "level_before", "level_after", "notified_bureaus"),
    f"ON CONFLICT DO NOTHING RETURNING {', '.join(EscalationKey._fields)}",
)


async def write(connection: AsyncConnection, records: Sequence[EscalationRecord]) -> set[EscalationKey]:
    """Write what is spoken of; returns the keys that are new. Do the effect of no other."""
    rows = [_row(record) for record in records]
    new = await _INSERT.run(connection, rows)
    return {
        EscalationKey(record.bucket, record.complaint_id, record.key, record.round, Step(record.step))
        for record in new
    }


def _row(record: EscalationRecord) -> dict[str, object]:
    notified_bureaus = bulk.array_literal(record.notified_bureaus)
    return {
        **record.of._asdict(),
        "level_before": record.before,
        "level_after": record.after,
        "notified_bureaus": notified_bureaus,
    }


def seats_of(case: CaseHead) -> Seats:
    """Return the bureaus that a case has."""
    return Seats(case.handling_bureau, case.supervising_bureau, case.province)
