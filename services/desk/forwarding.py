"""Verbs towards the enterprise: forward a case (转办), send a reply back (退回重办)."""

from services.cases.changes import Happening
from services.casework import forms
from services.casework.steps import Acting, Done, _untruthful, change, checked
from services.routing import forward as forwarding
from services.rules.states.guards import Known
from services.rules.states.transitions import Verb
from shared.errors import FieldError, InvalidInputError


async def rework(act: Acting, form: forms.Rework) -> Done:
    """Send the reply back on one of the two grounds; a new limit starts for the enterprise (old art. 22)."""
    known = Known(rework_ground=form.ground, reason_given=bool(form.reason.strip()))
    move = checked(act, Verb.REWORK, known)
    data = {"ground": form.ground, "reply_seq": act.case.reply_seq, "untruthful": form.untruthful}
    columns = await _untruthful(act) if form.untruthful else {}
    happening = Happening("REWORK", data, {"reason": form.reason})
    return Done([change(act, happening, move=move, columns=columns)])


async def forward(act: Acting, form: forms.Forward) -> Done:
    """Hand the case on to the enterprise, where the machine did not, or to another one than the user named."""
    carrier = form.carrier_code or act.case.carrier_code
    if form.carrier_code is not None and form.carrier_code not in act.book.carriers:
        fault = FieldError(
            "/carrier_code", "unknown-carrier", "no such carrier; GET /v1/reference/carriers lists them"
        )
        raise InvalidInputError("The case cannot be forwarded there; see errors.", [fault])
    known = Known(respondent_in_scope=forwarding.respondent_in_scope(carrier, act.book))
    move = checked(act, Verb.FORWARD, known)
    happening = Happening("FORWARDED", {"carrier_code": carrier}, {"instruction": form.instruction or ""})
    columns = {"carrier_code": carrier, "outlet": form.outlet or act.case.outlet}
    return Done([change(act, happening, move=move, columns=columns)])
