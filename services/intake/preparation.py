"""From a filing to rows: checked against reference data and the moment, normalised, sealed. No database.

Every fault of a filing is reported at once, each with its place and what to change. A doubt about a waybill or an
abolished region code is no fault: the filing is taken, and its receipt says so.
"""

import hashlib
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from services.access.clients import Caller
from services.cases import opening, parties, stored_deadlines
from services.cases.events import Event
from services.decisions import facts, placing
from services.decisions.facts import FactColumns
from services.fields import Form
from services.intake import checks
from services.intake.filing import Filing, HistoricalFiling, OrderFiling, Outcome, Party, received_moment
from services.intake.notices import Notice
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
from shared.vocabulary import Business, BusinessType, CaseScope, Level, Role

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Prepared:
    """One filing, ready to be written: its request keys, and its rows but for the number, which the database gives."""

    complaint_id: uuid.UUID
    client_id: uuid.UUID
    keys: tuple[str, ...]
    fingerprint: bytes
    bucket: int
    complaint: Row
    party: Row
    opened: Event
    clocks: tuple[Row, ...]
    days: tuple[date, ...]
    notices: tuple[Notice, ...]
    facts: FactColumns | None
    """What the rules decide a live case on; None for history, which was decided elsewhere."""
    also: tuple[tuple[BulkInsert, Row], ...] = ()
    """Rows of other tables that come with it, each with its insert."""
    answer: Mapping[str, Any] = field(default_factory=dict)
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
    identity = {"bucket": bucket, "id": complaint_id, "client_id": context.caller.client_id}
    deadlines = schedule.intake_deadlines(
        received_at, context.reference.timetable(None), context.reference.deadlines
    )
    complaint = (
        identity | _case_columns(filing, context) | regions | _deadline_columns(received_at, deadlines)
    )
    all_notices = (*notices, *waybill_notices)
    event_data: Row = {"channel": filing.channel, "notices": [notice.code for notice in all_notices]}
    outcome = filing.outcome if isinstance(filing, HistoricalFiling) else None
    if outcome is not None:
        place, decision = placing.place(complaint, filing.urgency, context.reference, context.now)
        complaint |= _outcome_columns(outcome) | place | {"next_due_at": None}
        event_data |= decision
    return Prepared(
        complaint_id=complaint_id,
        client_id=context.caller.client_id,
        keys=keys,
        fingerprint=fingerprint(filing),
        bucket=bucket,
        complaint=complaint,
        party=_party_row(filing, persons, waybill, bucket, complaint_id, context.ring),
        opened=_opened(bucket, complaint_id, event_data, None if outcome is not None else deadlines),
        clocks=() if outcome is not None else _deadline_rows(bucket, complaint_id, deadlines),
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


def _case_columns(filing: Filing, context: IntakeContext) -> Row:
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


def _deadline_columns(received_at: datetime, deadlines: IntakeDeadlines) -> Row:
    return {
        "received_at": received_at,
        "total_due_at": deadlines.total.due_at,
        "next_due_at": min(deadlines.acceptance.due_at, deadlines.total.due_at),
        "deadline_version": deadlines.total.deadline_version,
    }


def _deadline_rows(bucket: int, complaint_id: uuid.UUID, deadlines: IntakeDeadlines) -> tuple[Row, ...]:
    return tuple(
        stored_deadlines.row(bucket, complaint_id, deadline)
        for deadline in (deadlines.acceptance, deadlines.total)
    )


def _outcome_columns(outcome: Outcome) -> Row:
    return {name: getattr(outcome, name) for name in Outcome.model_fields}


def _party_row(
    filing: Filing,
    persons: checks.Persons,
    waybill: str | None,
    bucket: int,
    complaint_id: uuid.UUID,
    ring: KeyRing,
) -> Row:
    index: Callable[[str, str], bytes] = ring.index.of
    return {
        "bucket": bucket,
        "complaint_id": complaint_id,
        "sealed": parties.seal(_sealed_content(filing, persons, waybill), ring, complaint_id),
        "phone_index": index("phone", persons.phone),
        "identity_index": index("identity", persons.identity_card) if persons.identity_card else None,
        "waybill_index": index("waybill", waybill) if waybill else None,
    }


def _sealed_content(filing: Filing, persons: checks.Persons, waybill: str | None) -> Row:
    who, first = filing.complainant, filing.enterprise_complaint
    content: Row = {
        "complainant": {"name": who.name, "phone": persons.phone, "address": who.address},
        "cause": filing.cause,
        "request": filing.request,
        "waybill": waybill or filing.item.waybill,
    }
    if persons.identity_card:
        content["complainant"]["identity_card"] = persons.identity_card
    if isinstance(filing, OrderFiling) and filing.other_phone:
        # beside the first, never among the words of the case, which are shown unmasked
        content["complainant"]["other_phone"] = filing.other_phone
    if who.agent is not None and who.role is Role.AGENT:
        content["agent"] = {
            "name": who.agent.name,
            "phone": persons.agent,
            "authorisation_ref": who.agent.authorisation_ref,
        }
    for name, party, phone in (
        ("sender", filing.sender, persons.sender),
        ("addressee", filing.addressee, persons.addressee),
    ):
        if party is not None:
            content[name] = _party_content(party, phone)
    if filing.dispute is not None and filing.dispute.address:
        content["dispute_address"] = filing.dispute.address
    if first is not None and (first.channel or first.result):
        content["enterprise_complaint"] = {"channel": first.channel, "result": first.result}
    return content


def _party_content(party: Party, phone: str | None) -> Row:
    return {"name": party.name, "phone": phone, "address": party.address}


def due_times(deadlines: IntakeDeadlines) -> Row:
    """Return the deadlines in a receipt."""
    return {
        "accept_due_at": deadlines.acceptance.due_at,
        "total_due_at": deadlines.total.due_at,
        "due_provisional": deadlines.provisional,
    }


def _opened(
    bucket: int, complaint_id: uuid.UUID, event_data: Row, deadlines: IntakeDeadlines | None
) -> Event:
    if deadlines is None:
        return Event(bucket, complaint_id, 1, EventKind.IMPORTED, Actor.IMPORT, event_data)
    versions = {
        "deadline_version": deadlines.total.deadline_version,
        "calendar_version": deadlines.total.calendar_version,
    }
    event_data |= {"deadlines": due_times(deadlines) | versions}
    return Event(bucket, complaint_id, 1, EventKind.RECEIVED, Actor.INTAKE, event_data)


def _days(received_at: datetime, outcome: Outcome | None) -> tuple[date, ...]:
    moments = [received_at, *((outcome.accepted_at, outcome.closed_at) if outcome is not None else ())]
    return tuple({clock.civil_day(moment) for moment in moments if moment is not None})
