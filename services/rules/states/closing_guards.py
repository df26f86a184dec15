"""What must be so before a case may be closed: after verification, by mediation, without a reply, for another procedure."""

from services.rules.states.grounds import BY_MEDIATION, BY_VERIFICATION, FINDINGS, WITHOUT_REPLY
from services.rules.states.guards import Known, missing, unless
from shared.errors import FieldError
from shared.vocabulary import CloseReason, Responsibility


def mediation_ended(known: Known) -> tuple[FieldError, ...]:
    """Both answered the opinion, or the limit for answers passed; the reason says with what result."""
    answered = known.user_answered and known.enterprise_answered
    return (
        *unless(
            answered or known.answer_limit_passed,
            "/answers",
            "answers-outstanding",
            "record both parties' answers, or wait until their limit has passed",
        ),
        *_closed_by(BY_MEDIATION, known),
    )


def consent_was_withdrawn(known: Known) -> tuple[FieldError, ...]:
    """Without consent there is no mediation: it ends as failed."""
    return (
        *unless(
            known.consent_withdrawn,
            "/consent_withdrawn",
            "not-withdrawn",
            "name the party that does not consent, or no longer does",
        ),
        *_closed_by(frozenset({CloseReason.MEDIATION_FAILED}), known),
    )


def consent_was_refused(known: Known) -> tuple[FieldError, ...]:
    """Nobody is mediated against their will: after a talk with the user, a refusal ends the case as failed mediation."""
    return (
        *unless(
            known.user_reached,
            "/visits",
            "visit-needed",
            "record a return visit in which the user was reached",
        ),
        *consent_was_withdrawn(known),
    )


def closing_is_due(known: Known) -> tuple[FieldError, ...]:
    """Weigh the three closing conditions of 2014: lawful treatment, account matching the reply, responsible unit.

    A user whom two calls at least four hours apart did not reach stands in the way of nothing (2014).
    """
    verified = (
        known.unreachable
        if known.close_reason is CloseReason.UNREACHABLE
        else (known.user_reached and known.account_matches)
    )
    to_do = (
        "call twice, four hours apart, before closing as unreachable"
        if known.close_reason is CloseReason.UNREACHABLE
        else "record a return visit in which the user confirms the reply"
    )
    return (
        *unless(verified, "/visits", "visit-needed", to_do),
        *unless(
            known.settlement_lawful,
            "/settlement_lawful",
            "not-lawful",
            "confirm that the settlement is lawful",
        ),
        *_closed_by(BY_VERIFICATION, known),
    )


def enterprise_is_late(known: Known) -> tuple[FieldError, ...]:
    """Close without a reply only after the enterprise's limit has passed [P]."""
    return (
        *unless(
            known.enterprise_overdue,
            "/close_reason",
            "limit-still-runs",
            "the enterprise may still reply in time",
        ),
        *_closed_by(WITHOUT_REPLY, known),
    )


def other_procedure_is_named(known: Known) -> tuple[FieldError, ...]:
    """Close for a named procedure; who is responsible is then not for the bureau to say."""
    return (
        *unless(known.procedure_named, "/procedure", "procedure-needed", "name the other procedure"),
        *_closed_by(frozenset({CloseReason.IN_OTHER_PROCEDURE}), known),
    )


def _closed_by(reasons: frozenset[CloseReason], known: Known) -> tuple[FieldError, ...]:
    """Weigh what every closing names: a reason that fits this way of closing, a finding that fits it, its unit."""
    reason, finding = known.close_reason, known.responsibility
    fits = ", ".join(sorted(reasons))
    if reason is None or reason not in reasons:
        return (missing("/close_reason", "reason-does-not-fit", f"closed in this way: {fits}"),)
    if finding is None or finding not in FINDINGS[reason]:
        allowed = ", ".join(sorted(FINDINGS[reason]))
        return (missing("/responsibility", "finding-does-not-fit", f"with {reason} goes: {allowed}"),)
    return unless(
        finding is not Responsibility.ENTERPRISE or bool(known.responsible_unit),
        "/responsible_unit",
        "unit-needed",
        "name the enterprise's responsible unit",
    )
