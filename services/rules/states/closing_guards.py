"""What must be so before a case may be closed: after verification, by mediation, without a reply, for another procedure."""

from services.rules.states.facts import (
    ClosingFacts,
    FindingFacts,
    MediationFacts,
    OtherProcedureFacts,
    UnansweredClosingFacts,
)
from services.rules.states.grounds import BY_MEDIATION, BY_VERIFICATION, FINDINGS, WITHOUT_REPLY
from services.rules.states.guards import GuardFaults, missing, unless
from shared.vocabulary import CloseReason, Responsibility


def mediation_ended(facts: MediationFacts) -> GuardFaults:
    """Both answered the opinion, or the deadline for answers passed; the reason says with what result."""
    answered = facts.user_answered and facts.enterprise_answered
    return (
        *unless(
            answered or facts.answer_deadline_passed,
            "/answers",
            "answers-outstanding",
            "record both parties' answers, or wait until their deadline has passed",
        ),
        *_closed_by(BY_MEDIATION, facts),
    )


def consent_was_withdrawn(facts: MediationFacts) -> GuardFaults:
    """Without consent there is no mediation: it ends as failed."""
    return (
        *unless(
            facts.consent_withdrawn,
            "/consent_withdrawn",
            "not-withdrawn",
            "name the party that does not consent, or no longer does",
        ),
        *_closed_by(frozenset({CloseReason.MEDIATION_FAILED}), facts),
    )


def consent_was_refused(facts: MediationFacts) -> GuardFaults:
    """Nobody is mediated against their will: after a talk with the user, a refusal ends the case as failed mediation."""
    return (
        *unless(
            facts.user_reached,
            "/visits",
            "visit-needed",
            "record a return visit in which the user was reached",
        ),
        *consent_was_withdrawn(facts),
    )


def closing_is_due(facts: ClosingFacts) -> GuardFaults:
    """Check the three closing conditions of 2014: lawful treatment, account matching the reply, responsible unit.

    A user whom two calls at least four hours apart did not reach stands in the way of nothing (2014).
    """
    verified = (
        facts.unreachable
        if facts.close_reason is CloseReason.UNREACHABLE
        else (facts.user_reached and facts.account_matches)
    )
    to_do = (
        "call twice, four hours apart, before closing as unreachable"
        if facts.close_reason is CloseReason.UNREACHABLE
        else "record a return visit in which the user confirms the reply"
    )
    return (
        *unless(verified, "/visits", "visit-needed", to_do),
        *unless(
            facts.settlement_lawful,
            "/settlement_lawful",
            "not-lawful",
            "confirm that the settlement is lawful",
        ),
        *_closed_by(BY_VERIFICATION, facts),
    )


def enterprise_is_late(facts: UnansweredClosingFacts) -> GuardFaults:
    """Close without a reply only after the enterprise's deadline has passed [P]."""
    return (
        *unless(
            facts.enterprise_overdue,
            "/close_reason",
            "deadline-still-runs",
            "the enterprise may still reply in time",
        ),
        *_closed_by(WITHOUT_REPLY, facts),
    )


def other_procedure_is_named(facts: OtherProcedureFacts) -> GuardFaults:
    """Close for a named procedure; who is responsible is then not for the bureau to say."""
    return (
        *unless(facts.has_procedure, "/procedure", "procedure-needed", "name the other procedure"),
        *_closed_by(frozenset({CloseReason.IN_OTHER_PROCEDURE}), facts),
    )


def _closed_by(reasons: frozenset[CloseReason], facts: FindingFacts) -> GuardFaults:
    """Check what every closing names: a reason that fits this way of closing, a finding that fits it, its unit."""
    reason, finding = facts.close_reason, facts.responsibility
    fits = ", ".join(sorted(reasons))
    if reason is None or reason not in reasons:
        return (missing("/close_reason", "reason-does-not-fit", f"closed in this way: {fits}"),)
    if finding is None or finding not in FINDINGS[reason]:
        allowed = ", ".join(sorted(FINDINGS[reason]))
        return (missing("/responsibility", "finding-does-not-fit", f"with {reason} goes: {allowed}"),)
    return unless(
        finding is not Responsibility.ENTERPRISE or bool(facts.responsible_unit),
        "/responsible_unit",
        "unit-needed",
        "name the enterprise's responsible unit",
    )
