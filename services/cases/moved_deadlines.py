"""What moves running deadlines of cases: a calendar that grew, another bureau, pauses, an undone merge.

How they start and end with the moves of their case stands in `services.cases.stored_deadlines`.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import stored_deadlines, work_orders
from services.cases.case_row import CaseKey, CaseRow
from services.cases.stored_deadlines import FIXED, Deadline
from services.reference.data import ReferenceData
from services.rules.deadlines import reminders, schedule
from services.rules.deadlines.counting import OFFICE_HOUR
from shared import bulk, serialisation
from shared.errors import ConflictError
from shared.models.deadlines import case_deadline
from shared.vocabulary import DeadlineKind, PauseBasis


class NotMovableHereError(ConflictError):
    """The deadline was set by the hotline, which alone moves it."""

    code = "deadline-not-movable"
    title = "The deadline cannot be moved like this"


def _columns(deadline: Deadline, reference: ReferenceData, bureau: str | None) -> dict[str, object]:
    count, steps = stored_deadlines.counted(deadline, reference, bureau)
    return {
        "bucket": deadline.bucket,
        "complaint_id": deadline.complaint_id,
        "key": deadline.key,
        "round": deadline.round,
        "due_at": count.due_at,
        "provisional": count.provisional,
        "calendar_version": reference.calendar.version,
        "next_check_at": reminders.next_check(steps, deadline.last_step),
        "pauses": serialisation.to_text(deadline.pauses),
    }


_RECALCULATED = bulk.update(
    case_deadline,
    ("bucket", "complaint_id", "key", "round"),
    ("due_at", "provisional", "calendar_version", "next_check_at", "pauses"),
    "case_deadline.stopped_at IS NULL",
    (),
    # what is recalculated runs
    ("paused_at = NULL",),
)


async def recalculate(
    connection: AsyncConnection,
    deadlines: Iterable[Deadline],
    reference: ReferenceData,
    bureaus: Mapping[uuid.UUID, str | None],
) -> int:
    """Recalculate running deadlines: the calendar grew, or a bureau with other hours took the case. Returns how many.

    Only what rests on unknown days or on a bureau's hours moves: of all others the moment that was stored holds.
    """
    movable = [
        deadline
        for deadline in deadlines
        if deadline.paused_at is None
        and deadline.unit != FIXED
        and (deadline.provisional or deadline.unit == OFFICE_HOUR)
    ]
    rows = [_columns(deadline, reference, bureaus.get(deadline.complaint_id)) for deadline in movable]
    of_orders = [deadline for deadline in movable if deadline.key is DeadlineKind.HOTLINE_ANSWER]
    await work_orders.recalculate_due(
        connection,
        [
            (deadline, stored_deadlines.counted(deadline, reference, bureaus.get(deadline.complaint_id)))
            for deadline in of_orders
        ],
    )
    return await _RECALCULATED.run(connection, rows)


_PAUSE = """
    UPDATE case_deadline SET paused_at = $4, due_at = NULL, next_check_at = NULL,
        pauses = pauses || jsonb_build_array(jsonb_build_array($4::timestamptz, NULL, $5::text))
    WHERE bucket = $1 AND complaint_id = $2 AND key = $3 AND stopped_at IS NULL AND paused_at IS NULL AND due_at > $4
"""


async def pause(
    connection: AsyncConnection, case: CaseKey, key: DeadlineKind, basis: PauseBasis, at: datetime
) -> bool:
    """Let a deadline pause from a moment on; returns whether it ran. One that has run out is late, and stays so.

    The statutory total is never paused. Raises NotMovableHereError for a deadline of the hotline.
    """
    if key in schedule.UNMOVABLE:
        return False
    if key in schedule.OF_HOTLINE:
        raise NotMovableHereError(f"The deadline {key} was set by the hotline: ask it for more time.")
    values = (case.bucket, case.id, key, at, basis)
    return bool((await connection.exec_driver_sql(_PAUSE, values)).rowcount)


_REVIVE = """
    UPDATE case_deadline SET stopped_at = NULL, outcome = NULL,
        next_check_at = CASE WHEN paused_at IS NULL THEN $4::timestamptz END
    WHERE bucket = $1 AND complaint_id = $2 AND stopped_at >= $3
"""


async def revive(connection: AsyncConnection, case: CaseRow) -> None:
    """Let the deadlines that a merge ended run on as if they had never stopped: the user's time ran on."""
    await connection.exec_driver_sql(_REVIVE, (case.bucket, case.id, case.status_since, case.moment))


async def resume(
    connection: AsyncConnection,
    deadline: Deadline,
    reference: ReferenceData,
    bureau: str | None,
    at: datetime,
) -> None:
    """Let a deadline that is paused run on; the time between does not count."""
    *earlier, (start, _, basis) = deadline.pauses
    # the moment that the orders set did not move meanwhile
    due_at = await work_orders.nearest_due(connection, deadline) if deadline.unit == FIXED else None
    ended = replace(
        deadline, paused_at=None, due_at=due_at, pauses=[*earlier, (start, at.isoformat(), basis)]
    )
    await _RECALCULATED.run(connection, [_columns(ended, reference, bureau)])
