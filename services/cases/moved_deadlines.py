"""What moves running deadlines of cases: a calendar that grew, another bureau, pauses, an undone merge.

How they start and end with the moves of their case stands in `services.cases.stored_deadlines`.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

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
    """The limit was set by the hotline, which alone moves it."""

    code = "deadline-not-movable"
    title = "The limit cannot be moved like this"


def _columns(limit: Deadline, reference: ReferenceData, bureau: str | None) -> dict[str, Any]:
    count, steps = stored_deadlines.counted(limit, reference, bureau)
    return {
        "bucket": limit.bucket,
        "complaint_id": limit.complaint_id,
        "key": limit.key,
        "round": limit.round,
        "due_at": count.due_at,
        "provisional": count.provisional,
        "calendar_version": reference.calendar.version,
        "next_check_at": reminders.next_check(steps, limit.last_step),
        "pauses": serialisation.to_text(limit.pauses),
    }


_RECALCULATED = bulk.update(
    case_deadline,
    ("bucket", "complaint_id", "key", "round"),
    ("due_at", "provisional", "calendar_version", "next_check_at", "pauses"),
    "case_deadline.stopped_at IS NULL",
    (),
    # what is reckoned runs
    ("paused_at = NULL",),
)


async def recalculate(
    connection: AsyncConnection,
    limits: Iterable[Deadline],
    reference: ReferenceData,
    bureaus: Mapping[uuid.UUID, str | None],
) -> int:
    """Reckon running limits anew: the calendar grew, or a bureau with other hours took the case. Returns how many.

    Only what rests on unknown days or on a bureau's hours moves: of all others the moment that was stored holds.
    """
    ours = [
        one
        for one in limits
        if one.paused_at is None and one.unit != FIXED and (one.provisional or one.unit == OFFICE_HOUR)
    ]
    rows = [_columns(one, reference, bureaus.get(one.complaint_id)) for one in ours]
    of_orders = [one for one in ours if one.key is DeadlineKind.HOTLINE_ANSWER]
    await work_orders.recalculate_due(
        connection,
        [(one, stored_deadlines.counted(one, reference, bureaus.get(one.complaint_id))) for one in of_orders],
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
    """Let a limit stand still from a moment on; returns whether it ran. One that has run out is late, and stays so.

    The statutory total never stands still. Raises NotMovableHereError for a limit of the hotline.
    """
    if key in schedule.UNMOVABLE:
        return False
    if key in schedule.OF_HOTLINE:
        raise NotMovableHereError(f"The limit {key} was set by the hotline: ask it for more time.")
    values = (case.bucket, case.id, key, at, basis)
    return bool((await connection.exec_driver_sql(_PAUSE, values)).rowcount)


_REVIVE = """
    UPDATE case_deadline SET stopped_at = NULL, outcome = NULL,
        next_check_at = CASE WHEN paused_at IS NULL THEN clock_timestamp() END
    WHERE bucket = $1 AND complaint_id = $2 AND stopped_at >= $3
"""


async def revive(connection: AsyncConnection, case: CaseRow) -> None:
    """Let the limits that a merge ended run on as if they had never stopped: the user's time did not stand still."""
    await connection.exec_driver_sql(_REVIVE, (case.bucket, case.id, case.status_since))


async def resume(
    connection: AsyncConnection, limit: Deadline, reference: ReferenceData, bureau: str | None, at: datetime
) -> None:
    """Let a limit that stands still run on; the time between does not count."""
    *earlier, (start, _, basis) = limit.pauses
    # the moment that was given did not move meanwhile
    due_at = await work_orders.nearest_due(connection, limit) if limit.unit == FIXED else None
    ended = replace(limit, paused_at=None, due_at=due_at, pauses=[*earlier, (start, at.isoformat(), basis)])
    await _RECALCULATED.run(connection, [_columns(ended, reference, bureau)])
