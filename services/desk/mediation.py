"""Verbs of mediation (调解): begin, propose, answer, conclude."""

from sqlalchemy import select

from services.cases.changes import Happening
from services.casework import forms
from services.casework.steps import Acting, Done, change, check_past, checked
from services.desk.closing import _closing, _finding, _has_passed, _verified
from services.rules.states.guards import Known
from services.rules.states.transitions import Verb
from shared.errors import ConflictError
from shared.models.cases import case_event
from shared.vocabulary import Clock, Status


class NotInMediationError(ConflictError):
    """There is no opinion that a party could answer."""

    code = "no-opinion"
    title = "There is no mediation opinion to answer"


async def mediate(act: Acting, form: forms.Mediate) -> Done:
    """Begin a mediation; both parties' consent goes on record (rulebook 2)."""
    move = checked(act, Verb.MEDIATE, Known(user_consents=True, enterprise_consents=True))
    for name, consent in (
        ("user_consent", form.user_consent),
        ("enterprise_consent", form.enterprise_consent),
    ):
        check_past(f"/{name}/given_at", consent.given_at, act.case.moment)
    data = {
        "user_consent": form.user_consent.model_dump(),
        "enterprise_consent": form.enterprise_consent.model_dump(),
    }
    return Done([change(act, Happening("MEDIATING", data), move=move)])


async def propose(act: Acting, form: forms.Propose) -> Done:
    """Issue the opinion; the parties have three working days to answer (2020 text [V3])."""
    move = checked(act, Verb.PROPOSE, Known(reason_given=bool(form.opinion.strip())))
    return Done([change(act, Happening("MEDIATION_PROPOSED", {}, {"opinion": form.opinion}), move=move)])


async def answer(act: Acting, form: forms.Answer) -> Done:
    """Record a party's answer to the opinion; the last one of each party counts."""
    if act.case.status != Status.MEDIATION_PROPOSED:
        raise NotInMediationError(
            f"The case is {act.case.status}; an opinion is answered after it was issued."
        )
    data = {"party": form.party, "accepts": form.accepts}
    return Done([change(act, Happening("OPINION_ANSWERED", data, {"note": form.note or ""}))])


async def _answered(act: Acting) -> set[str]:
    """Return the parties that answered the opinion at hand."""
    statement = (
        select(case_event.c.kind, case_event.c.data)
        .where(
            case_event.c.bucket == act.case.bucket,
            case_event.c.complaint_id == act.case.id,
            case_event.c.kind.in_(("MEDIATION_PROPOSED", "OPINION_ANSWERED")),
        )
        .order_by(case_event.c.seq)
    )
    parties: set[str] = set()
    for event in await act.connection.execute(statement):
        parties = set() if event.kind == "MEDIATION_PROPOSED" else {*parties, event.data["party"]}
    return parties


async def conclude(act: Acting, form: forms.Conclude) -> Done:
    """End a mediation with both answers, with their limit, or because a party does not consent, or no longer does."""
    parties = await _answered(act)
    known = Known(
        user_answered="USER" in parties,
        enterprise_answered="ENTERPRISE" in parties,
        answer_limit_passed=await _has_passed(act, Clock.MEDIATION_ANSWER),
        consent_withdrawn=form.consent_withdrawn is not None,
        user_reached=(await _verified(act)).reached,
        **_finding(form, form.close_reason),
    )
    move = checked(act, Verb.CONCLUDE, known)
    more = {"consent_withdrawn": form.consent_withdrawn, "answered": sorted(parties)}
    return Done([_closing(act, form, form.close_reason, form.answer, more, move)])
