"""What comes from the user after the filing: it follows a merge, and has the conditions re-evaluated.

One way for all: an officer who was told, the client that filed, the hotline that relays.
"""

from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import moved_deadlines, moves, parties, stored_deadlines
from services.cases.case_row import CaseRow
from services.cases.case_update import CaseUpdate
from services.cases.changes import CaseChange, KeyedContext, NewEvent
from services.cases.parties import SealedRecord
from services.casework import forms
from services.casework.steps import StepResult
from services.rules.states.verbs import Actor, Verb
from services.tasks import queue
from shared import identifiers
from shared.errors import ConflictError
from shared.event_kinds import EventKind
from shared.privacy.keyring import KeyRing
from shared.vocabulary import ENDED, DeadlineKind, OtherProcedure, Role, Status


class CaseEndedError(ConflictError):
    """The case has ended; what comes now belongs into a new complaint."""

    code = "case-ended"
    title = "The case has ended"


async def supplemented(
    connection: AsyncConnection,
    case: CaseRow,
    form: forms.Supplement,
    context: KeyedContext,
    *,
    actor: Actor,
    by: str,
    filed: bool = True,
) -> StepResult:
    """Return the change that a supplement makes. An open case takes it in any state; one that waited for it moves on.

    `filed`: it comes for this very case, and not over a merge. Over one it fills what the case lacks and replaces
    nothing, so that a wrong merge destroys nothing. What is said always stands in the event, in its words.
    """
    if Status(case.status) in ENDED:
        raise CaseEndedError(f"The case is {case.status}; file what is new as a complaint of its own.")
    awaited = case.status == Status.AWAITING_SUPPLEMENT
    move = moves.check(case, Verb.SUPPLEMENT, actor) if awaited else None
    if awaited:
        await _let_run_on(connection, case, context)
    former = await _reseal(connection, case, form, context, filed=filed)
    fields = sorted(form.model_dump(exclude_none=True))
    words = context.words(message=form.message, request=form.request, former_request=former)
    event = NewEvent(EventKind.SUPPLEMENTED, {"fields": fields}, words)
    columns = _columns(case, form, filed=filed)
    changed = CaseChange(case=case, actor=actor, by=by, new_events=[event], move=move, columns=columns)
    reevaluations = (
        [queue.row(case.bucket, queue.ADMIT, case.id)] if changed.status is Status.RECEIVED else []
    )
    return StepResult([changed], also=[queue.additions(reevaluations)])


async def _let_run_on(connection: AsyncConnection, case: CaseRow, context: KeyedContext) -> None:
    for deadline in await stored_deadlines.of_case(connection, case.bucket, case.id):
        if deadline.key is DeadlineKind.ACCEPTANCE and deadline.paused_at is not None:
            await moved_deadlines.resume(
                connection, deadline, context.reference, case.handling_bureau, case.moment
            )


def _columns(case: CaseRow, form: forms.Supplement, *, filed: bool) -> CaseUpdate:
    columns: CaseUpdate = {}
    if form.request is not None:
        columns["elements_complete"] = True
    if form.mailed_on is not None and (filed or case.mailed_on is None):
        columns["mailed_on"] = form.mailed_on
    before = form.enterprise_complaint
    if before is not None and (filed or case.enterprise_outcome is None):
        columns["enterprise_outcome"] = before.outcome
    if before is not None and (filed or case.enterprise_complained_on is None):
        columns["enterprise_complained_on"] = before.complained_on
    if form.authorisation_ref is not None and case.role == Role.AGENT:
        columns["agent_authorised"] = True
    if form.other_procedure is not None and (filed or case.other_procedure == OtherProcedure.NONE):
        columns["other_procedure"] = form.other_procedure
    return columns


async def _reseal(
    connection: AsyncConnection, case: CaseRow, form: forms.Supplement, context: KeyedContext, *, filed: bool
) -> str | None:
    """Put what names persons into the sealed record of the case, and keep its index true; returns a request replaced."""
    if form.waybill is None and not form.request and not form.authorisation_ref:
        return None
    content = await parties.read(connection, case, context.ring)
    former = content.get("request")
    if form.request is not None and (filed or not former):
        content["request"] = form.request
    if filed and form.authorisation_ref is not None and "agent" in content:
        content["agent"]["authorisation_ref"] = form.authorisation_ref
    indexes: dict[str, bytes | None] = {}
    if form.waybill is not None:
        indexes = _with_waybill(content, form.waybill, context.ring, filed=filed)
    await parties.rewrite(connection, case, content, context.ring, indexes)
    return former if former != content.get("request") else None


def _with_waybill(content: SealedRecord, text: str, ring: KeyRing, *, filed: bool) -> dict[str, bytes | None]:
    """Put a waybill into the record, keeping any other one that was named before; returns the index that goes with it."""
    waybill = identifiers.normal_waybill(text)
    named = waybill or text
    before = content.get("waybill")
    replaces = filed or not before
    other = before if replaces else named
    if other and before != named:
        content["other_waybills"] = list(dict.fromkeys([*content.get("other_waybills", []), other]))
    if not replaces:
        return {}
    content["waybill"] = named
    return {
        "waybill_index": ring.index.of("waybill", identifiers.bare_waybill(waybill))
        if waybill is not None
        else None
    }
