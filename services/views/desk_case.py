"""The whole case for the officer who works it: state and limits, what happened and in which words, what was done about it.

Persons are masked; what they wrote, what the enterprise answered and what officers noted is the file, and is shown. The
number of statements is fixed, however long the file is.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.carriers import failing_link, replies
from services.cases import events, lookup, parties, stored_deadlines
from services.cases.case_row import CaseRow
from services.cases.changes import KeyedContext
from services.casework import remedies, visits
from services.casework.session import DeskSession
from services.desk import perform
from services.evidence import holdings
from services.merging import merge
from services.reference import labels
from services.reference.data import ReferenceData
from services.views import deadlines_explained, decision_explained, status_facts
from services.views.client_case import SHOWN, bureau, masked
from services.views.language import Language
from shared.clock import in_civil_time
from shared.database import Database
from shared.models.cases import case_event, complaint
from shared.models.casework import finding_review
from shared.models.work_orders import hotline_order
from shared.privacy import masking
from shared.privacy.keyring import KeyRing

Json = dict[str, Any]
_MORE = (
    "status_since",
    "confidential",
    "claimed_by",
    "claimed_at",
    "contacted_at",
    "acknowledged_at",
    "bounces",
    "reply_seq",
    "redone",
    "escalated_at",
    "overdue_total",
    "suspected_violation",
    "hotline_orders",
    "cites",
    "version",
)
_DECISIONS = frozenset({*decision_explained.DECIDING, decision_explained.REEVALUATED})
"""Events that carry a whole decision: the explanation shows it, the history only that it was made."""
_KEYS = frozenset({"bucket", "complaint_id", "complaint_bucket", "case_bucket", "case_id"})
_LIMIT = ("key", "name", "round", "state", "started_at", "due_at", "provisional", "movable")


async def read(db: Database, number: str, *, desk: DeskSession, context: KeyedContext) -> Json:
    """Return the case, within the sight of the officer's bureau. Raises NotFoundError for any other."""
    ring, reference = context.ring, context.reference
    async with db.transaction() as connection:
        row = await lookup.find(connection, number, lookup.of_bureau(desk.bureau))
        told = (
            await connection.execute(
                select(*status_facts.COLUMNS).where(
                    complaint.c.bucket == row.bucket, complaint.c.id == row.id
                )
            )
        ).one()
        follows = await status_facts.surviving_case(connection, [told])
        running_limits = await stored_deadlines.of_case(connection, row.bucket, row.id)
        happened = await _events(connection, row)
        return {
            **_columns(row, desk, reference),
            "sentence": status_facts.sentence(told, follows.get(row.id), reference),
            **await _matter(
                connection, row, ring, sees_persons=desk.officer.is_supervisor or not row.confidential
            ),
            "deadlines": [_limit(limit, reference, row.handling_bureau) for limit in running_limits],
            "admission": _admission(happened, row, reference),
            "history": [_event(event, ring) for event in happened],
            "replies": await replies.of_case(connection, row.bucket, row.id, ring),
            "visits": _plain(await visits.of_case(connection, row.bucket, row.id)),
            "remedies": _plain(await remedies.of_case(connection, row.bucket, row.id)),
            "reviews": _plain(await _reviews(connection, row)),
            "duplicates": _plain(await merge.proposals(connection, row)),
            "merged": await _merged(connection, row, follows.get(row.id)),
            "evidence": await holdings.of_officer(connection, row, ring),
            "orders": _plain(await _orders(connection, row)),
            "trace": await failing_link.of_case(connection, row, reference),
        }


def _columns(row: CaseRow, desk: DeskSession, reference: ReferenceData) -> Json:
    shown: Json = {name: in_civil_time(getattr(row, name)) for name in (*SHOWN, *_MORE)}
    shown |= {
        "status_name": labels.coded("status", row.status, reference),
        "level_name": labels.coded("level", row.level, reference),
        "carrier": labels.carrier(row.carrier_code, reference),
        "issue": labels.issue(row.issue_code, row.issue_detail_code, reference),
        "handling_bureau": bureau(row.handling_bureau, reference),
        "supervising_bureau": bureau(row.supervising_bureau, reference),
        "copied_to": [bureau(code, reference) for code in row.copied_to],
        # what the workflow lets this officer do next; notes, visits and the like are not moves
        "allowed": perform.told_of(row, desk)["allowed"],
    }
    return shown


async def _matter(connection: AsyncConnection, row: CaseRow, ring: KeyRing, *, sees_persons: bool) -> Json:
    """Return the sealed record: persons and item masked, what is complained of and asked for in its words.

    Who asked for confidentiality is shown to supervisors only, and masked.
    """
    content = await parties.read(connection, row, ring)
    place = content.get("dispute_address")
    return {
        "persons": masked(content) if sees_persons else {},
        "waybill": masking.waybill(content["waybill"]) if content.get("waybill") else None,
        "cause": content.get("cause"),
        "request": content.get("request"),
        "enterprise_complaint": content.get("enterprise_complaint"),
        "dispute_address": masking.address(place) if place else None,
    }


def _limit(limit: stored_deadlines.Deadline, reference: ReferenceData, handling: str | None) -> Json:
    told = deadlines_explained.explained(limit, reference, handling)
    return {name: told[name] for name in _LIMIT}


async def _events(connection: AsyncConnection, row: CaseRow) -> Sequence[Row[Any]]:
    statement = (
        select(case_event)
        .where(case_event.c.bucket == row.bucket, case_event.c.complaint_id == row.id)
        .order_by(case_event.c.seq)
    )
    return (await connection.execute(statement)).all()


def _event(event: Row[Any], ring: KeyRing) -> Json:
    return {
        "seq": event.seq,
        "kind": event.kind,
        "actor": event.actor,
        "by": event.by,
        "at": in_civil_time(event.at),
        "data": {} if event.kind in _DECISIONS else event.data,
        "words": events.read_words(event.sealed, ring, complaint_id=event.complaint_id, seq=event.seq),
    }


def _admission(happened: Sequence[Row[Any]], row: CaseRow, reference: ReferenceData) -> Json | None:
    rendering = decision_explained.Rendering(Language.EN, reference)
    admission = decision_explained.admission_of(happened, rendering, accepted=row.accepted_at is not None)
    return admission.model_dump() if admission is not None else None


async def _reviews(connection: AsyncConnection, row: CaseRow) -> Sequence[Row[Any]]:
    statement = (
        select(finding_review)
        .where(finding_review.c.bucket == row.bucket, finding_review.c.complaint_id == row.id)
        .order_by(finding_review.c.seq)
    )
    return (await connection.execute(statement)).all()


async def _orders(connection: AsyncConnection, row: CaseRow) -> Sequence[Row[Any]]:
    """Return the hotline's orders that follow the case; no statement where none does."""
    if not row.hotline_orders:
        return ()
    statement = (
        select(hotline_order)
        .where(hotline_order.c.case_id == row.id, hotline_order.c.case_bucket == row.bucket)
        .order_by(hotline_order.c.received_at, hotline_order.c.order_no)
    )
    return (await connection.execute(statement)).all()


async def _merged(connection: AsyncConnection, row: CaseRow, goes_on: Row[Any] | None) -> Json:
    """Return the number of the case that goes on for this one, and those that were merged into this one."""
    statement = select(complaint.c.number).where(complaint.c.merged_into == row.id)
    children = (await connection.execute(statement.order_by(complaint.c.received_at))).scalars().all()
    return {"into": goes_on.number if goes_on is not None else None, "took_over": list(children)}


def _plain(rows: Sequence[Any]) -> list[Json]:
    """Return rows of other tables as they are, without the keys of the case."""
    return [
        {str(name): in_civil_time(value) for name, value in _mapping(row).items() if name not in _KEYS}
        for row in rows
    ]


def _mapping(row: Any) -> Mapping[str, Any]:
    return row if isinstance(row, Mapping) else row._mapping  # noqa: SLF001 - SQLAlchemy's documented name
