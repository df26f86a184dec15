"""What must be so before a case may move: the conditions of the rows of the state table, each as one pure function.

A guard returns what is still missing, as faults that say where the request has to be completed; nothing missing: ().
"""

from services.rules.states.facts import (
    ConsentFacts,
    ForwardingFacts,
    MergeFacts,
    OpinionFacts,
    RedoFacts,
    RefusalFacts,
    ReopeningFacts,
    ReplyFacts,
    ReworkFacts,
    SupplementRequestFacts,
    TransferFacts,
    UnmergeFacts,
    WithdrawalFacts,
)
from shared.errors import FieldError
from shared.vocabulary import RefusalGround, ReworkGround

GuardFaults = tuple[FieldError, ...]


def missing(pointer: str, code: str, message: str) -> FieldError:
    """Return the fault of a field that says too little."""
    return FieldError(pointer, code, message)


def unless(fulfilled: bool, pointer: str, code: str, message: str) -> GuardFaults:  # noqa: FBT001 - reads as a sentence
    """Return nothing where a condition is fulfilled, else the fault that says what to do."""
    return () if fulfilled else (missing(pointer, code, message),)


def _reason(has_reason: bool) -> GuardFaults:  # noqa: FBT001 - the one fact of this guard
    return unless(has_reason, "/reason", "reason-needed", "say why in `reason`")


def something_is_requested(facts: SupplementRequestFacts) -> GuardFaults:
    """Name what is missing: a user who is asked for nothing can supply nothing (2014 art. 9(3))."""
    return unless(bool(facts.items), "/items", "items-needed", "name in `items` what the user has to supply")


def refusal_is_grounded(facts: RefusalFacts) -> GuardFaults:
    """Refuse on a ground of rulebook 1.3, with its legal basis, and words for the user (2014 art. 10)."""
    return (
        *unless(facts.ground is not None, "/ground", "ground-needed", "give the ground of refusal"),
        *unless(bool(facts.legal_basis), "/legal_basis", "basis-needed", "quote the legal basis"),
        *_reason(facts.has_reason),
    )


def elements_were_requested(facts: RefusalFacts) -> GuardFaults:
    """Refuse for missing elements only somebody who was asked for them first (2014 art. 9(3); rulebook 1.3)."""
    is_premature = facts.ground is RefusalGround.MISSING_ELEMENTS and not facts.supplement_requested
    return (
        *refusal_is_grounded(facts),
        *unless(
            not is_premature,
            "/ground",
            "not-requested",
            "ask the user for what is missing: `request-supplement`",
        ),
    )


def supplement_did_not_come(facts: RefusalFacts) -> GuardFaults:
    """Refuse for missing elements only after the user's deadline has passed (rulebook 2 [P])."""
    is_in_time = facts.ground is RefusalGround.MISSING_ELEMENTS and not facts.supplement_overdue
    return (
        *refusal_is_grounded(facts),
        *unless(
            not is_in_time,
            "/ground",
            "deadline-still-runs",
            "the user may still supply: wait until the deadline has passed",
        ),
    )


def respondent_is_known(facts: ForwardingFacts) -> GuardFaults:
    """Forward only to an enterprise that the administration supervises (2020 arts 8, 9(1))."""
    return unless(
        facts.respondent_in_scope,
        "/carrier_code",
        "respondent-needed",
        "name in `carrier_code` the supervised enterprise that the case goes to",
    )


def reply_is_complete(facts: ReplyFacts) -> GuardFaults:
    """Require of a reply finding, unit, facts, action, and what was paid (rulebook 2.1)."""
    return tuple(
        missing(f"/{name}", "needed-for-a-complete-reply", f"a complete reply has `{name}`")
        for name in facts.missing_fields
    )


def rework_has_ground(facts: ReworkFacts) -> GuardFaults:
    """Send a reply back on one of the two grounds of the old art. 22, with words that the enterprise can follow."""
    grounds = ", ".join(ReworkGround)
    return (
        *unless(facts.ground is not None, "/ground", "ground-needed", f"give one of {grounds}"),
        *_reason(facts.has_reason),
    )


def both_consent(facts: ConsentFacts) -> GuardFaults:
    """Mediation is voluntary: both parties' consent is on record (rulebook 2)."""
    return (
        *unless(facts.user_consents, "/user_consent", "consent-needed", "record the user's consent"),
        *unless(
            facts.enterprise_consents,
            "/enterprise_consent",
            "consent-needed",
            "record the enterprise's consent",
        ),
    )


def opinion_is_written(facts: OpinionFacts) -> GuardFaults:
    """Require words of a mediation opinion (调解意见)."""
    return unless(facts.has_opinion, "/opinion", "opinion-needed", "write the opinion")


def user_wishes_it(facts: WithdrawalFacts) -> GuardFaults:
    """Require the text or the call by which the user requested the withdrawal."""
    return _reason(facts.has_reason)


def other_office_is_named(facts: TransferFacts) -> GuardFaults:
    """Hand a case to an office that is named, with the reason why."""
    return (
        *unless(facts.has_office, "/office", "office-needed", "name the competent office"),
        *_reason(facts.has_reason),
    )


def merge_is_founded(facts: MergeFacts) -> GuardFaults:
    """Let an officer say why; the machine merges only where the identity of the request is proven."""
    return unless(
        facts.has_reason or facts.duplicate_evident,
        "/reason",
        "reason-needed",
        "say why both are one matter",
    )


def stood_there_before_merging(facts: UnmergeFacts) -> GuardFaults:
    """Lead an undone merge back to the state before it, and nowhere else."""
    return (
        *unless(
            facts.target is not None and facts.status_before is facts.target,
            "",
            "other-state",
            f"the case stood at {facts.status_before}",
        ),
        *_reason(facts.has_reason),
    )


def reopening_is_reasoned(facts: ReopeningFacts) -> GuardFaults:
    """Ask a supervisor why a decision is reopened."""
    return _reason(facts.has_reason)


def there_was_a_reply(facts: ReopeningFacts) -> GuardFaults:
    """Reopened with a stored reply: back to its verification."""
    return (
        *_reason(facts.has_reason),
        *unless(facts.reply_seq > 0, "", "no-reply", "the enterprise never replied"),
    )


def there_was_no_reply(facts: ReopeningFacts) -> GuardFaults:
    """Reopened without a reply: back to before the forwarding."""
    return (
        *_reason(facts.has_reason),
        *unless(facts.reply_seq == 0, "", "has-reply", "the enterprise replied"),
    )


def not_redone_before(facts: RedoFacts) -> GuardFaults:
    """Let the hotline have a case done again once; after that the answer stands (rulebook 11.3)."""
    return unless(
        facts.times_redone == 0, "", "redone-before", "the case was done again before; its answer stands"
    )
