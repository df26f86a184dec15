"""Verbs on repeated demands: merge a case, undo a merge, dismiss a proposed duplicate."""

from services.cases import lookup, merges, moved_deadlines, waiting_orders
from services.cases.case_update import CaseUpdate
from services.cases.changes import CaseChange, NewEvent
from services.casework import forms
from services.casework.steps import StepContext, StepResult, change, checked_move
from services.merging import merge as merging
from services.merging.merge import DISMISSED, MERGED, NO_DEADLINES, MergeError
from services.rules.states.facts import MergeFacts, UnmergeFacts
from shared.event_kinds import EventKind
from shared.vocabulary import ENDED, Status


async def merge(step: StepContext, form: forms.Merge) -> StepResult:
    """Merge this case into another one that the bureau may see; whatever comes for this one then goes to that one."""
    parent = await lookup.find(step.connection, form.into, lookup.of_bureau(step.desk.bureau))
    parent = await merges.follow(step.connection, parent)
    has_reason = bool(form.reason and form.reason.strip())
    move = checked_move(step, MergeFacts(has_reason=has_reason, duplicate_evident=False))
    parent = await lookup.by_id(step.connection, parent.bucket, parent.id, lock=True)
    merging.check_mergeable(step.case, parent)
    await merging.decide_candidate(step.connection, step.case, parent, MERGED, step.desk.by)
    return StepResult(
        await merging.merged(
            step.connection,
            step.case,
            parent,
            move=move,
            actor=step.desk.actor,
            by=step.desk.by,
            words=step.words(reason=form.reason),
            reference=step.reference,
        ),
        answer={"merged_into": parent.number},
    )


async def unmerge(step: StepContext, form: forms.Reason) -> StepResult:
    """Undo a merge: the case has its former status, its deadlines run as if they had never stopped."""
    status_before = Status(step.case.merged_from) if step.case.merged_from else None
    facts = UnmergeFacts(
        has_reason=bool(form.reason.strip()), status_before=status_before, target=status_before
    )
    move = checked_move(step, facts, target=status_before)
    parent = await merges.parent(step.connection, step.case, lock=True)
    assert parent is not None  # noqa: S101 - a merged case points at another one, by a CHECK
    last = await merges.follow(step.connection, parent, lock=True)
    await moved_deadlines.revive(step.connection, step.case)
    orders = await merging.restore_orders(step.connection, step.case)
    deadlines = (
        await waiting_orders.settled(step.connection, [step.case, last], step.reference) if orders else {}
    )
    mine, theirs = deadlines.get(step.case.id, NO_DEADLINES), deadlines.get(last.id, NO_DEADLINES)
    data = {"from": parent.number, "to_status": status_before} | ({"orders": orders} if orders else {})
    gone = NewEvent(EventKind.UNMERGED, data, step.words(reason=form.reason))
    left = NewEvent(EventKind.GAVE_BACK, {"case": step.case.number})
    columns: CaseUpdate = {"hotline_orders": last.hotline_orders - len(orders)}
    back = CaseChange(
        case=last,
        actor=step.desk.actor,
        by=step.desk.by,
        new_events=[left],
        columns=columns,
        stops=theirs.stops,
        starts=() if Status(last.status) in ENDED else theirs.starts,
    )
    here = change(
        step,
        gone,
        move=move,
        columns={"hotline_orders": len(orders)},
        stops=mine.stops,
        starts=mine.starts,
    )
    return StepResult([here, back])


async def dismiss(step: StepContext, form: forms.DismissDuplicate) -> StepResult:
    """Dismiss a proposed duplicate; it is not proposed again."""
    other = await lookup.find(step.connection, form.other, lookup.of_bureau(step.desk.bureau))
    if not await merging.decide_candidate(step.connection, step.case, other, DISMISSED, step.desk.by):
        raise MergeError(
            f"Case {form.other} is not proposed as a duplicate of this one; `duplicates` of the case lists those that are."
        )
    event = NewEvent(EventKind.DUPLICATE_DISMISSED, {"other": other.number}, step.words(reason=form.reason))
    return StepResult([change(step, event)])
