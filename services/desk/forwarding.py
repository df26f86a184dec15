"""Verbs towards the enterprise: forward a case (转办), send a reply back (退回重办)."""

from services.cases.case_update import CaseUpdate
from services.cases.changes import NewEvent
from services.casework import forms
from services.casework.steps import StepContext, StepResult, change, checked_move, mark_reply_untruthful
from services.decisions import machine_steps
from services.rules.states.facts import ForwardingFacts, ReworkFacts
from shared.errors import FieldError, InvalidInputError
from shared.event_kinds import EventKind


async def rework(step: StepContext, form: forms.Rework) -> StepResult:
    """Return the reply on one of the two grounds; a new deadline starts for the enterprise (old art. 22)."""
    move = checked_move(step, ReworkFacts(ground=form.ground, has_reason=bool(form.reason.strip())))
    data = {"ground": form.ground, "reply_seq": step.case.reply_seq, "untruthful": form.untruthful}
    columns: CaseUpdate = await mark_reply_untruthful(step) if form.untruthful else {}
    event = NewEvent(EventKind.REWORK, data, step.words(reason=form.reason))
    return StepResult([change(step, event, move=move, columns=columns)])


async def forward(step: StepContext, form: forms.Forward) -> StepResult:
    """Forward the case to the enterprise, where the machine did not, or to another one than the user named."""
    carrier = form.carrier_code or step.case.carrier_code
    if form.carrier_code is not None and form.carrier_code not in step.reference.carriers:
        fault = FieldError(
            "/carrier_code", "unknown-carrier", "no such carrier; GET /v1/reference/carriers lists them"
        )
        raise InvalidInputError("The case cannot be forwarded there; see errors.", [fault])
    in_scope = machine_steps.respondent_in_scope(carrier, step.reference)
    move = checked_move(step, ForwardingFacts(respondent_in_scope=in_scope))
    event = NewEvent(EventKind.FORWARDED, {"carrier_code": carrier}, step.words(instruction=form.instruction))
    columns: CaseUpdate = {"carrier_code": carrier, "outlet": form.outlet or step.case.outlet}
    return StepResult([change(step, event, move=move, columns=columns)])
