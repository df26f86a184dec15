"""Routes a batch of cases: reads their facts, decides by pure rules, writes with one statement per table."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from prometheus_client import Counter
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from services import cases
from services.cases import Event
from services.reference.book import Book
from services.routing import alarms, decision, gathering
from services.routing.decision import Routed
from services.routing.gathering import Gathered
from services.rules import workflow
from services.rules.workflow import Actor
from services.tasks import queue
from services.tasks.queue import ROUTE, Lease, Task
from shared import bulk, clock, database
from shared.database import Database
from shared.errors import ShensuError
from shared.vocabulary import Level, Status

ROUTED = Counter("shensu_cases_routed", "Cases routed", ["rule"])
FAULTS_OF_ONE = (
    SQLAlchemyError, ShensuError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RuntimeError,
    AssertionError,
)  # fmt: skip
TASKS_FAILED = Counter("shensu_tasks_failed", "Tasks given back after a failure", ["kind", "state"])
log = structlog.get_logger()


async def route_batch(db: Database, book: Book, *, size: int, lease: timedelta) -> int:
    """Route up to `size` waiting cases; returns how many tasks were taken. Zero: nothing is due.

    A case whose routing fails is found by halving the batch, given back to be tried later, and harms no other.
    Raises what the driver raises when the database is away; the lease then runs out and the cases are taken again.
    """
    held = await queue.claim(db, ROUTE, size=size, lease=lease)
    if held.tasks:
        try:
            await _route(db, book, held, held.tasks)
        except asyncio.CancelledError:
            await queue.give_back(db, held)
            raise
    return len(held.tasks)


async def _route(db: Database, book: Book, held: Lease, tasks: Sequence[Task]) -> None:
    try:
        await _route_together(db, book, held, tasks)
    except FAULTS_OF_ONE as error:
        if database.is_transient(error):
            raise
        if len(tasks) > 1:
            middle = len(tasks) // 2
            await _route(db, book, held, tasks[:middle])
            await _route(db, book, held, tasks[middle:])
            return
        state = await queue.fail(db, held.token, tasks[0], type(error).__name__)
        TASKS_FAILED.labels(ROUTE, state).inc()
        log.exception("routing_failed", task=str(tasks[0].id), state=state)


async def _route_together(db: Database, book: Book, held: Lease, tasks: Sequence[Task]) -> None:
    moment = clock.now()
    async with db.transaction() as connection:
        ours = await queue.finish(connection, held.token, tasks)
        gathered = await gathering.gather(connection, [task for task in tasks if task.id in ours], book)
        decided = [(one, decision.decide(one.facts, book, live=True)) for one in gathered]
        await _write(connection, decided, book, moment)
    for one, routed in decided:
        _tell(one, routed)


async def _write(
    connection: AsyncConnection, decided: Sequence[tuple[Gathered, Routed]], book: Book, moment: datetime
) -> None:
    assignments: list[dict[str, Any]] = []
    events: list[Event] = []
    for one, routed in decided:
        its_events = _events(one, routed, book)
        events += its_events
        assignments.append(_assignment(one, routed, book, moment, version=its_events[-1].seq))
    await cases.assign_many(connection, assignments)
    await cases.record(connection, events, days={day for one, _ in decided for day in _days(one, moment)})


def _is_admitted(routed: Routed, book: Book) -> bool:
    """Tell whether the worker takes the case up: every check passed, and the bureau lets it (its policy)."""
    return routed.admits and book.jurisdictions.bureaus[routed.jurisdiction.handling].auto_admit


def _events(one: Gathered, routed: Routed, book: Book) -> list[Event]:
    seq = one.row.version + 1
    bucket, complaint_id = one.row.bucket, one.row.id
    record = decision.as_record(one.facts, routed, book)
    events = [Event(bucket, complaint_id, seq, "ROUTED", Actor.WORKER, record)]
    if routed.admission is None:
        return events
    if _is_admitted(routed, book):
        events.append(
            Event(bucket, complaint_id, seq + 1, "ACCEPTED", Actor.WORKER, {"ready_to_forward": True})
        )
    else:
        data = {
            "proposed_ground": routed.admission.proposed_ground,
            "place_uncertain": routed.jurisdiction.triage,
            "bureau": routed.jurisdiction.handling,
        }
        events.append(Event(bucket, complaint_id, seq + 1, "WAITS_FOR_OFFICER", Actor.WORKER, data))
    return events


def _assignment(
    one: Gathered, routed: Routed, book: Book, moment: datetime, *, version: int
) -> dict[str, Any]:
    admitted = _is_admitted(routed, book)
    status = Status(one.row.status)
    if admitted:
        status = workflow.check_move(status, Status.ACCEPTED, Actor.WORKER).target
    declared = Level(one.row.level)
    return {
        "bucket": one.row.bucket,
        "id": one.row.id,
        "read_version": one.row.version,
        "version": version,
        "status": status,
        # a level only ever rises by itself
        "level": max(declared, routed.level.level) if routed.level is not None else declared,
        "handling_bureau": routed.jurisdiction.handling,
        "supervising_bureau": routed.jurisdiction.supervising,
        "province": routed.jurisdiction.province,
        "ready_to_forward": admitted,
        "triage": routed.jurisdiction.triage,
        "copied_to": bulk.array_literal(routed.copied_to),
        "routed_at": moment,
        "accepted_at": moment if admitted else None,
    }


def _days(one: Gathered, moment: datetime) -> set[date]:
    # province and level are dimensions of every day on which the case counts
    return {clock.civil_day(one.row.received_at), clock.civil_day(moment)}


def _tell(one: Gathered, routed: Routed) -> None:
    ROUTED.labels(routed.jurisdiction.rule).inc()
    alarms.tell(routed.jurisdiction, one.row.number)
