"""The columns of a case that a change may set, typed: a misspelled one does not pass the type checker."""

import uuid
from datetime import date, datetime

from typing_extensions import TypedDict


class CaseUpdate(TypedDict, total=False):
    """Values by column. Those of array columns are array literals (`shared.bulk.array_literal`)."""

    status: str
    status_since: datetime
    level: str
    carrier_code: str
    outlet: str | None
    hotline_orders: int
    # where it lies
    handling_bureau: str | None
    supervising_bureau: str | None
    province: str
    triage: bool
    copied_to: str
    bounces: int
    claimed_by: str | None
    claimed_at: datetime | None
    # when it moved
    routed_at: datetime
    accepted_at: datetime
    acknowledged_at: datetime
    contacted_at: datetime
    forwarded_at: datetime
    replied_at: datetime
    refused_at: datetime | None
    closed_at: datetime | None
    escalated_at: datetime
    # what the user supplied
    urgency: str
    elements_complete: bool
    agent_authorised: bool
    confidential: bool
    mailed_on: date
    enterprise_outcome: str
    enterprise_complained_on: date | None
    other_procedure: str
    # the reply of the enterprise
    reply_seq: int
    reply_overdue: bool
    reply_untruthful: bool
    redone: int
    overdue_total: bool
    # a merge
    merged_into_bucket: int | None
    merged_into: uuid.UUID | None
    merged_from: str | None
    # the end
    refusal_ground: str | None
    close_reason: str | None
    responsibility: str
    responsible_unit: str | None
    failing_link: str | None
    suspected_violation: bool
    overturned: bool
    satisfied_administration: bool
    satisfied_enterprise: bool
    recovered_fen: int
