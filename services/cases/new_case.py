"""The columns of a case that begins, typed: live, or from the past with its place and its outcome."""

import uuid
from datetime import date, datetime

from typing_extensions import TypedDict

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
    Responsibility,
    Role,
    Status,
)


class NewCase(TypedDict, total=False):
    """The columns of a case that begins here. `number` comes last, from the database; `urgency` is an array literal."""

    bucket: int
    id: uuid.UUID
    number: str
    client_id: uuid.UUID
    external_ref: str | None
    cites: str | None
    scope: CaseScope
    channel: Channel
    status: Status
    level: Level
    business: Business
    business_type: BusinessType
    carrier_code: str
    issue_code: str
    issue_detail_code: str | None
    taxonomy_version: int
    role: Role
    agent_authorised: bool
    elements_complete: bool
    goods: Goods
    urgency: str
    dispute_region: str | None
    mailing_region: str | None
    delivery_region: str | None
    complainant_region: str | None
    upper_assignment: str | None
    declared_value_fen: int | None
    freight_fen: int | None
    requested_fen: int | None
    mailed_on: date | None
    enterprise_outcome: EnterpriseOutcome | None
    enterprise_complained_on: date | None
    other_procedure: OtherProcedure
    outlet: str | None
    confidential: bool
    hotline_orders: int
    received_at: datetime
    total_due_at: datetime
    next_due_at: datetime | None
    deadline_version: str


class PlaceColumns(TypedDict):
    """The columns of a case that its place sets."""

    handling_bureau: str
    supervising_bureau: str
    province: str
    routed_at: datetime


class HistoricalCase(NewCase, PlaceColumns, total=False):
    """The columns of a case that history brings with its outcome and its place."""

    accepted_at: datetime | None
    closed_at: datetime
    close_reason: str
    responsibility: Responsibility
    failing_link: FailingLink | None
    satisfied_administration: bool | None
    satisfied_enterprise: bool | None
    reply_overdue: bool
    reply_untruthful: bool
    recovered_fen: int
