"""The verb by which an officer decides which link failed."""

from services.cases.changes import Happening
from services.casework import forms
from services.casework.steps import Acting, Done, _open, change
from shared.errors import FieldError, InvalidInputError


async def decide_link(act: Acting, form: forms.DecideLink) -> Done:
    """Decide which link failed; only what an officer decided counts in the figures. After the closing: `overturn`."""
    _open(act)
    if form.region_code is not None and act.book.resolve_region(form.region_code) is None:
        fault = FieldError(
            "/region_code", "unknown-region", "no such division; GET /v1/reference/regions lists them"
        )
        raise InvalidInputError("The link cannot be placed there; see errors.", [fault])
    data = {"failing_link": form.failing_link, "region_code": form.region_code}
    happening = Happening("LINK_DECIDED", data, {"reason": form.reason or ""})
    return Done([change(act, happening, columns={"failing_link": form.failing_link})])
