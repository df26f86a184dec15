"""The verb that sets the link that failed."""

from services.cases.changes import NewEvent
from services.casework import forms
from services.casework.steps import StepContext, StepResult, change, check_open
from services.reference import region_codes
from shared.errors import FieldError, InvalidInputError
from shared.event_kinds import EventKind


async def set_failing_link(step: StepContext, form: forms.SetFailingLink) -> StepResult:
    """Set the link that failed; only an officer's decision counts in the figures. After the closing: `overturn`."""
    check_open(step)
    if form.region_code is not None and step.reference.resolve_region(form.region_code) is None:
        advice = region_codes.advice(step.reference, form.region_code)
        fault = FieldError("/region_code", "unknown-region", advice)
        raise InvalidInputError("The link cannot be placed there; see errors.", [fault])
    data = {"failing_link": form.failing_link, "region_code": form.region_code}
    event = NewEvent(EventKind.FAILING_LINK_SET, data, step.words(reason=form.reason))
    return StepResult([change(step, event, columns={"failing_link": form.failing_link})])
