"""Verbs that close a case (结案), and the finding that they store."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from services.cases import stored_deadlines
from services.cases.changes import Happening
from services.casework import forms, visits
from services.casework.steps import Acting, Done, _untruthful, change, checked
from services.rules.states.guards import Known
from services.rules.states.transitions import Verb
from shared.models.carriers import reply
from shared.vocabulary import Clock, CloseReason, OtherProcedure, Responsibility


async def close(act: Acting, form: forms.Close) -> Done:
    """Close a verified case under the three conditions of 2014; its finding makes it valid or not (rulebook 2)."""
    verified = await _verified(act)
    known = Known(
        user_reached=verified.reached,
        account_matches=verified.matches,
        unreachable=verified.unreachable,
        settlement_lawful=form.settlement_lawful,
        **_finding(form, form.close_reason),
    )
    move = checked(act, Verb.CLOSE, known)
    columns = await _untruthful(act) if form.untruthful else {}
    columns |= {"suspected_violation": act.case.suspected_violation or form.suspected_violation}
    more = {"reply_seq": act.case.reply_seq, "suspected_violation": columns["suspected_violation"]}
    return Done([_closing(act, form, form.close_reason, form.answer, more, move, columns)])


async def _verified(act: Acting) -> visits.Verified:
    made = await visits.of_case(act.connection, act.case.bucket, act.case.id)
    return visits.verified(made, await _last_reply_at(act), visits.wait_before_second(act.rules))


async def _last_reply_at(act: Acting) -> Any:
    statement = select(reply.c.at).where(
        reply.c.bucket == act.case.bucket,
        reply.c.complaint_id == act.case.id,
        reply.c.seq == act.case.reply_seq,
    )
    return await act.connection.scalar(statement)


async def close_unanswered(act: Acting, form: forms.CloseUnanswered) -> Done:
    """Close a case whose enterprise stays silent beyond its limit: the user still gets an answer in 30 days [P]."""
    late = await _has_passed(act, Clock.ENTERPRISE_REPLY) or await _has_passed(act, Clock.REWORK_REPLY)
    known = Known(enterprise_overdue=late, **_finding(form, form.close_reason))
    move = checked(act, Verb.CLOSE_UNANSWERED, known)
    return Done([_closing(act, form, form.close_reason, form.answer, {}, move, {"reply_overdue": True})])


async def close_elsewhere(act: Acting, form: forms.CloseElsewhere) -> Done:
    """Close because another procedure holds the matter (2020 art. 9(4)); who is responsible stays open."""
    left = forms.Finding(responsibility=Responsibility.UNDETERMINED)
    reason = CloseReason.IN_OTHER_PROCEDURE
    known = Known(procedure_named=form.procedure is not OtherProcedure.NONE, **_finding(left, reason))
    move = checked(act, Verb.CLOSE_ELSEWHERE, known)
    columns = {"other_procedure": form.procedure}
    return Done([_closing(act, left, reason, form.answer, {"procedure": form.procedure}, move, columns)])


async def _has_passed(act: Acting, key: Clock) -> bool:
    limits = await stored_deadlines.of_case(act.connection, act.case.bucket, act.case.id)
    return any(one.key == key and one.due_at is not None and one.due_at <= act.case.moment for one in limits)


def _finding(form: forms.Finding, reason: CloseReason) -> dict[str, Any]:
    return {
        "close_reason": reason,
        "responsibility": form.responsibility,
        "responsible_unit": form.responsible_unit,
    }


_FINDING: Sequence[str] = ("responsibility", "responsible_unit", "failing_link")


def _closing(
    act: Acting, form: forms.Finding, reason: CloseReason, told: str, more: dict[str, Any], move: Any,
    columns: dict[str, Any] | None = None,
) -> Any:  # fmt: skip
    finding = {name: getattr(form, name) for name in _FINDING}
    # an officer who says nothing of the link leaves what was decided before
    finding["failing_link"] = form.failing_link or act.case.failing_link
    data = {"close_reason": reason, **finding, "recovered_fen": act.case.recovered_fen, **more}
    happening = Happening("CLOSED", data, {"answer": told})
    return change(act, happening, move=move, columns={"close_reason": reason, **finding, **(columns or {})})
