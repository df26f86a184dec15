"""Verbs that close a case (结案), and the finding that they store."""

from datetime import datetime

from sqlalchemy import select

from services.cases.case_update import CaseUpdate
from services.cases.changes import CaseChange, EventData, NewEvent
from services.casework import forms, visits
from services.casework.steps import (
    StepContext,
    StepResult,
    change,
    checked_move,
    has_passed,
    mark_reply_untruthful,
)
from services.rules.states.facts import ClosingFacts, OtherProcedureFacts, UnansweredClosingFacts
from services.rules.states.table import Move
from shared.event_kinds import EventKind
from shared.models.carriers import reply
from shared.vocabulary import CloseReason, DeadlineKind, OtherProcedure, Responsibility


async def close(step: StepContext, form: forms.Close) -> StepResult:
    """Close a verified case under the three conditions of 2014; its finding makes it valid or not (rulebook 2)."""
    visited = await verified(step)
    facts = ClosingFacts(
        user_reached=visited.reached,
        account_matches=visited.matches,
        unreachable=visited.unreachable,
        settlement_lawful=form.settlement_lawful,
        close_reason=form.close_reason,
        responsibility=form.responsibility,
        responsible_unit=form.responsible_unit,
    )
    move = checked_move(step, facts)
    suspected = step.case.suspected_violation or form.suspected_violation
    columns: CaseUpdate = {"suspected_violation": suspected}
    if form.untruthful:
        columns |= await mark_reply_untruthful(step)
    more = {"reply_seq": step.case.reply_seq, "suspected_violation": suspected}
    return StepResult([closing_change(step, form, form.close_reason, form.answer, more, move, columns)])


async def verified(step: StepContext) -> visits.Verified:
    """Return what the visits since the last reply verify."""
    visits_of_case = await visits.of_case(step.connection, step.case.bucket, step.case.id)
    return visits.verified(visits_of_case, await _last_reply_at(step), visits.wait_before_second(step.rules))


async def _last_reply_at(step: StepContext) -> datetime | None:
    statement = select(reply.c.at).where(
        reply.c.bucket == step.case.bucket,
        reply.c.complaint_id == step.case.id,
        reply.c.seq == step.case.reply_seq,
    )
    moment: datetime | None = await step.connection.scalar(statement)
    return moment


async def close_unanswered(step: StepContext, form: forms.CloseUnanswered) -> StepResult:
    """Close a case whose enterprise stays silent beyond its deadline: the user still gets an answer in 30 days [P]."""
    late = await has_passed(step, DeadlineKind.ENTERPRISE_REPLY, DeadlineKind.REWORK_REPLY)
    facts = UnansweredClosingFacts(
        enterprise_overdue=late,
        close_reason=form.close_reason,
        responsibility=form.responsibility,
        responsible_unit=form.responsible_unit,
    )
    move = checked_move(step, facts)
    return StepResult(
        [closing_change(step, form, form.close_reason, form.answer, {}, move, {"reply_overdue": True})]
    )


async def close_other_procedure(step: StepContext, form: forms.CloseOtherProcedure) -> StepResult:
    """Close because another procedure holds the matter (2020 art. 9(4)); who is responsible stays open."""
    finding = forms.FindingForm(responsibility=Responsibility.UNDETERMINED)
    reason = CloseReason.IN_OTHER_PROCEDURE
    facts = OtherProcedureFacts(
        has_procedure=form.procedure is not OtherProcedure.NONE,
        close_reason=reason,
        responsibility=finding.responsibility,
        responsible_unit=finding.responsible_unit,
    )
    move = checked_move(step, facts)
    columns: CaseUpdate = {"other_procedure": form.procedure}
    return StepResult(
        [closing_change(step, finding, reason, form.answer, {"procedure": form.procedure}, move, columns)]
    )


def closing_change(
    step: StepContext,
    form: forms.FindingForm,
    reason: CloseReason,
    answer: str,
    more: EventData,
    move: Move,
    columns: CaseUpdate | None = None,
) -> CaseChange:
    """Return the change that closes the case with a finding and an answer to the user."""
    finding: CaseUpdate = {
        "responsibility": form.responsibility,
        "responsible_unit": form.responsible_unit,
        # an officer who says nothing of the link leaves what was decided before
        "failing_link": form.failing_link or step.case.failing_link,
    }
    data = {"close_reason": reason, **finding, "recovered_fen": step.case.recovered_fen, **more}
    event = NewEvent(EventKind.CLOSED, data, step.words(answer=answer))
    return change(step, event, move=move, columns={"close_reason": reason, **finding, **(columns or {})})
