"""Records of a case as an answer: replies, visits, remedies, reviews, duplicates, files, work orders, scans."""

import uuid
from datetime import date
from typing import Literal

from pydantic import Field

from services.fields import CivilTime, View
from shared.vocabulary import Channel, FailingLink, OtherProcedure, Responsibility, Status


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
    reverses: int | None = Field(description="Number of the entry that this one reverses.")


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
    children: list[str]


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
    extension_requested_to: CivilTime | None
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
