"""From the enterprise's reply to the end: send it back, mediate, and close by whichever way the rules know."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update

from services.cases import running
from services.cases.changing import Happening
from services.handling import forms
from services.handling.acting import Acting, Done, change, check_past, checked
from services.rules.guards import Known
from services.rules.workflow import Verb
from services.visits import record as visits
from shared.errors import ConflictError
from shared.models.cases import case_event
from shared.models.handling import reply
from shared.vocabulary import Clock, CloseReason, OtherProcedure, Responsibility, Status


class NotInMediationError(ConflictError):
    """There is no opinion that a party could answer."""

    code = "no-opinion"
    title = "There is no mediation opinion to answer"


async def rework(act: Acting, form: forms.Rework) -> Done:
    """Send the reply back on one of the two grounds; a new limit starts for the enterprise (old art. 22)."""
    known = Known(rework_ground=form.ground, reason_given=bool(form.reason.strip()))
    move = checked(act, Verb.REWORK, known)
    data = {"ground": form.ground, "reply_seq": act.case.reply_seq, "untruthful": form.untruthful}
    columns = await _untruthful(act) if form.untruthful else {}
    happening = Happening("REWORK", data, {"reason": form.reason})
    return Done([change(act, happening, move=move, columns=columns)])


async def _untruthful(act: Acting) -> dict[str, Any]:
    """Mark the latest reply untruthful (答复不属实): the circular counts it against the enterprise."""
    latest = (
        reply.c.bucket == act.case.bucket,
        reply.c.complaint_id == act.case.id,
        reply.c.seq == act.case.reply_seq,
    )
    await act.connection.execute(update(reply).where(*latest).values(untruthful=True))
    return {"reply_untruthful": True}


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


async def close(act: Acting, form: forms.Close) -> Done:
    """Close a verified case under the three conditions of 2014; its finding makes it valid or not (rulebook 2)."""
    verified = await _verified(act)
    known = Known(
        user_reached=verified.reached,
        account_matches=verified.matches,
        unreachable=verified.unreachable,
        settlement_lawful=form.settlement_lawful,
        **_finding(form, form.close_reason),
    )
    move = checked(act, Verb.CLOSE, known)
    columns = await _untruthful(act) if form.untruthful else {}
    columns |= {"suspected_violation": act.case.suspected_violation or form.suspected_violation}
    more = {"reply_seq": act.case.reply_seq, "suspected_violation": columns["suspected_violation"]}
    return Done([_closing(act, form, form.close_reason, form.answer, more, move, columns)])


async def _verified(act: Acting) -> visits.Verified:
    made = await visits.of_case(act.connection, act.case.bucket, act.case.id)
    return visits.verified(made, await _last_reply_at(act), visits.wait_before_second(act.rules))


async def _last_reply_at(act: Acting) -> Any:
    statement = select(reply.c.at).where(
        reply.c.bucket == act.case.bucket,
        reply.c.complaint_id == act.case.id,
        reply.c.seq == act.case.reply_seq,
    )
    return await act.connection.scalar(statement)


async def close_unanswered(act: Acting, form: forms.CloseUnanswered) -> Done:
    """Close a case whose enterprise stays silent beyond its limit: the user still gets an answer in 30 days [P]."""
    late = await _has_passed(act, Clock.ENTERPRISE_REPLY) or await _has_passed(act, Clock.REWORK_REPLY)
    known = Known(enterprise_overdue=late, **_finding(form, form.close_reason))
    move = checked(act, Verb.CLOSE_UNANSWERED, known)
    return Done([_closing(act, form, form.close_reason, form.answer, {}, move, {"reply_overdue": True})])


async def close_elsewhere(act: Acting, form: forms.CloseElsewhere) -> Done:
    """Close because another procedure holds the matter (2020 art. 9(4)); who is responsible stays open."""
    left = forms.Finding(responsibility=Responsibility.UNDETERMINED)
    reason = CloseReason.IN_OTHER_PROCEDURE
    known = Known(procedure_named=form.procedure is not OtherProcedure.NONE, **_finding(left, reason))
    move = checked(act, Verb.CLOSE_ELSEWHERE, known)
    columns = {"other_procedure": form.procedure}
    return Done([_closing(act, left, reason, form.answer, {"procedure": form.procedure}, move, columns)])


async def _has_passed(act: Acting, key: Clock) -> bool:
    limits = await running.of_case(act.connection, act.case.bucket, act.case.id)
    return any(one.key == key and one.due_at is not None and one.due_at <= act.case.moment for one in limits)


def _finding(form: forms.Finding, reason: CloseReason) -> dict[str, Any]:
    return {
        "close_reason": reason,
        "responsibility": form.responsibility,
        "responsible_unit": form.responsible_unit,
    }


_FINDING: Sequence[str] = ("responsibility", "responsible_unit", "failing_link")


def _closing(
    act: Acting, form: forms.Finding, reason: CloseReason, told: str, more: dict[str, Any], move: Any,
    columns: dict[str, Any] | None = None,
) -> Any:  # fmt: skip
    finding = {name: getattr(form, name) for name in _FINDING}
    # an officer who says nothing of the link leaves what was decided before
    finding["failing_link"] = form.failing_link or act.case.failing_link
    data = {"close_reason": reason, **finding, "recovered_fen": act.case.recovered_fen, **more}
    happening = Happening("CLOSED", data, {"answer": told})
    return change(act, happening, move=move, columns={"close_reason": reason, **finding, **(columns or {})})
