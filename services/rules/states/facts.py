"""The facts that guards decide on: one class for each verb that has a guard, and no field with a default.

A step that forgets a fact does not pass the type checker. The class names its verb, so that the facts of
one verb cannot be given for another.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

from services.rules.states.verbs import Verb
from shared.vocabulary import CloseReason, RefusalGround, Responsibility, ReworkGround, Status

FreeVerb = Literal[Verb.RECEIVE, Verb.IMPORT, Verb.ACCEPT, Verb.SUPPLEMENT]
"""Verbs whose rows have no guard: they need no facts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveFacts:
    """What a request says and what was done about the case so far, as far as the guards of one verb ask for it."""

    verb: ClassVar[Verb]


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementRequestFacts(MoveFacts):
    """Facts of the question to the user (补正)."""

    verb: ClassVar[Verb] = Verb.REQUEST_SUPPLEMENT
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalFacts(MoveFacts):
    """Facts of a refusal (不予受理)."""

    verb: ClassVar[Verb] = Verb.REFUSE
    has_reason: bool
    ground: RefusalGround | None
    legal_basis: str | None
    supplement_requested: bool
    supplement_overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardingFacts(MoveFacts):
    """Facts of the forwarding to the enterprise (转办)."""

    verb: ClassVar[Verb] = Verb.FORWARD
    respondent_in_scope: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyFacts(MoveFacts):
    """Facts of the enterprise's reply (企业答复)."""

    verb: ClassVar[Verb] = Verb.REPLY
    missing_fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReworkFacts(MoveFacts):
    """Facts of a reply that goes back (退回重办)."""

    verb: ClassVar[Verb] = Verb.REWORK
    has_reason: bool
    ground: ReworkGround | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentFacts(MoveFacts):
    """Facts of the beginning of a mediation (调解)."""

    verb: ClassVar[Verb] = Verb.MEDIATE
    user_consents: bool
    enterprise_consents: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionFacts(MoveFacts):
    """Facts of the mediation opinion (调解意见)."""

    verb: ClassVar[Verb] = Verb.PROPOSE
    has_opinion: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingFacts(MoveFacts):
    """What every closing names: its reason, the finding, and the enterprise's unit."""

    close_reason: CloseReason | None
    responsibility: Responsibility | None
    responsible_unit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MediationFacts(FindingFacts):
    """Facts of the end of a mediation."""

    verb: ClassVar[Verb] = Verb.CONCLUDE
    user_answered: bool
    enterprise_answered: bool
    answer_deadline_passed: bool
    consent_withdrawn: bool
    user_reached: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingFacts(FindingFacts):
    """Facts of the closing after verification (结案)."""

    verb: ClassVar[Verb] = Verb.CLOSE
    user_reached: bool
    account_matches: bool
    unreachable: bool
    settlement_lawful: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnansweredClosingFacts(FindingFacts):
    """Facts of the closing without a reply of the enterprise."""

    verb: ClassVar[Verb] = Verb.CLOSE_UNANSWERED
    enterprise_overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherProcedureFacts(FindingFacts):
    """Facts of the closing for another procedure."""

    verb: ClassVar[Verb] = Verb.CLOSE_OTHER_PROCEDURE
    has_procedure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalFacts(MoveFacts):
    """Facts of a withdrawal by the user (撤回)."""

    verb: ClassVar[Verb] = Verb.WITHDRAW
    has_reason: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferFacts(MoveFacts):
    """Facts of the transfer to another office (转其他部门)."""

    verb: ClassVar[Verb] = Verb.TRANSFER
    has_reason: bool
    has_office: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeFacts(MoveFacts):
    """Facts of a merge (并案)."""

    verb: ClassVar[Verb] = Verb.MERGE
    has_reason: bool
    duplicate_evident: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmergeFacts(MoveFacts):
    """Facts of a merge that is undone: the status before it, and the status that the case is to have again."""

    verb: ClassVar[Verb] = Verb.UNMERGE
    has_reason: bool
    status_before: Status | None
    target: Status | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopeningFacts(MoveFacts):
    """Facts of a reopening by a supervisor."""

    verb: ClassVar[Verb] = Verb.REOPEN
    has_reason: bool
    reply_seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RedoFacts(MoveFacts):
    """Facts of a hotline's demand to do the case again (重新办理)."""

    verb: ClassVar[Verb] = Verb.REDO
    times_redone: int
