"""The only writer of a status and of what goes with it.

A use case says what is to change (`CaseChange`); what follows from it is a list of consequences
(`services.cases.effects`); `apply` writes both, for any number of cases, with a fixed number of statements.
Every change of status has passed `services.cases.moves.check`.
"""

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import events, next_due, outbox, planning, stored_deadlines, work_orders
from services.cases.changes import CaseChange, WorkerContext
from services.cases.events import StaleCaseError
from services.cases.planned_case import PlannedCase
from services.cases.planning import NextChange
from services.cases.stored_deadlines import Start, Stop
from shared import bulk
from shared.bulk import BulkUpdate
from shared.models import cases as tables


async def apply(
    connection: AsyncConnection,
    changes: Sequence[CaseChange],
    context: WorkerContext,
    *,
    also: Sequence[bulk.Part] = (),
    next_change: NextChange | None = None,
) -> Sequence[CaseChange]:
    """Write changes of cases that are still as they were read; `also` is inserted by the same statement as the events.

    What `next_change` lets follow a change at once is written with it; those changes are returned.

    Raises StaleCaseError if one of them was changed meanwhile; then nothing of the transaction may be kept.
    """
    if not changes:
        return ()
    orders = await work_orders.following(
        connection, [change.case for change in changes if _has_orders(change)]
    )
    cases, parts, followed = planning.plan(changes, context, orders, next_change)
    await stored_deadlines.change(connection, _stops(cases), _starts(cases))
    await _update(connection, cases)
    marks = events.marks(day for planned in cases for day in planned.days)
    await bulk.run_together(connection, [*parts, marks, *also])
    await outbox.publish(connection, [entry for planned in cases for entry in planned.messages])
    await work_orders.write(connection, [planned.order_stamp for planned in cases if planned.order_stamp])
    return followed


def _has_orders(change: CaseChange) -> bool:
    return bool(change.case.hotline_orders or change.columns.get("hotline_orders"))


def _stops(cases: Sequence[PlannedCase]) -> list[Stop]:
    return [
        Stop(planned.case.bucket, planned.case.id, key, outcome, planned.case.moment)
        for planned in cases
        for key, outcome in planned.outcomes.items()
    ]


def _starts(cases: Sequence[PlannedCase]) -> list[Start]:
    return [
        Start(planned.case.bucket, planned.case.id, started)
        for planned in cases
        for started in planned.starts
    ]


async def _update(connection: AsyncConnection, cases: Sequence[PlannedCase]) -> None:
    """Write the columns of all cases: one statement for each set of columns, and a worker's batch has one or two."""
    groups: dict[BulkUpdate, list[dict[str, object]]] = {}
    for planned in cases:
        case = planned.case
        row: dict[str, object] = {
            "bucket": case.bucket,
            "id": case.id,
            "read_version": case.version,
            "version": case.version + len(planned.new_events),
            **planned.columns,
        }
        names = tuple(sorted({"version", *planned.columns}))
        groups.setdefault(_statement(names, nearest=not planned.keeps_deadlines), []).append(row)
    for statement, rows in groups.items():
        if await statement.run(connection, rows) != len(rows):
            raise StaleCaseError("The case was changed by somebody else meanwhile; read it again.")


@lru_cache(maxsize=128)
def _statement(columns: tuple[str, ...], *, nearest: bool) -> BulkUpdate:
    return bulk.update(
        tables.complaint,
        ("bucket", "id"),
        columns,
        "complaint.version = u.read_version",
        (("read_version", "integer"),),
        (next_due.NEAREST,) if nearest else (),
    )
