"""Verbs towards the enterprise: forward a case (转办), send a reply back (退回重办)."""

from services.cases.changes import NewEvent
from services.casework import forms
from services.casework.steps import StepContext, StepResult, _untruthful, change, checked_move
from services.routing import forward as forwarding
from services.rules.states.guards import Known
from services.rules.states.transitions import Verb
from shared.errors import FieldError, InvalidInputError


async def rework(step: StepContext, form: forms.Rework) -> StepResult:
    """Send the reply back on one of the two grounds; a new limit starts for the enterprise (old art. 22)."""
    known = Known(rework_ground=form.ground, reason_given=bool(form.reason.strip()))
    move = checked_move(step, Verb.REWORK, known)
    data = {"ground": form.ground, "reply_seq": step.case.reply_seq, "untruthful": form.untruthful}
    columns = await _untruthful(step) if form.untruthful else {}
    event = NewEvent("REWORK", data, {"reason": form.reason})
    return StepResult([change(step, event, move=move, columns=columns)])


async def forward(step: StepContext, form: forms.Forward) -> StepResult:
    """Hand the case on to the enterprise, where the machine did not, or to another one than the user named."""
    carrier = form.carrier_code or step.case.carrier_code
    if form.carrier_code is not None and form.carrier_code not in step.reference.carriers:
        fault = FieldError(
            "/carrier_code", "unknown-carrier", "no such carrier; GET /v1/reference/carriers lists them"
        )
        raise InvalidInputError("The case cannot be forwarded there; see errors.", [fault])
    known = Known(respondent_in_scope=forwarding.respondent_in_scope(carrier, step.reference))
    move = checked_move(step, Verb.FORWARD, known)
    event = NewEvent("FORWARDED", {"carrier_code": carrier}, {"instruction": form.instruction or ""})
    columns = {"carrier_code": carrier, "outlet": form.outlet or step.case.outlet}
    return StepResult([change(step, event, move=move, columns=columns)])
