"""A merge is a pointer that later input follows, and that can be undone.

The merged case keeps its number and every channel its receipt; the figures count the one that goes on. Hotline orders
follow with their case. 66号文: 重复诉求原则上并单处理 [V2].
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import level_change, merges, stored_deadlines, waiting_orders, work_orders
from services.cases.case_row import CaseRow
from services.cases.case_update import CaseUpdate
from services.cases.changes import CaseChange, NewEvent
from services.cases.level_change import Levelled
from services.cases.waiting_orders import Settled
from services.cases.words import Words
from services.reference.data import ReferenceData
from services.rules.states.table import Move
from services.rules.states.verbs import Actor
from shared import bulk
from shared.errors import ConflictError
from shared.event_kinds import EventKind
from shared.models.cases import complaint
from shared.models.merging import duplicate_candidate
from shared.models.work_orders import hotline_order
from shared.vocabulary import ENDED, Level, Status

PROPOSED, MERGED, DISMISSED = "PROPOSED", "MERGED", "DISMISSED"
NO_DEADLINES = Settled((), ())


class MergeError(ConflictError):
    """The two cases cannot be handled as one."""

    code = "cannot-merge"
    title = "These cases cannot be merged"


def check_mergeable(child: CaseRow, parent: CaseRow) -> None:
    """Raise MergeError where one case cannot be handled with the other."""
    if parent.id == child.id:
        raise MergeError("A case is not merged into itself; name another one in `into`.")
    if Status(parent.status) in ENDED:
        raise MergeError(f"Case {parent.number} is {parent.status}; merge into one that is worked.")
    if parent.carrier_code != child.carrier_code and parent.carrier_code and child.carrier_code:
        raise MergeError("The cases concern different enterprises; each is handled for itself.")
    if parent.total_due_at > child.total_due_at:
        # the statute counts from the first receipt: the one that goes on is the one that ends first (邮政法 art. 65)
        raise MergeError(f"Case {child.number} has to be answered first; merge {parent.number} into it.")
    if child.recovered_fen:
        raise MergeError(
            "Money is entered for this case; reverse it by `reverse-remedy`, and enter it for the one that goes on."
        )


async def merged(
    connection: AsyncConnection,
    child: CaseRow,
    parent: CaseRow,
    *,
    move: Move,
    actor: Actor,
    by: str,
    words: Words | None,
    reference: ReferenceData,
) -> list[CaseChange]:
    """Return what a merge changes of both cases, and let the hotline's orders follow, with their deadlines.

    The one that goes on is worked as the more urgent of the two was, and as confidentially.
    """
    moved = await _follow(connection, child, parent)
    deadlines = (
        (await waiting_orders.settled(connection, [parent], reference))[parent.id] if moved else NO_DEADLINES
    )
    into: CaseUpdate = {
        "merged_into_bucket": parent.bucket,
        "merged_into": parent.id,
        "merged_from": child.status,
        "hotline_orders": 0,
    }
    data = {"into": parent.number, "from_status": child.status} | ({"orders": moved} if moved else {})
    merged_event = NewEvent(EventKind.MERGED, data, words)
    took_over = NewEvent(EventKind.TOOK_OVER, {"case": child.number, "channel": child.channel})
    columns: CaseUpdate = {"hotline_orders": parent.hotline_orders + len(moved)}
    columns |= _care(child, parent)
    new_events, stops, starts = [took_over], [*deadlines.stops], [*deadlines.starts]
    raised = await _raised(connection, child, parent, reference)
    if raised is not None:
        new_events.append(raised.event)
        columns |= raised.columns
        stops += raised.targets[0]
        starts += raised.targets[1]
    return [
        CaseChange(case=child, actor=actor, by=by, new_events=[merged_event], move=move, columns=into),
        CaseChange(
            case=parent,
            actor=actor,
            by=by,
            new_events=new_events,
            columns=columns,
            stops=stops,
            starts=starts,
        ),
    ]


def _care(child: CaseRow, parent: CaseRow) -> CaseUpdate:
    """Return what the one that goes on takes over of the care that the other was owed."""
    columns: CaseUpdate = {}
    if child.confidential and not parent.confidential:
        columns["confidential"] = True
    if flags := set(child.urgency) - set(parent.urgency):
        columns["urgency"] = bulk.array_literal(sorted({*parent.urgency, *flags}))
    return columns


async def _raised(
    connection: AsyncConnection, child: CaseRow, parent: CaseRow, reference: ReferenceData
) -> Levelled | None:
    """Return what becomes of the one that goes on where the other had a higher level."""
    after = Level(child.level)
    if after <= Level(parent.level):
        return None
    deadlines = await stored_deadlines.of_case(connection, parent.bucket, parent.id)
    return level_change.changed(
        parent, after, deadlines, reference, {"reason_code": MERGED, "case": child.number}
    )


async def _follow(connection: AsyncConnection, child: CaseRow, parent: CaseRow) -> list[str]:
    """Let the hotline's orders of a case follow it to another; returns their names."""
    statement = (
        update(hotline_order)
        .where(hotline_order.c.case_id == child.id, hotline_order.c.case_bucket == child.bucket)
        .values(case_id=parent.id, case_bucket=parent.bucket)
        .returning(hotline_order.c.region, hotline_order.c.order_no)
    )
    return _names(await connection.execute(statement))


def _names(rows: Iterable[Any]) -> list[str]:
    return sorted(work_orders.named(row.region, row.order_no) for row in rows)


_RESTORE = f"""
    WITH RECURSIVE {merges.MERGED_BELOW}
    UPDATE hotline_order o SET case_bucket = $1, case_id = $2
    FROM merged_below b WHERE o.complaint_id = b.id AND o.complaint_bucket = b.bucket
    RETURNING o.region, o.order_no
"""  # noqa: S608 - our own statement


async def restore_orders(connection: AsyncConnection, child: CaseRow) -> list[str]:
    """Let the orders that came with a case, or with others merged into it, follow it again; returns their names."""
    return _names(await connection.exec_driver_sql(_RESTORE, (child.bucket, child.id)))


async def decide_candidate(
    connection: AsyncConnection, case: CaseRow, other: CaseRow, state: str, by: str
) -> bool:
    """Record what became of a proposal between two cases, whichever was proposed to which; returns if there was one."""
    pair = duplicate_candidate.c
    statement = (
        update(duplicate_candidate)
        .where(
            pair.state == PROPOSED,
            ((pair.complaint_id == bindparam("first")) & (pair.other_id == bindparam("second")))
            | ((pair.complaint_id == bindparam("second")) & (pair.other_id == bindparam("first"))),
        )
        .values(state=state, by=by)
    )
    result = await connection.execute(statement, {"first": case.id, "second": other.id})
    return result.rowcount > 0


class ProposedDuplicate(NamedTuple):
    """A case that is, or was, proposed as a duplicate, with the evidence for it."""

    number: str
    status: str
    channel: str
    received_at: datetime
    evidence: list[str]
    state: str


async def proposals(connection: AsyncConnection, case: CaseRow) -> list[ProposedDuplicate]:
    """Return the cases that are, or were, proposed as duplicates of one, with their evidence."""
    pair = duplicate_candidate.c
    mine = (
        select(pair.other_bucket.label("bucket"), pair.other_id.label("id"), pair.evidence, pair.state)
        .where(pair.bucket == case.bucket, pair.complaint_id == case.id)
        .union_all(
            select(pair.bucket, pair.complaint_id, pair.evidence, pair.state).where(pair.other_id == case.id)
        )
    ).subquery()
    statement = select(
        complaint.c.number,
        complaint.c.status,
        complaint.c.channel,
        complaint.c.received_at,
        mine.c.evidence,
        mine.c.state,
    ).join(mine, (complaint.c.bucket == mine.c.bucket) & (complaint.c.id == mine.c.id))
    return [ProposedDuplicate._make(row) for row in await connection.execute(statement)]
