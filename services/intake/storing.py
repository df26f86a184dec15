"""Stores new cases: what waits for the worker with a task, what was decided at once whole, history with its outcome."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import events, opening, outbox, stored_deadlines
from services.delivery.dispatch import DELIVER
from services.intake.at_once import Decided
from services.intake.preparation import Prepared
from services.intake.receipts import Numbered
from services.tasks import queue
from shared import bulk
from shared.models import cases as tables
from shared.vocabulary import CaseScope

_PARTY = bulk.into(
    tables.complaint_party,
    ("bucket", "complaint_id", "sealed", "phone_index", "identity_index", "waybill_index"),
)


def work_left(filing: Prepared, decided: Decided) -> str | None:
    """Return the kind of work that a stored filing leaves to the worker: to route it, to deliver its messages, or none."""
    case = decided.cases.get(filing.complaint_id)
    if case is not None:
        return DELIVER if case.messages else None
    return None if _is_historical(filing) else queue.ROUTE


def _is_historical(filing: Prepared) -> bool:
    return bool(filing.complaint["scope"] == CaseScope.IMPORT)


async def store(connection: AsyncConnection, fresh: Sequence[Numbered], decided: Decided) -> None:
    """Store filings whose request keys are free: one statement for each way on which they are."""
    historical = [filing for filing in fresh if _is_historical(filing.prepared)]
    waiting = [
        filing
        for filing in fresh
        if filing.prepared.complaint_id not in decided.cases and not _is_historical(filing.prepared)
    ]
    if historical:
        await _insert(connection, historical, opening.with_outcome)
    if waiting:
        tasks = [
            queue.row(filing.prepared.bucket, queue.ROUTE, filing.prepared.complaint_id) for filing in waiting
        ]
        await _insert(connection, waiting, opening.received, queue.additions(tasks))
    if decided.cases:
        await _insert_decided(connection, fresh, decided)


async def _insert(
    connection: AsyncConnection,
    filings: Sequence[Numbered],
    case_insert: opening.CaseInsert,
    *also: bulk.Part,
) -> None:
    prepared = [filing.prepared for filing in filings]
    await bulk.run_together(
        connection,
        [
            case_insert([filing.prepared.complaint | {"number": filing.number} for filing in filings]),
            stored_deadlines.additions(
                [stored_deadlines.opening(row) for filing in prepared for row in filing.clocks]
            ),
            *_beside(prepared, (day for filing in prepared for day in filing.days)),
            *also,
        ],
    )


async def _insert_decided(connection: AsyncConnection, fresh: Sequence[Numbered], decided: Decided) -> None:
    cases = decided.cases
    prepared = [filing.prepared for filing in fresh if filing.prepared.complaint_id in cases]
    days = {day for filing in prepared for day in filing.days}
    days.update(day for case in cases.values() for day in case.days)
    await bulk.run_together(
        connection,
        bulk.grouped(
            [
                opening.decided([case.row for case in cases.values()]),
                stored_deadlines.additions([row for case in cases.values() for row in case.deadlines]),
                *_beside(prepared, days),
                *decided.parts,
            ]
        ),
    )
    await outbox.publish(connection, [entry for case in cases.values() for entry in case.messages])


def _beside(prepared: Sequence[Prepared], days: Iterable[date]) -> list[bulk.Part]:
    """Return what every way inserts beside the case: first event, sealed party, marks of days, what a filing brings."""
    return [
        events.additions(filing.opened for filing in prepared),
        (_PARTY, [filing.party for filing in prepared]),
        events.marks(days),
        *bulk.grouped([(insert, [row]) for filing in prepared for insert, row in filing.also]),
    ]
