"""The whole case for the officer who works it: state and deadlines, history and words, and all that was done about it.

Persons are masked; what they wrote, what the enterprise answered and what officers noted is the file, and is shown. The
number of statements is fixed, however long the file is.
"""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import TypedDict

from services.carriers import failing_link, stored_replies
from services.cases import events, lookup, moves, order_row, parties, stored_deadlines
from services.cases.case_row import CaseRow
from services.cases.changes import KeyedContext
from services.cases.events import StoredEvent
from services.cases.order_row import OrderRow
from services.casework import remedies, visits
from services.casework.session import DeskSession
from services.evidence import holdings
from services.fields import View
from services.merging import merge
from services.reference import labels
from services.reference.data import ReferenceData
from services.reference.labels import CodeName, IssueName
from services.views import deadlines_explained, decision_explained, item_trace, status_facts
from services.views.case_records import (
    CarrierReply,
    DuplicateProposal,
    EvidenceFile,
    FindingReview,
    HotlineOrder,
    LedgerEntry,
    MergeLinks,
    ReturnVisit,
)
from services.views.client_case import bureau, masked
from services.views.explanation import ExplainedAdmission
from services.views.language import Language
from services.views.masked_persons import MaskedPersons
from services.views.rendering import Rendering
from services.views.status_facts import StatusRow
from services.views.whole_case import CaseColumns, CaseEvent, Matter, StatusSentence, WholeCase
from shared.database import Database
from shared.event_kinds import EventKind
from shared.models.cases import complaint
from shared.models.casework import finding_review
from shared.models.work_orders import hotline_order
from shared.privacy import masking
from shared.privacy.keyring import KeyRing

ViewT = TypeVar("ViewT", bound=View)
_DECISIONS = frozenset({*decision_explained.DECIDING, decision_explained.REEVALUATED})
"""Events that carry a whole decision: the explanation shows it, the history only that it was made."""


async def read(
    db: Database,
    number: str,
    *,
    desk: DeskSession,
    context: KeyedContext,
    language: Language = Language.EN,
) -> WholeCase:
    """Return the case, if the officer's bureau may see it. Raises NotFoundError for any other."""
    ring, reference = context.ring, context.reference
    rendering = Rendering(language, reference)
    async with db.transaction() as connection:
        row = await lookup.find(connection, number, lookup.of_bureau(desk.bureau))
        survivor = (await status_facts.surviving_case(connection, [row])).get(row.id)
        deadlines = await stored_deadlines.of_case(connection, row.bucket, row.id)
        events_of_case = await events.of_case(connection, row)
        orders = await _orders(connection, row)
        sees_persons = desk.officer.is_supervisor or not row.confidential
        return WholeCase(
            **dict(CaseColumns.model_validate(row)),
            **_names(row, reference),
            # what the workflow lets this officer do next; notes, visits and the like are not moves
            allowed=moves.allowed(row, desk.actor),
            sentence=StatusSentence(
                **status_facts.sentence_of_case(row, deadlines, events_of_case, survivor, reference)
            ),
            **dict(await _matter(connection, row, ring, sees_persons=sees_persons)),
            deadlines=[deadlines_explained.summary(each, reference) for each in deadlines],
            admission=_admission(events_of_case, row, rendering),
            history=[_event(event, ring) for event in events_of_case],
            replies=_views(CarrierReply, await stored_replies.of_case(connection, row.bucket, row.id, ring)),
            visits=_views(ReturnVisit, await visits.of_case(connection, row.bucket, row.id)),
            remedies=_views(LedgerEntry, await remedies.of_case(connection, row.bucket, row.id)),
            reviews=_views(FindingReview, await _reviews(connection, row)),
            duplicates=_views(DuplicateProposal, await merge.proposals(connection, row)),
            merged=await _merged(connection, row, survivor),
            evidence=_views(EvidenceFile, await holdings.of_officer(connection, row, ring)),
            orders=_views(HotlineOrder, orders),
            trace=item_trace.of_trace(await failing_link.of_case(connection, row, reference), rendering),
        )


class _NamedFields(TypedDict):
    """The fields of a whole case that show names beside codes."""

    status_name: str
    level_name: str
    carrier: CodeName
    issue: IssueName
    handling_bureau: CodeName | None
    supervising_bureau: CodeName | None
    copied_to: list[CodeName]


def _names(row: CaseRow, reference: ReferenceData) -> _NamedFields:
    """Return the fields of a whole case that show names beside codes."""
    return {
        "status_name": labels.coded("status", row.status, reference),
        "level_name": labels.coded("level", row.level, reference),
        "carrier": labels.carrier(row.carrier_code, reference),
        "issue": labels.issue(row.issue_code, row.issue_detail_code, reference),
        "handling_bureau": bureau(row.handling_bureau, reference),
        "supervising_bureau": bureau(row.supervising_bureau, reference),
        "copied_to": [name for code in row.copied_to if (name := bureau(code, reference)) is not None],
    }


def _views(view: type[ViewT], rows: Iterable[object]) -> list[ViewT]:
    """Return rows of another table, without the keys that the view has not."""
    return [view.model_validate(row) for row in rows]


async def _matter(connection: AsyncConnection, row: CaseRow, ring: KeyRing, *, sees_persons: bool) -> Matter:
    """Return the sealed record: persons and item masked, the complaint and the request in the user's words.

    The persons of a confidential case are shown to supervisors only, and masked.
    """
    content = await parties.read(connection, row, ring)
    place, waybill = content.get("dispute_address"), content.get("waybill")
    return Matter(
        persons=MaskedPersons.model_validate(masked(content) if sees_persons else {}),
        waybill=masking.waybill(waybill) if waybill else None,
        cause=content.get("cause"),
        request=content.get("request"),
        enterprise_complaint=content.get("enterprise_complaint"),
        dispute_address=masking.address(place) if place else None,
    )


def _event(event: StoredEvent, ring: KeyRing) -> CaseEvent:
    return CaseEvent(
        seq=event.seq,
        kind=EventKind(event.kind),
        actor=event.actor,
        by=event.by,
        at=event.at,
        data={} if event.kind in _DECISIONS else dict(event.data),
        texts=events.read_words(event.sealed, ring, complaint_id=event.complaint_id, seq=event.seq),
    )


def _admission(
    events_of_case: Sequence[StoredEvent], row: CaseRow, rendering: Rendering
) -> ExplainedAdmission | None:
    return decision_explained.admission_of(events_of_case, rendering, accepted=row.accepted_at is not None)


async def _reviews(connection: AsyncConnection, row: CaseRow) -> Sequence[object]:
    statement = (
        select(finding_review)
        .where(finding_review.c.bucket == row.bucket, finding_review.c.complaint_id == row.id)
        .order_by(finding_review.c.seq)
    )
    return (await connection.execute(statement)).all()


async def _orders(connection: AsyncConnection, row: CaseRow) -> Sequence[OrderRow]:
    """Return the hotline's orders that follow the case; no statement where none does."""
    if not row.hotline_orders:
        return ()
    statement = order_row.SELECT.where(
        hotline_order.c.case_id == row.id, hotline_order.c.case_bucket == row.bucket
    ).order_by(hotline_order.c.received_at, hotline_order.c.order_no)
    return [OrderRow(*order) for order in await connection.execute(statement)]


async def _merged(connection: AsyncConnection, row: CaseRow, survivor: StatusRow | None) -> MergeLinks:
    """Return the number of the case that goes on for this one, and those that were merged into this one."""
    statement = select(complaint.c.number).where(complaint.c.merged_into == row.id)
    children = (await connection.execute(statement.order_by(complaint.c.received_at))).scalars().all()
    return MergeLinks(into=survivor.number if survivor is not None else None, children=list(children))
