"""Verbs of mediation (调解): begin, propose, answer, conclude."""

from sqlalchemy import select

from services.cases.changes import NewEvent
from services.casework import forms
from services.casework.steps import (
    StepContext,
    StepResult,
    change,
    check_not_future,
    checked_move,
    has_passed,
)
from services.desk.closing import closing_change, verified
from services.rules.states.facts import ConsentFacts, MediationFacts, OpinionFacts
from shared.errors import ConflictError
from shared.event_kinds import EventKind
from shared.models.cases import case_event
from shared.vocabulary import DeadlineKind, Status


class NotInMediationError(ConflictError):
    """There is no opinion that a party could answer."""

    code = "no-opinion"
    title = "There is no mediation opinion to answer"


async def mediate(step: StepContext, form: forms.Mediate) -> StepResult:
    """Begin a mediation; both parties' consent goes on record (rulebook 2)."""
    move = checked_move(step, ConsentFacts(user_consents=True, enterprise_consents=True))
    for name, consent in (
        ("user_consent", form.user_consent),
        ("enterprise_consent", form.enterprise_consent),
    ):
        check_not_future(f"/{name}/consented_at", consent.consented_at, step.case.moment)
    data = {
        "user_consent": form.user_consent.model_dump(),
        "enterprise_consent": form.enterprise_consent.model_dump(),
    }
    return StepResult([change(step, NewEvent(EventKind.MEDIATING, data), move=move)])


async def propose(step: StepContext, form: forms.Propose) -> StepResult:
    """Issue the opinion; the parties have three working days to answer (2020 text [V3])."""
    move = checked_move(step, OpinionFacts(has_opinion=bool(form.opinion.strip())))
    return StepResult(
        [
            change(
                step, NewEvent(EventKind.MEDIATION_PROPOSED, {}, step.words(opinion=form.opinion)), move=move
            )
        ]
    )


async def answer(step: StepContext, form: forms.OpinionAnswer) -> StepResult:
    """Record a party's answer to the opinion; the last one of each party counts."""
    if step.case.status != Status.MEDIATION_PROPOSED:
        raise NotInMediationError(
            f"The case is {step.case.status}; an opinion is answered after it was issued."
        )
    data = {"party": form.party, "accepts": form.accepts}
    return StepResult([change(step, NewEvent(EventKind.OPINION_ANSWERED, data, step.words(note=form.note)))])


async def _answered(step: StepContext) -> set[str]:
    """Return the parties that answered the present opinion."""
    statement = (
        select(case_event.c.kind, case_event.c.data)
        .where(
            case_event.c.bucket == step.case.bucket,
            case_event.c.complaint_id == step.case.id,
            case_event.c.kind.in_((EventKind.MEDIATION_PROPOSED, EventKind.OPINION_ANSWERED)),
        )
        .order_by(case_event.c.seq)
    )
    parties: set[str] = set()
    for event in await step.connection.execute(statement):
        parties = set() if event.kind == EventKind.MEDIATION_PROPOSED else {*parties, event.data["party"]}
    return parties


async def conclude(step: StepContext, form: forms.Conclude) -> StepResult:
    """End a mediation with both answers, after their deadline, or because a party does not consent, or no longer does."""
    parties = await _answered(step)
    facts = MediationFacts(
        user_answered="USER" in parties,
        enterprise_answered="ENTERPRISE" in parties,
        answer_deadline_passed=await has_passed(step, DeadlineKind.MEDIATION_ANSWER),
        consent_withdrawn=form.consent_withdrawn is not None,
        user_reached=(await verified(step)).reached,
        close_reason=form.close_reason,
        responsibility=form.responsibility,
        responsible_unit=form.responsible_unit,
    )
    move = checked_move(step, facts)
    more = {"consent_withdrawn": form.consent_withdrawn, "answered": sorted(parties)}
    return StepResult([closing_change(step, form, form.close_reason, form.answer, more, move)])
