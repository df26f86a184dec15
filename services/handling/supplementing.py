"""What comes from the user after the filing: it follows a merge, and lets the conditions be weighed anew.

One way for all: an officer who was told, the client that filed, the hotline that relays.
"""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import running
from services.cases.changing import Case, Change, Happening, Setting
from services.handling import forms
from services.handling.acting import Done
from services.intake.preparation import binding
from services.rules import workflow
from services.rules.workflow import Actor, Verb
from services.tasks import queue
from shared import identifiers, serialisation
from shared.errors import ConflictError
from shared.models.cases import complaint_party
from shared.vocabulary import ENDED, Clock, Role, Status


class CaseEndedError(ConflictError):
    """The case has ended; what comes now belongs into a new complaint."""

    code = "case-ended"
    title = "The case has ended"


async def supplemented(
    connection: AsyncConnection,
    case: Case,
    form: forms.Supplement,
    setting: Setting,
    *,
    actor: Actor,
    by: str,
) -> Done:
    """Return the change that a supplement makes. An open case takes it in any state; one that waited for it moves on."""
    if Status(case.status) in ENDED:
        raise CaseEndedError(f"The case is {case.status}; file what is new as a complaint of its own.")
    awaited = case.status == Status.AWAITING_SUPPLEMENT
    move = workflow.check(Verb.SUPPLEMENT, Status.AWAITING_SUPPLEMENT, actor) if awaited else None
    if awaited:
        await _let_run_on(connection, case, setting)
    await _reseal(connection, case, form, setting)
    given = sorted(form.model_dump(exclude_none=True))
    happening = Happening("SUPPLEMENTED", {"given": given}, {"message": form.message or ""})
    changed = Change(
        case=case, actor=actor, by=by, happenings=[happening], move=move, columns=_columns(case, form)
    )
    weighed = [queue.row(case.bucket, queue.ADMIT, case.id)] if changed.status is Status.RECEIVED else []
    return Done([changed], also=[queue.additions(weighed)])


async def _let_run_on(connection: AsyncConnection, case: Case, setting: Setting) -> None:
    for limit in await running.of_case(connection, case.bucket, case.id):
        if limit.key is Clock.ACCEPTANCE and limit.paused_at is not None:
            await running.resume(connection, limit, setting.book, case.handling_bureau, case.moment)


def _columns(case: Case, form: forms.Supplement) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if form.request is not None:
        columns["elements_complete"] = True
    if form.mailed_on is not None:
        columns["mailed_on"] = form.mailed_on
    if form.enterprise_complaint is not None:
        columns["enterprise_outcome"] = form.enterprise_complaint.outcome
        columns["enterprise_complained_on"] = form.enterprise_complaint.complained_on
    if form.authorisation_ref is not None and case.role == Role.AGENT:
        columns["agent_authorised"] = True
    if form.other_procedure is not None:
        columns["other_procedure"] = form.other_procedure
    return columns


async def _reseal(connection: AsyncConnection, case: Case, form: forms.Supplement, setting: Setting) -> None:
    """Put what names persons into the sealed record of the case, and keep its indexes true."""
    given = {"request": form.request, "authorisation_ref": form.authorisation_ref}
    if form.waybill is None and not any(given.values()):
        return
    assert setting.ring is not None  # noqa: S101 - only processes that hold the keys take words
    party = complaint_party.c
    here = (party.bucket == case.bucket, party.complaint_id == case.id)
    sealed = await connection.scalar(select(party.sealed).where(*here))
    content = serialisation.from_text(setting.ring.unseal(bytes(sealed or b""), bound_to=binding(case.id)))
    content |= {name: value for name, value in given.items() if value is not None and name == "request"}
    if form.authorisation_ref is not None and "agent" in content:
        content["agent"]["authorisation_ref"] = form.authorisation_ref
    values: dict[str, Any] = {}
    if form.waybill is not None:
        waybill = identifiers.normal_waybill(form.waybill)
        content["waybill"] = waybill or form.waybill
        if waybill is not None:
            values["waybill_index"] = setting.ring.index.of("waybill", waybill)
    values["sealed"] = setting.ring.seal(serialisation.to_bytes(content), bound_to=binding(case.id))
    await connection.execute(update(complaint_party).where(*here).values(values))
