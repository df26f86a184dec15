"""Cases: the only writer of a status and of case events. A case's `version` is the number of its latest event."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from services.rules import workflow
from services.rules.workflow import Actor
from shared import bulk, serialisation
from shared.errors import ConflictError
from shared.models import cases, work
from shared.vocabulary import Status

ASSIGNED = (
    "version", "status", "level", "handling_bureau", "supervising_bureau", "province", "ready_to_forward", "triage",
    "copied_to", "routed_at", "accepted_at",
)  # fmt: skip
"""Columns that a routing sets."""


class StaleCaseError(ConflictError):
    """The case was changed by somebody else since it was read; read it again."""

    code = "stale-case"
    title = "The case was changed meanwhile"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a case, for ever: kind, who, and the data that explain it. No personal data."""

    bucket: int
    complaint_id: uuid.UUID
    seq: int
    kind: str
    actor: Actor
    data: dict[str, Any]

    def as_row(self) -> dict[str, Any]:
        """Return the row as `record` stores it."""
        return {
            "bucket": self.bucket,
            "complaint_id": self.complaint_id,
            "seq": self.seq,
            "kind": self.kind,
            "actor": self.actor,
            "data": serialisation.to_text(self.data),
        }


def opening_status(actor: Actor) -> Status:
    """Return the status in which a case begins its life here: received, or closed where history is taken over."""
    target = Status.CLOSED if actor is Actor.IMPORT else Status.RECEIVED
    return workflow.check_move(None, target, actor).target


_OPENED = (
    "bucket", "id", "number", "client_id", "external_ref", "scope", "channel", "status", "level", "business",
    "business_type", "carrier_code", "issue_code", "issue_detail_code", "taxonomy_version", "role",
    "agent_authorised", "elements_complete", "goods", "urgency", "dispute_region", "mailing_region",
    "delivery_region", "complainant_region", "upper_assignment", "declared_value_fen", "freight_fen",
    "requested_fen", "mailed_on", "enterprise_outcome", "enterprise_complained_on", "other_procedure",
    "received_at", "accept_due_at", "total_due_at", "due_provisional", "deadline_version", "calendar_version",
)  # fmt: skip
_OUTCOME = (
    "accepted_at", "closed_at", "close_reason", "responsibility", "failing_link", "satisfied_administration",
    "satisfied_enterprise", "reply_overdue", "reply_untruthful", "recovered_fen", "handling_bureau",
    "supervising_bureau", "province", "routed_at",
)  # fmt: skip


_PLAIN = bulk.into(cases.complaint, _OPENED)
_WITH_OUTCOME = bulk.into(cases.complaint, _OPENED + _OUTCOME)
_EVENTS = bulk.into(cases.case_event, ("bucket", "complaint_id", "seq", "kind", "actor", "data"))
_DAYS = bulk.into(work.dirty_day, ("day",))


async def open_many(
    connection: AsyncConnection,
    rows: Sequence[dict[str, Any]],
    events: Iterable[Event],
    *,
    with_outcome: bool,
    also: Sequence[bulk.Part],
) -> None:
    """Insert new cases with their first events, and by the same statement what else belongs to them.

    History carries its outcome and its place with it.
    """
    opened = (_WITH_OUTCOME if with_outcome else _PLAIN, rows)
    await bulk.run_together(connection, [opened, (_EVENTS, [event.as_row() for event in events]), *also])


async def record(connection: AsyncConnection, events: Iterable[Event], *, days: Iterable[date]) -> None:
    """Store events, and mark the civil days whose figures they change.

    A second event of the same number of a case is refused by the key: nothing is overwritten.
    """
    await bulk.run_together(connection, [(_EVENTS, [event.as_row() for event in events]), marks(days)])


_ASSIGN = bulk.update(
    cases.complaint,
    ("bucket", "id"),
    ASSIGNED,
    "complaint.version = u.read_version",
    ("read_version", "integer"),
)


async def assign_many(connection: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    """Write what routing decided for cases that are still as they were read (`read_version`).

    Raises StaleCaseError if one of them is not; then nothing of the transaction may be kept.
    """
    if await _ASSIGN.run(connection, rows) != len(rows):
        raise StaleCaseError("a case was changed while it was being routed; it is read again and routed anew")


def marks(days: Iterable[date]) -> bulk.Part:
    """Return the insert that marks civil days whose figures a transaction changes."""
    return _DAYS, [{"day": day} for day in sorted(set(days))]
