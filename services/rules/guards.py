"""What must be so before a case may move: the conditions of the rows of the state table, each as one pure function.

A guard returns what is still missing, as faults that say where the request has to be completed; nothing missing: ().
"""

from collections.abc import Callable
from dataclasses import dataclass

from services.rules.grounds import BY_MEDIATION, BY_VERIFICATION, FINDINGS, WITHOUT_REPLY
from shared.errors import FieldError
from shared.vocabulary import CloseReason, RefusalGround, Responsibility, ReworkGround, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a request says and what was done about the case so far, as far as a guard asks for it."""

    reason_given: bool = False
    asked_for: tuple[str, ...] = ()
    refusal_ground: RefusalGround | None = None
    legal_basis: str | None = None
    supplement_asked: bool = False
    supplement_overdue: bool = False
    respondent_in_scope: bool = False
    reply_missing: tuple[str, ...] = ()
    rework_ground: ReworkGround | None = None
    user_consents: bool = False
    enterprise_consents: bool = False
    user_answered: bool = False
    enterprise_answered: bool = False
    answer_limit_passed: bool = False
    consent_withdrawn: bool = False
    close_reason: CloseReason | None = None
    responsibility: Responsibility | None = None
    responsible_unit: str | None = None
    user_reached: bool = False
    account_matches: bool = False
    unreachable: bool = False
    settlement_lawful: bool = False
    enterprise_overdue: bool = False
    procedure_named: bool = False
    office_named: bool = False
    duplicate_evident: bool = False
    reply_seq: int = 0
    redone: int = 0
    stood_at: Status | None = None
    going_to: Status | None = None


Guard = Callable[[Known], tuple[FieldError, ...]]


def _missing(pointer: str, code: str, message: str) -> FieldError:
    return FieldError(pointer, code, message)


def _unless(fulfilled: bool, pointer: str, code: str, message: str) -> tuple[FieldError, ...]:  # noqa: FBT001 - reads as a sentence
    return () if fulfilled else (_missing(pointer, code, message),)


def _reason(known: Known) -> tuple[FieldError, ...]:
    return _unless(known.reason_given, "/reason", "reason-needed", "say why in `reason`")


def something_is_asked(known: Known) -> tuple[FieldError, ...]:
    """Name what is missing: a user who is asked for nothing can supply nothing (2014 art. 9(3))."""
    return _unless(
        bool(known.asked_for), "/items", "items-needed", "name in `items` what the user has to supply"
    )


def refusal_is_grounded(known: Known) -> tuple[FieldError, ...]:
    """Refuse on a ground of rulebook 1.3, with its legal basis, and words for the user (2014 art. 10)."""
    return (
        *_unless(known.refusal_ground is not None, "/ground", "ground-needed", "give the ground of refusal"),
        *_unless(bool(known.legal_basis), "/legal_basis", "basis-needed", "quote the legal basis"),
        *_reason(known),
    )


def elements_were_asked_for(known: Known) -> tuple[FieldError, ...]:
    """Refuse for missing elements only somebody who was asked for them first (2014 art. 9(3); rulebook 1.3)."""
    unasked = known.refusal_ground is RefusalGround.MISSING_ELEMENTS and not known.supplement_asked
    return (
        *refusal_is_grounded(known),
        *_unless(
            not unasked, "/ground", "not-asked-for", "ask the user for what is missing: `ask-supplement`"
        ),
    )


def supplement_did_not_come(known: Known) -> tuple[FieldError, ...]:
    """Refuse for missing elements only after the user's limit has passed (rulebook 2 [P])."""
    in_time = known.refusal_ground is RefusalGround.MISSING_ELEMENTS and not known.supplement_overdue
    return (
        *refusal_is_grounded(known),
        *_unless(
            not in_time,
            "/ground",
            "limit-still-runs",
            "the user may still supply: wait until the limit has passed",
        ),
    )


def respondent_is_known(known: Known) -> tuple[FieldError, ...]:
    """Forward only to an enterprise that the administration supervises (2020 arts 8, 9(1))."""
    return _unless(
        known.respondent_in_scope,
        "/carrier_code",
        "respondent-needed",
        "name in `carrier_code` the supervised enterprise that the case goes to",
    )


def reply_is_complete(known: Known) -> tuple[FieldError, ...]:
    """Require of a reply finding, unit, facts, action, and what was paid (rulebook 2.1)."""
    return tuple(
        _missing(f"/{name}", "needed-for-a-complete-reply", f"a complete reply has `{name}`")
        for name in known.reply_missing
    )


def rework_has_ground(known: Known) -> tuple[FieldError, ...]:
    """Send a reply back on one of the two grounds of the old art. 22, with words that the enterprise can follow."""
    grounds = ", ".join(ReworkGround)
    return (
        *_unless(known.rework_ground is not None, "/ground", "ground-needed", f"give one of {grounds}"),
        *_reason(known),
    )


def both_consent(known: Known) -> tuple[FieldError, ...]:
    """Mediation is voluntary: both parties' consent is on record (rulebook 2)."""
    return (
        *_unless(known.user_consents, "/user_consent", "consent-needed", "record the user's consent"),
        *_unless(
            known.enterprise_consents,
            "/enterprise_consent",
            "consent-needed",
            "record the enterprise's consent",
        ),
    )


def opinion_is_written(known: Known) -> tuple[FieldError, ...]:
    """Require words of a mediation opinion (调解意见)."""
    return _unless(known.reason_given, "/opinion", "opinion-needed", "write the opinion")


def mediation_ended(known: Known) -> tuple[FieldError, ...]:
    """Both answered the opinion, or the limit for answers passed; the reason says with what result."""
    answered = known.user_answered and known.enterprise_answered
    return (
        *_unless(
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
        *_unless(
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
        *_unless(
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
    verified = known.unreachable if known.close_reason is CloseReason.UNREACHABLE else (
        known.user_reached and known.account_matches
    )  # fmt: skip
    to_do = (
        "call twice, four hours apart, before closing as unreachable"
        if known.close_reason is CloseReason.UNREACHABLE
        else "record a return visit in which the user confirms the reply"
    )
    return (
        *_unless(verified, "/visits", "visit-needed", to_do),
        *_unless(
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
        *_unless(
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
        *_unless(known.procedure_named, "/procedure", "procedure-needed", "name the other procedure"),
        *_closed_by(frozenset({CloseReason.IN_OTHER_PROCEDURE}), known),
    )


def _closed_by(reasons: frozenset[CloseReason], known: Known) -> tuple[FieldError, ...]:
    """Weigh what every closing names: a reason that fits this way of closing, a finding that fits it, its unit."""
    reason, finding = known.close_reason, known.responsibility
    fits = ", ".join(sorted(reasons))
    if reason is None or reason not in reasons:
        return (_missing("/close_reason", "reason-does-not-fit", f"closed in this way: {fits}"),)
    if finding is None or finding not in FINDINGS[reason]:
        allowed = ", ".join(sorted(FINDINGS[reason]))
        return (_missing("/responsibility", "finding-does-not-fit", f"with {reason} goes: {allowed}"),)
    return _unless(
        finding is not Responsibility.ENTERPRISE or bool(known.responsible_unit),
        "/responsible_unit",
        "unit-needed",
        "name the enterprise's responsible unit",
    )


def user_wishes_it(known: Known) -> tuple[FieldError, ...]:
    """Require of a withdrawal in which words or by which call the user wished it."""
    return _reason(known)


def other_office_is_named(known: Known) -> tuple[FieldError, ...]:
    """Hand a case to an office that is named, with the reason why."""
    return (
        *_unless(known.office_named, "/office", "office-needed", "name the competent office"),
        *_reason(known),
    )


def merge_is_founded(known: Known) -> tuple[FieldError, ...]:
    """Let an officer say why; the machine merges only where the identity of the request is proven."""
    return _unless(
        known.reason_given or known.duplicate_evident,
        "/reason",
        "reason-needed",
        "say why both are one matter",
    )


def stood_there_before_merging(known: Known) -> tuple[FieldError, ...]:
    """Lead an undone merge back to the state before it, and nowhere else."""
    return (
        *_unless(
            known.going_to is not None and known.stood_at is known.going_to,
            "",
            "other-state",
            f"the case stood at {known.stood_at}",
        ),
        *_reason(known),
    )


def reopening_is_reasoned(known: Known) -> tuple[FieldError, ...]:
    """Ask a supervisor why a decision is reopened."""
    return _reason(known)


def there_was_a_reply(known: Known) -> tuple[FieldError, ...]:
    """Reopened with a reply at hand: back to its verification."""
    return (*_reason(known), *_unless(known.reply_seq > 0, "", "no-reply", "the enterprise never replied"))


def there_was_no_reply(known: Known) -> tuple[FieldError, ...]:
    """Reopened without a reply: back to before the forwarding."""
    return (*_reason(known), *_unless(known.reply_seq == 0, "", "has-reply", "the enterprise replied"))


def not_redone_before(known: Known) -> tuple[FieldError, ...]:
    """Let the hotline have a case done again once; after that the answer stands (rulebook 11.3)."""
    return _unless(
        known.redone == 0, "", "redone-before", "the case was done again before; its answer stands"
    )
