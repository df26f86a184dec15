"""Verbs that close a case (结案), and the finding that they store."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from services.cases import stored_deadlines
from services.cases.changes import NewEvent
from services.casework import forms, visits
from services.casework.steps import StepContext, StepResult, _untruthful, change, checked_move
from services.rules.states.facts import ClosingFacts, OtherProcedureFacts, UnansweredClosingFacts
from shared.event_kinds import EventKind
from shared.models.carriers import reply
from shared.vocabulary import CloseReason, DeadlineKind, OtherProcedure, Responsibility


async def close(step: StepContext, form: forms.Close) -> StepResult:
    """Close a verified case under the three conditions of 2014; its finding makes it valid or not (rulebook 2)."""
    verified = await _verified(step)
    facts = ClosingFacts(
        user_reached=verified.reached,
        account_matches=verified.matches,
        unreachable=verified.unreachable,
        settlement_lawful=form.settlement_lawful,
        close_reason=form.close_reason,
        responsibility=form.responsibility,
        responsible_unit=form.responsible_unit,
    )
    move = checked_move(step, facts)
    columns = await _untruthful(step) if form.untruthful else {}
    columns |= {"suspected_violation": step.case.suspected_violation or form.suspected_violation}
    more = {"reply_seq": step.case.reply_seq, "suspected_violation": columns["suspected_violation"]}
    return StepResult([_closing(step, form, form.close_reason, form.answer, more, move, columns)])


async def _verified(step: StepContext) -> visits.Verified:
    made = await visits.of_case(step.connection, step.case.bucket, step.case.id)
    return visits.verified(made, await _last_reply_at(step), visits.wait_before_second(step.rules))


async def _last_reply_at(step: StepContext) -> Any:
    statement = select(reply.c.at).where(
        reply.c.bucket == step.case.bucket,
        reply.c.complaint_id == step.case.id,
        reply.c.seq == step.case.reply_seq,
    )
    return await step.connection.scalar(statement)


async def close_unanswered(step: StepContext, form: forms.CloseUnanswered) -> StepResult:
    """Close a case whose enterprise stays silent beyond its limit: the user still gets an answer in 30 days [P]."""
    late = await _has_passed(step, DeadlineKind.ENTERPRISE_REPLY) or await _has_passed(
        step, DeadlineKind.REWORK_REPLY
    )
    facts = UnansweredClosingFacts(
        enterprise_overdue=late,
        close_reason=form.close_reason,
        responsibility=form.responsibility,
        responsible_unit=form.responsible_unit,
    )
    move = checked_move(step, facts)
    return StepResult(
        [_closing(step, form, form.close_reason, form.answer, {}, move, {"reply_overdue": True})]
    )


async def close_other_procedure(step: StepContext, form: forms.CloseOtherProcedure) -> StepResult:
    """Close because another procedure holds the matter (2020 art. 9(4)); who is responsible stays open."""
    left = forms.Finding(responsibility=Responsibility.UNDETERMINED)
    reason = CloseReason.IN_OTHER_PROCEDURE
    facts = OtherProcedureFacts(
        has_procedure=form.procedure is not OtherProcedure.NONE,
        close_reason=reason,
        responsibility=left.responsibility,
        responsible_unit=left.responsible_unit,
    )
    move = checked_move(step, facts)
    columns = {"other_procedure": form.procedure}
    return StepResult(
        [_closing(step, left, reason, form.answer, {"procedure": form.procedure}, move, columns)]
    )


async def _has_passed(step: StepContext, key: DeadlineKind) -> bool:
    limits = await stored_deadlines.of_case(step.connection, step.case.bucket, step.case.id)
    return any(one.key == key and one.due_at is not None and one.due_at <= step.case.moment for one in limits)


_FINDING: Sequence[str] = ("responsibility", "responsible_unit", "failing_link")


def _closing(
    step: StepContext,
    form: forms.Finding,
    reason: CloseReason,
    told: str,
    more: dict[str, Any],
    move: Any,
    columns: dict[str, Any] | None = None,
) -> Any:
    finding = {name: getattr(form, name) for name in _FINDING}
    # an officer who says nothing of the link leaves what was decided before
    finding["failing_link"] = form.failing_link or step.case.failing_link
    data = {"close_reason": reason, **finding, "recovered_fen": step.case.recovered_fen, **more}
    event = NewEvent(EventKind.CLOSED, data, step.words(answer=told))
    return change(step, event, move=move, columns={"close_reason": reason, **finding, **(columns or {})})
