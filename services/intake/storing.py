"""The rows of new cases: live ones that wait for the worker, those that were decided at once, history with its outcome."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import events, opening, stored_deadlines
from services.intake import waybills
from services.intake.at_once import Decided
from services.intake.party_row import PartyRow
from services.intake.preparation import Prepared
from services.intake.receipts import Numbered
from services.tasks import queue
from shared import bulk
from shared.models import cases as tables
from shared.vocabulary import CaseScope

_PARTY = bulk.into(tables.complaint_party, tuple(PartyRow.__annotations__))


def _is_historical(filing: Prepared) -> bool:
    return filing.complaint["scope"] is CaseScope.IMPORT


def work_left(filing: Prepared) -> str | None:
    """Return the kind of work that a filing leaves to the worker on the regular path: to route it, or none."""
    return None if _is_historical(filing) else queue.ROUTE


async def store(connection: AsyncConnection, fresh: Sequence[Numbered]) -> None:
    """Store filings whose request keys are free: live ones with a task each, history with its outcome."""
    historical = [filing for filing in fresh if _is_historical(filing.prepared)]
    if historical:
        await _insert(connection, historical, opening.with_outcome)
    live = [filing for filing in fresh if not _is_historical(filing.prepared)]
    if live:
        tasks = [
            queue.row(filing.prepared.bucket, queue.ROUTE, filing.prepared.complaint_id) for filing in live
        ]
        guard = waybills.claims([filing.prepared for filing in live], unless_there=True)
        await _insert(connection, live, opening.received, queue.additions(tasks), guard)


async def _insert(
    connection: AsyncConnection,
    filings: Sequence[Numbered],
    case_insert: opening.CaseInsert,
    *also: bulk.Part,
) -> None:
    prepared = [filing.prepared for filing in filings]
    deadlines = [stored_deadlines.opening(row) for filing in prepared for row in filing.deadlines]
    await bulk.run_together(
        connection,
        [
            case_insert([{**filing.prepared.complaint, "number": filing.number} for filing in filings]),
            stored_deadlines.additions(deadlines),
            *_beside(prepared, (day for filing in prepared for day in filing.days)),
            *also,
        ],
    )


def parts_of_decided(prepared: Sequence[Prepared], decided: Decided) -> list[bulk.Part]:
    """Return all inserts of filings that were decided at once, but for their request keys and messages."""
    cases = decided.cases.values()
    days = {day for filing in prepared for day in filing.days}.union(*(case.days for case in cases))
    return bulk.grouped(
        [
            opening.decided([case.row for case in cases]),
            stored_deadlines.additions([row for case in cases for row in case.deadlines]),
            *_beside(prepared, days),
            *decided.parts,
        ]
    )


def _beside(prepared: Sequence[Prepared], days: Iterable[date]) -> list[bulk.Part]:
    """Return what every way inserts beside the case: first event, sealed party, marks of days, what a filing brings."""
    return [
        events.additions(filing.opened for filing in prepared),
        (_PARTY, [filing.party for filing in prepared]),
        events.marks(days),
        *bulk.grouped([(insert, [row]) for filing in prepared for insert, row in filing.also]),
    ]
