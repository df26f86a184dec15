"""The limits of a case, each explained: since when, by which rule and whose, what counts, and which days do not."""

from datetime import datetime
from typing import Any

from services.cases import lookup, stored_deadlines
from services.cases.lookup import Visibility
from services.cases.stored_deadlines import FIXED, Deadline
from services.reference.data import ReferenceData
from services.rules.deadlines import schedule
from shared import clock
from shared.clock import in_civil_time
from shared.database import Database

Json = dict[str, Any]
COUNTING = (
    "Whole days of Asia/Shanghai, the start day not counted; a limit ends at 24:00 of its last day, so the moment shown "
    "is the first at which it has run out (民法典 arts 201, 203). Office hours are those of the handling bureau."
)


async def explain(db: Database, number: str, *, scope: Visibility, reference: ReferenceData) -> Json:
    """Return every limit that ever ran for a case, oldest first. Raises NotFoundError for a case out of scope."""
    async with db.transaction() as connection:
        row = await lookup.find(connection, number, scope)
        limits = await stored_deadlines.of_case(connection, row.bucket, row.id, every=True)
    return {
        "number": number,
        "status": row.status,
        "at": in_civil_time(row.moment),
        "next_due_at": in_civil_time(row.next_due_at),
        "counting": COUNTING,
        "deadlines": [explained(limit, reference, row.handling_bureau) for limit in limits],
    }


def explained(limit: Deadline, reference: ReferenceData, bureau: str | None) -> Json:
    """Return one limit in full; one that stands still has no due moment, and counts nothing yet."""
    entry = reference.codes.get("deadline", {}).get(limit.key.upper())
    told: Json = {
        "key": limit.key,
        "name": entry.name_zh if entry else limit.key,
        "round": limit.round,
        "state": _state(limit),
        "rule": limit.rule,
        "amount": limit.amount,
        "unit": limit.unit,
        "source": _source(limit, reference),
        "deadline_rules": limit.deadline_version,
        "calendar": limit.calendar_version,
        "movable": limit.key not in schedule.UNMOVABLE | schedule.OF_HOTLINE,
        "started_at": in_civil_time(limit.started_at),
        "due_at": in_civil_time(limit.due_at),
        "provisional": limit.provisional,
        "stopped_at": in_civil_time(limit.stopped_at),
        "pauses": [
            {"from": _moment(start), "to": _moment(end), "basis": basis} for start, end, basis in limit.pauses
        ],
    }
    if limit.paused_at is not None or limit.due_at is None:
        return told
    count = stored_deadlines.counted(limit, reference, bureau).counted
    steps = stored_deadlines.steps_of(limit, reference, bureau)
    return told | {
        "counted": [{"from": one.start, "to": one.end} for one in count.intervals],
        "skipped": [{"day": one.day, "because": one.why} for one in count.skipped],
        "reminders": [{"step": one.step, "at": in_civil_time(one.at)} for one in steps],
    }


def _moment(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written).astimezone(clock.SHANGHAI)


def _state(limit: Deadline) -> str:
    if limit.outcome is not None:
        return limit.outcome
    if limit.paused_at is not None:
        return "PAUSED"
    return "OVERDUE" if limit.is_due else "RUNNING"


def _source(limit: Deadline, reference: ReferenceData) -> str:
    if limit.unit == FIXED:
        return "given with the order by the hotline"
    rules = reference.deadlines_by_version.get(limit.deadline_version)
    if rules is not None and limit.rule in rules.sources:
        return rules.sources[limit.rule]
    region, _, kind = limit.rule.partition("/")
    found = reference.hotline_deadlines.get((region, kind))
    return found.source if found is not None else "a rule that is no longer loaded"
