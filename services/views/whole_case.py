"""The whole case as an answer: what an officer reads of a case, of its history, and of all that was done about it."""

from datetime import date

from pydantic import Field, JsonValue

from services.fields import CivilTime, CloseReasonCode, View
from services.reference.labels import CodeName, IssueName
from services.rules.states.verbs import Verb
from services.views.case_records import (
    CarrierReply,
    DuplicateProposal,
    EvidenceFile,
    FindingReview,
    HotlineOrder,
    LedgerEntry,
    MergeLinks,
    ReturnVisit,
)
from services.views.deadlines_explained import CaseDeadline
from services.views.explanation import ExplainedAdmission
from services.views.item_trace import ItemTrace
from services.views.masked_persons import MaskedPersons
from shared.event_kinds import EventKind
from shared.vocabulary import (
    Business,
    BusinessType,
    CaseScope,
    Channel,
    EnterpriseOutcome,
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
    enterprise_outcome: EnterpriseOutcome | None
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
    close_reason: CloseReasonCode | None
    responsibility: Responsibility | None
    responsible_unit: str | None
    failing_link: FailingLink | None
    overturned: bool
    satisfied_administration: bool | None
    satisfied_enterprise: bool | None
    reply_overdue: bool
    reply_untruthful: bool
    recovered_fen: int


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
    texts: dict[str, str] = Field(description="What somebody wrote, by field of the form.")


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
