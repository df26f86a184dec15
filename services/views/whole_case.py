"""The whole case as an answer: what an officer reads of a case, of its history, and of all that was done about it."""

import uuid
from datetime import date
from typing import Literal

from pydantic import Field, JsonValue

from services.fields import CivilTime, View
from services.reference.labels import CodeName, IssueName
from services.rules.states.verbs import Verb
from services.views.deadlines_explained import CaseDeadline
from services.views.explanation import ExplainedAdmission
from shared.event_kinds import EventKind
from shared.vocabulary import (
    Business,
    BusinessType,
    CaseScope,
    Channel,
    FailingLink,
    Goods,
    Level,
    OtherProcedure,
    RefusalGround,
    Responsibility,
    Role,
    Status,
    Urgency,
)


class CaseColumns(View):
    """The columns of a case, as they are."""

    number: str
    external_ref: str | None
    cites: str | None = Field(
        description="Number of an earlier case that this one repeats, as the filing says."
    )
    scope: CaseScope
    channel: Channel
    status: Status
    status_since: CivilTime
    level: Level
    version: int
    business: Business
    business_type: BusinessType
    carrier_code: str
    issue_code: str
    issue_detail_code: str | None
    role: Role
    goods: Goods
    urgency: list[Urgency]
    confidential: bool
    dispute_region: str | None
    mailing_region: str | None
    delivery_region: str | None
    complainant_region: str | None
    declared_value_fen: int | None
    freight_fen: int | None
    requested_fen: int | None
    mailed_on: date | None
    enterprise_outcome: str | None
    enterprise_complained_on: date | None
    other_procedure: OtherProcedure
    outlet: str | None
    received_at: CivilTime
    next_due_at: CivilTime | None
    total_due_at: CivilTime
    triage: bool
    bounces: int = Field(description="How often bureaus sent the case to another one.")
    claimed_by: str | None
    claimed_at: CivilTime | None
    contacted_at: CivilTime | None
    routed_at: CivilTime | None
    accepted_at: CivilTime | None
    refused_at: CivilTime | None
    refusal_ground: RefusalGround | None
    forwarded_at: CivilTime | None
    acknowledged_at: CivilTime | None
    replied_at: CivilTime | None
    reply_seq: int = Field(description="Number of the latest reply of the enterprise.")
    redone: int
    escalated_at: CivilTime | None
    overdue_total: bool
    suspected_violation: bool
    hotline_orders: int
    closed_at: CivilTime | None
    close_reason: str | None
    responsibility: Responsibility | None
    responsible_unit: str | None
    failing_link: FailingLink | None
    overturned: bool
    satisfied_administration: bool | None
    satisfied_enterprise: bool | None
    reply_overdue: bool
    reply_untruthful: bool
    recovered_fen: int


class MaskedPerson(View):
    """A person, each field masked."""

    name: str | None = None
    phone: str | None = None
    other_phone: str | None = None
    address: str | None = None
    identity_card: str | None = None


class MaskedPersons(View):
    """The persons of a case, masked; empty where the user asked for confidentiality and the officer is no supervisor."""

    complainant: MaskedPerson | None = None
    agent: MaskedPerson | None = None
    sender: MaskedPerson | None = None
    addressee: MaskedPerson | None = None


class Matter(View):
    """The sealed record: persons and item masked, the complaint and the request in the user's words."""

    persons: MaskedPersons
    waybill: str | None
    cause: str | None
    request: str | None
    enterprise_complaint: dict[str, JsonValue] | None = Field(
        description="The complaint to the enterprise before, as filed."
    )
    dispute_address: str | None


class StatusSentence(View):
    """How the case stands, as a sentence to read out."""

    zh: str
    en: str


class CaseEvent(View):
    """An event of the history."""

    seq: int
    kind: EventKind
    actor: str
    by: str | None
    at: CivilTime
    data: dict[str, JsonValue] = Field(
        description="Facts of the event; empty for decisions, which are explained."
    )
    words: dict[str, str] = Field(description="What somebody wrote, by field of the form.")


class CarrierReply(View):
    """A reply of the enterprise."""

    reply_seq: int
    received_at: CivilTime
    reply_ref: str
    complete: bool
    missing: list[str]
    late: bool
    untruthful: bool
    responsibility_admitted: bool | None
    responsible_unit: str | None
    responsible_link: FailingLink | None
    compensation_fen: int | None
    paid_on: date | None
    other_procedure: OtherProcedure | None
    facts: str | None
    action: str | None
    contact_log: str | None
    attachments: list[uuid.UUID]


class ReturnVisit(View):
    """A return visit (回访)."""

    seq: int
    at: CivilTime
    by: str
    source: Literal["DESK", "HOTLINE"]
    reached: bool
    account_matches: bool | None
    solved: bool | None
    satisfied_administration: bool | None
    satisfied_enterprise: bool | None


class LedgerEntry(View):
    """An entry of the ledger of remedies."""

    seq: int
    at: CivilTime
    by: str
    kind: Literal["COMPENSATION", "REFUND", "APOLOGY"]
    amount_fen: int
    paid_on: date | None
    counters: int | None = Field(description="Number of the entry that this one reverses.")


class FindingReview(View):
    """A change of the finding after the closing."""

    seq: int
    at: CivilTime
    by: str
    bureau_code: str
    responsibility_before: Responsibility | None
    responsibility_after: Responsibility
    unit_before: str | None
    unit_after: str | None
    link_before: FailingLink | None
    link_after: FailingLink | None


class DuplicateProposal(View):
    """A case that is, or was, proposed as a duplicate."""

    number: str
    status: Status
    channel: Channel
    received_at: CivilTime
    evidence: list[str]
    state: Literal["PROPOSED", "MERGED", "DISMISSED"]


class MergeLinks(View):
    """The case that goes on for this one, and those that were merged into this one."""

    into: str | None
    took_over: list[str]


class EvidenceFile(View):
    """A file of the case."""

    id: uuid.UUID
    name: str | None
    media_type: str
    size: int
    sha256: str
    at: CivilTime
    by: str
    source: str
    shared_with_carrier: bool


class HotlineOrder(View):
    """A work order of a 12345 hotline that follows the case."""

    region: str
    order_no: str
    parent_order_no: str | None
    kind: str
    received_at: CivilTime
    due_at: CivilTime | None
    extension: Literal["ASKED", "GRANTED", "REFUSED"] | None
    extension_asked_to: CivilTime | None
    signed_at: CivilTime | None
    returned_at: CivilTime | None
    return_reason: str | None
    interim_due_at: CivilTime | None
    interim_at: CivilTime | None
    answered_at: CivilTime | None
    finished_at: CivilTime | None
    withdrawn_at: CivilTime | None
    urged: int
    urged_at: CivilTime | None
    supervised_at: CivilTime | None
    redone: int


class LinkProposal(View):
    """The link of the enterprise's chain that the scans point at: a proposal, never a finding."""

    failing_link: FailingLink
    region: str | None
    confidence: int = Field(description="From 0 to 100.")
    rule: str
    version: str
    events: list[str]
    words: str


class TraceScan(View):
    """A scan of the item."""

    event_id: str
    occurred_at: CivilTime
    system: str
    code: str
    state: str
    region: str | None
    outlet: str | None


class ItemTrace(View):
    """The scans of the item, and what they propose."""

    state: str
    heard_at: CivilTime = Field(description="Moment of the latest scan.")
    unknown: int = Field(description="Scans whose code is not known.")
    proposal: LinkProposal | None
    tried: list[tuple[str, str, str]] = Field(description="Each rule that was tried: its id, outcome, note.")
    scans: list[TraceScan]


class WholeCase(CaseColumns, Matter):
    """A case with all that is known and was done, persons masked."""

    status_name: str
    level_name: str
    carrier: CodeName
    issue: IssueName
    handling_bureau: CodeName | None
    supervising_bureau: CodeName | None
    copied_to: list[CodeName]
    allowed: list[Verb] = Field(description="Moves of the workflow that this officer may make now.")
    sentence: StatusSentence
    deadlines: list[CaseDeadline]
    admission: ExplainedAdmission | None
    history: list[CaseEvent]
    replies: list[CarrierReply]
    visits: list[ReturnVisit]
    remedies: list[LedgerEntry]
    reviews: list[FindingReview]
    duplicates: list[DuplicateProposal]
    merged: MergeLinks
    evidence: list[EvidenceFile]
    orders: list[HotlineOrder]
    trace: ItemTrace | None = Field(description="Null without scans.")
