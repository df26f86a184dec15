"""From a filing to rows: checked against reference data and the moment, normalised, sealed. No database.

Every fault of a filing is reported at once, each with its place and what to change. A doubt about a waybill or an
abolished region code is no fault: the filing is taken, and its receipt says so.
"""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from typing_extensions import TypedDict

from services.access.clients import Caller
from services.cases import opening, stored_deadlines
from services.cases.events import Event
from services.cases.new_case import HistoricalCase, NewCase, PlaceColumns
from services.decisions import facts, placing
from services.decisions.facts import FactColumns
from services.fields import Form
from services.intake import checks, party_row
from services.intake.filing import Filing, HistoricalFiling, Outcome, received_moment
from services.intake.notices import Notice
from services.intake.party_row import PartyRow
from services.reference.data import ReferenceData
from services.requests import answers
from services.rules.deadlines import schedule
from services.rules.deadlines.schedule import IntakeDeadlines
from services.rules.states.verbs import Actor
from shared import bulk, clock, ids
from shared.bulk import BulkInsert
from shared.errors import InvalidInputError
from shared.event_kinds import EventKind
from shared.privacy.keyring import KeyRing
from shared.vocabulary import Business, BusinessType, CaseScope, Level


class DueTimes(TypedDict):
    """The deadlines in a receipt."""

    accept_due_at: datetime
    total_due_at: datetime
    due_provisional: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """One filing, ready to be written: its request keys, and its rows but for the number, which the database gives."""

    complaint_id: uuid.UUID
    client_id: uuid.UUID
    keys: tuple[str, ...]
    fingerprint: bytes
    bucket: int
    complaint: NewCase
    party: PartyRow
    opened: Event
    due_times: DueTimes | None
    """None for history: no deadline runs for it."""
    deadlines: tuple[dict[str, object], ...]
    days: tuple[date, ...]
    notices: tuple[Notice, ...]
    facts: FactColumns | None
    """What the rules decide a live case on; None for history, which was decided elsewhere."""
    also: tuple[tuple[BulkInsert, dict[str, object]], ...] = ()
    """Rows of other tables that come with it, each with its insert."""
    answer: Mapping[str, object] = field(default_factory=dict)
    """What its receipt tells besides."""


@dataclass(frozen=True, slots=True)
class IntakeContext:
    """What every filing of one request is prepared with."""

    caller: Caller
    reference: ReferenceData = field(repr=False)
    ring: KeyRing = field(repr=False)
    now: datetime


def prepare(filing: Filing, context: IntakeContext, request_key: str | None = None) -> Prepared:
    """Check, normalise and seal one filing.

    Raises InvalidInputError with every fault found, or RequestKeyMissingError where the request could not be
    told from a repetition of itself.
    """
    keys = _request_keys(filing, request_key)
    received_at = received_moment(filing, context.now)
    faults = checks.Faults()
    checks.check_channel(filing, context.caller, faults)
    checks.check_codes(filing, context.reference, faults)
    checks.check_moments(filing, received_at, context.now, faults)
    persons = checks.normal_persons(filing, faults)
    regions, notices = checks.regions_of(filing, context.reference, faults)
    waybill, waybill_notices = checks.waybill_of(filing, context.reference)
    if faults.faults:
        raise InvalidInputError("The complaint does not have the required form; see errors.", faults.faults)
    complaint_id = ids.uuid7()
    bucket = ids.bucket_of(context.caller.client_id, keys[0])
    deadlines = schedule.intake_deadlines(
        received_at, context.reference.timetable(None), context.reference.deadlines
    )
    complaint: NewCase = {
        "bucket": bucket,
        "id": complaint_id,
        "client_id": context.caller.client_id,
        **_case_columns(filing, context),
        **regions,
        **_deadline_columns(received_at, deadlines),
    }
    all_notices = (*notices, *waybill_notices)
    event_data: dict[str, object] = {
        "channel": filing.channel,
        "notices": [notice.code for notice in all_notices],
    }
    outcome = filing.outcome if isinstance(filing, HistoricalFiling) else None
    if outcome is not None:
        place, decision = placing.place(complaint, filing.urgency, context.reference, context.now)
        complaint = _with_outcome(complaint, outcome, place)
        event_data |= decision
    return Prepared(
        complaint_id=complaint_id,
        client_id=context.caller.client_id,
        keys=keys,
        fingerprint=fingerprint(filing),
        bucket=bucket,
        complaint=complaint,
        party=party_row.of_filing(filing, persons, waybill, bucket, complaint_id, context.ring),
        opened=_opened(bucket, complaint_id, event_data, None if outcome is not None else deadlines),
        due_times=due_times(deadlines) if outcome is None else None,
        deadlines=() if outcome is not None else _deadline_rows(bucket, complaint_id, deadlines),
        days=_days(received_at, outcome),
        notices=all_notices,
        facts=facts.of_mapping({**complaint, "urgency": filing.urgency}) if outcome is None else None,
    )


def fingerprint(form: Form) -> bytes:
    """Return the digest by which a repeated request is recognised; a field left out equals its default."""
    return hashlib.sha256(form.model_dump_json(exclude_defaults=True).encode()).digest()


def _request_keys(filing: Filing, request_key: str | None) -> tuple[str, ...]:
    # the sender's own number first: it names the case, and so the bucket, whatever key a retry carries
    keys = [f"ref:{filing.external_ref}"] if filing.external_ref else []
    if request_key is not None:
        keys.append(f"key:{request_key}")
    if not keys:
        raise answers.RequestKeyMissingError(
            "Send the header `Idempotency-Key` (up to 255 visible ASCII characters, a new one for each complaint), "
            "or `external_ref` in the body, so that a repeated request is not counted twice."
        )
    return tuple(keys)


def _case_columns(filing: Filing, context: IntakeContext) -> NewCase:
    item, first = filing.item, filing.enterprise_complaint
    agent = filing.complainant.agent
    historical = isinstance(filing, HistoricalFiling)
    default = BusinessType.EXPRESS if filing.business is Business.EXPRESS else BusinessType.OTHER
    return {
        "external_ref": filing.external_ref,
        "cites": filing.cites,
        "scope": CaseScope.IMPORT if historical else CaseScope.LIVE,
        "channel": filing.channel,
        "status": opening.opening_status(Actor.IMPORT if historical else Actor.INTAKE),
        "level": filing.level if isinstance(filing, HistoricalFiling) else Level.NORMAL,
        "business": filing.business,
        "business_type": filing.business_type or default,
        "carrier_code": filing.carrier_code,
        "issue_code": filing.issue_code,
        "issue_detail_code": filing.issue_detail_code,
        "taxonomy_version": context.reference.taxonomy_version,
        "role": filing.complainant.role,
        "agent_authorised": agent is not None and agent.authorisation_ref is not None,
        "elements_complete": filing.request is not None,
        "goods": item.goods,
        "urgency": bulk.array_literal(sorted(set(filing.urgency))),
        "upper_assignment": filing.upper_assignment,
        "declared_value_fen": item.declared_value_fen,
        "freight_fen": item.freight_fen,
        "requested_fen": filing.requested_fen,
        "mailed_on": item.mailed_on,
        "enterprise_outcome": first.outcome if first else None,
        "enterprise_complained_on": first.complained_on if first else None,
        "other_procedure": filing.other_procedure,
        "outlet": filing.outlet,
        "confidential": False,
        "hotline_orders": 0,
    }


def _deadline_columns(received_at: datetime, deadlines: IntakeDeadlines) -> NewCase:
    return {
        "received_at": received_at,
        "total_due_at": deadlines.total.due_at,
        "next_due_at": min(deadlines.acceptance.due_at, deadlines.total.due_at),
        "deadline_version": deadlines.total.deadline_version,
    }


def _deadline_rows(
    bucket: int, complaint_id: uuid.UUID, deadlines: IntakeDeadlines
) -> tuple[dict[str, object], ...]:
    return tuple(
        stored_deadlines.row(bucket, complaint_id, deadline)
        for deadline in (deadlines.acceptance, deadlines.total)
    )


def _with_outcome(complaint: NewCase, outcome: Outcome, place: PlaceColumns) -> HistoricalCase:
    return {
        **complaint,
        **place,
        "next_due_at": None,
        "accepted_at": outcome.accepted_at,
        "closed_at": outcome.closed_at,
        "close_reason": outcome.close_reason,
        "responsibility": outcome.responsibility,
        "failing_link": outcome.failing_link,
        "satisfied_administration": outcome.satisfied_administration,
        "satisfied_enterprise": outcome.satisfied_enterprise,
        "reply_overdue": outcome.reply_overdue,
        "reply_untruthful": outcome.reply_untruthful,
        "recovered_fen": outcome.recovered_fen,
    }


def due_times(deadlines: IntakeDeadlines) -> DueTimes:
    """Return the deadlines in a receipt."""
    return {
        "accept_due_at": deadlines.acceptance.due_at,
        "total_due_at": deadlines.total.due_at,
        "due_provisional": deadlines.provisional,
    }


def _opened(
    bucket: int, complaint_id: uuid.UUID, event_data: dict[str, object], deadlines: IntakeDeadlines | None
) -> Event:
    if deadlines is None:
        return Event(bucket, complaint_id, 1, EventKind.IMPORTED, Actor.IMPORT, event_data)
    event_data["deadlines"] = {
        **due_times(deadlines),
        "deadline_version": deadlines.total.deadline_version,
        "calendar_version": deadlines.total.calendar_version,
    }
    return Event(bucket, complaint_id, 1, EventKind.RECEIVED, Actor.INTAKE, event_data)


def _days(received_at: datetime, outcome: Outcome | None) -> tuple[date, ...]:
    moments = [received_at, *((outcome.accepted_at, outcome.closed_at) if outcome is not None else ())]
    return tuple({clock.civil_day(moment) for moment in moments if moment is not None})
