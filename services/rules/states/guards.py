"""What must be so before a case may move: the conditions of the rows of the state table, each as one pure function.

A guard returns what is still missing, as faults that say where the request has to be completed; nothing missing: ().
"""

from collections.abc import Callable
from dataclasses import dataclass

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


def missing(pointer: str, code: str, message: str) -> FieldError:
    """Return the fault of a field that says too little."""
    return FieldError(pointer, code, message)


def unless(fulfilled: bool, pointer: str, code: str, message: str) -> tuple[FieldError, ...]:  # noqa: FBT001 - reads as a sentence
    """Return nothing where a condition is fulfilled, else the fault that says what to do."""
    return () if fulfilled else (missing(pointer, code, message),)


def _reason(known: Known) -> tuple[FieldError, ...]:
    return unless(known.reason_given, "/reason", "reason-needed", "say why in `reason`")


def something_is_asked(known: Known) -> tuple[FieldError, ...]:
    """Name what is missing: a user who is asked for nothing can supply nothing (2014 art. 9(3))."""
    return unless(
        bool(known.asked_for), "/items", "items-needed", "name in `items` what the user has to supply"
    )


def refusal_is_grounded(known: Known) -> tuple[FieldError, ...]:
    """Refuse on a ground of rulebook 1.3, with its legal basis, and words for the user (2014 art. 10)."""
    return (
        *unless(known.refusal_ground is not None, "/ground", "ground-needed", "give the ground of refusal"),
        *unless(bool(known.legal_basis), "/legal_basis", "basis-needed", "quote the legal basis"),
        *_reason(known),
    )


def elements_were_asked_for(known: Known) -> tuple[FieldError, ...]:
    """Refuse for missing elements only somebody who was asked for them first (2014 art. 9(3); rulebook 1.3)."""
    unasked = known.refusal_ground is RefusalGround.MISSING_ELEMENTS and not known.supplement_asked
    return (
        *refusal_is_grounded(known),
        *unless(
            not unasked, "/ground", "not-asked-for", "ask the user for what is missing: `ask-supplement`"
        ),
    )


def supplement_did_not_come(known: Known) -> tuple[FieldError, ...]:
    """Refuse for missing elements only after the user's limit has passed (rulebook 2 [P])."""
    in_time = known.refusal_ground is RefusalGround.MISSING_ELEMENTS and not known.supplement_overdue
    return (
        *refusal_is_grounded(known),
        *unless(
            not in_time,
            "/ground",
            "limit-still-runs",
            "the user may still supply: wait until the limit has passed",
        ),
    )


def respondent_is_known(known: Known) -> tuple[FieldError, ...]:
    """Forward only to an enterprise that the administration supervises (2020 arts 8, 9(1))."""
    return unless(
        known.respondent_in_scope,
        "/carrier_code",
        "respondent-needed",
        "name in `carrier_code` the supervised enterprise that the case goes to",
    )


def reply_is_complete(known: Known) -> tuple[FieldError, ...]:
    """Require of a reply finding, unit, facts, action, and what was paid (rulebook 2.1)."""
    return tuple(
        missing(f"/{name}", "needed-for-a-complete-reply", f"a complete reply has `{name}`")
        for name in known.reply_missing
    )


def rework_has_ground(known: Known) -> tuple[FieldError, ...]:
    """Send a reply back on one of the two grounds of the old art. 22, with words that the enterprise can follow."""
    grounds = ", ".join(ReworkGround)
    return (
        *unless(known.rework_ground is not None, "/ground", "ground-needed", f"give one of {grounds}"),
        *_reason(known),
    )


def both_consent(known: Known) -> tuple[FieldError, ...]:
    """Mediation is voluntary: both parties' consent is on record (rulebook 2)."""
    return (
        *unless(known.user_consents, "/user_consent", "consent-needed", "record the user's consent"),
        *unless(
            known.enterprise_consents,
            "/enterprise_consent",
            "consent-needed",
            "record the enterprise's consent",
        ),
    )


def opinion_is_written(known: Known) -> tuple[FieldError, ...]:
    """Require words of a mediation opinion (调解意见)."""
    return unless(known.reason_given, "/opinion", "opinion-needed", "write the opinion")


def user_wishes_it(known: Known) -> tuple[FieldError, ...]:
    """Require of a withdrawal in which words or by which call the user wished it."""
    return _reason(known)


def other_office_is_named(known: Known) -> tuple[FieldError, ...]:
    """Hand a case to an office that is named, with the reason why."""
    return (
        *unless(known.office_named, "/office", "office-needed", "name the competent office"),
        *_reason(known),
    )


def merge_is_founded(known: Known) -> tuple[FieldError, ...]:
    """Let an officer say why; the machine merges only where the identity of the request is proven."""
    return unless(
        known.reason_given or known.duplicate_evident,
        "/reason",
        "reason-needed",
        "say why both are one matter",
    )


def stood_there_before_merging(known: Known) -> tuple[FieldError, ...]:
    """Lead an undone merge back to the state before it, and nowhere else."""
    return (
        *unless(
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
    return (*_reason(known), *unless(known.reply_seq > 0, "", "no-reply", "the enterprise never replied"))


def there_was_no_reply(known: Known) -> tuple[FieldError, ...]:
    """Reopened without a reply: back to before the forwarding."""
    return (*_reason(known), *unless(known.reply_seq == 0, "", "has-reply", "the enterprise replied"))


def not_redone_before(known: Known) -> tuple[FieldError, ...]:
    """Let the hotline have a case done again once; after that the answer stands (rulebook 11.3)."""
    return unless(known.redone == 0, "", "redone-before", "the case was done again before; its answer stands")
