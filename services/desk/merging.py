"""What an officer decides about repeated demands: merge, undo a merge, say that a proposed duplicate is none."""

from services.cases import lookup, stored_deadlines, waiting_orders
from services.cases.changes import Change, Happening
from services.casework import forms
from services.casework.steps import Acting, Done, change, checked
from services.merging import merge as merging
from services.merging.merge import DISMISSED, MERGED, NO_LIMITS, MergeError
from services.rules.deadlines import schedule
from services.rules.deadlines.schedule import Started
from services.rules.states.guards import Known
from services.rules.states.transitions import Move, Verb
from shared.vocabulary import ENDED, Clock, Status


async def merge(act: Acting, form: forms.Merge) -> Done:
    """Merge this case into another one that the bureau may see; whatever comes for this one then goes to that one."""
    parent = await lookup.find(act.connection, form.into, lookup.of_bureau(act.desk.bureau))
    parent = await lookup.following(act.connection, parent)
    known = Known(reason_given=bool(form.reason and form.reason.strip()))
    move = checked(act, Verb.MERGE, known)
    parent = await lookup.by_id(act.connection, parent.bucket, parent.id, lock=True)
    merging.check_mergeable(act.case, parent)
    await merging.decide_candidate(act.connection, act.case, parent, MERGED, act.desk.by)
    reason = form.reason or ""
    return Done(
        await merging.merged(
            act.connection,
            act.case,
            parent,
            move=move,
            actor=act.desk.actor,
            by=act.desk.by,
            reason=reason,
            book=act.book,
        ),
        told={"merged_into": parent.number},
    )


async def unmerge(act: Acting, form: forms.Reason) -> Done:
    """Undo a merge: the case stands where it stood, its limits run as if they had never stopped."""
    stood_at = Status(act.case.merged_from) if act.case.merged_from else None
    known = Known(reason_given=bool(form.reason.strip()), stood_at=stood_at, going_to=stood_at)
    move = checked(act, Verb.UNMERGE, known, target=stood_at)
    parent = await lookup.by_id(act.connection, act.case.merged_into_bucket, act.case.merged_into, lock=True)
    last = await lookup.following(act.connection, parent, lock=True)
    await stored_deadlines.revive(act.connection, act.case)
    came = await merging.come_back(act.connection, act.case)
    limits = await waiting_orders.settled(act.connection, [act.case, last], act.book) if came else {}
    mine, theirs = limits.get(act.case.id, NO_LIMITS), limits.get(last.id, NO_LIMITS)
    data = {"from": parent.number, "to_status": stood_at} | ({"orders": came} if came else {})
    gone = Happening("UNMERGED", data, {"reason": form.reason})
    left = Happening("GAVE_BACK", {"case": act.case.number})
    columns = {"hotline_orders": last.hotline_orders - len(came)}
    back = Change(
        case=last, actor=act.desk.actor, by=act.desk.by, happenings=[left], columns=columns, stops=theirs.stops,
        starts=() if Status(last.status) in ENDED else theirs.starts,
    )  # fmt: skip
    here = change(
        act, gone, move=move, columns={"hotline_orders": len(came)}, stops=mine.stops,
        starts=[*mine.starts, await _claim(act, move)],
    )  # fmt: skip
    return Done([here, back])


_OTHERS_TURN = frozenset({Status.AWAITING_SUPPLEMENT, Status.FORWARDED, Status.REWORK})


async def _claim(act: Acting, move: Move) -> Started | None:
    """Start the limit within which an officer takes up what waits for one: the merge took it from whoever worked it."""
    if move.target in _OTHERS_TURN:
        return None
    limits = await stored_deadlines.of_case(act.connection, act.case.bucket, act.case.id)
    if any(one.key is Clock.CLAIM for one in limits):
        return None
    return schedule.start(Clock.CLAIM, act.case.moment, act.timetable, act.rules)


async def dismiss(act: Acting, form: forms.DismissDuplicate) -> Done:
    """Say that a proposed duplicate is none; it is not proposed again."""
    other = await lookup.find(act.connection, form.other, lookup.of_bureau(act.desk.bureau))
    if not await merging.decide_candidate(act.connection, act.case, other, DISMISSED, act.desk.by):
        raise MergeError(f"Case {form.other} is not proposed as a duplicate of this one.")
    happening = Happening("DUPLICATE_DISMISSED", {"other": other.number}, {"reason": form.reason})
    return Done([change(act, happening)])
