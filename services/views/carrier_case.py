"""One case as its enterprise may see it: unmasked what it needs to act, and nothing that is for the administration alone.

No officer, note, repetition or reason of a level leaves here; of a confidential case no person does.
"""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal, NotRequired, cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import TypedDict

from services import audit
from services.access.clients import Caller
from services.carriers import stored_replies
from services.carriers.acknowledgement import audience_of, carrier_of
from services.carriers.stored_replies import StoredReply
from services.cases import events, lookup, parties, stored_deadlines
from services.cases.case_row import CaseRow
from services.cases.parties import PersonField
from services.delivery import envelopes
from services.fields import CloseReasonCode
from services.rules import notices
from shared.clock import in_civil_time
from shared.database import Database
from shared.event_kinds import EventKind
from shared.models.cases import case_event
from shared.privacy.keyring import KeyRing
from shared.vocabulary import (
    Business,
    BusinessType,
    DeadlineKind,
    FailingLink,
    Goods,
    Level,
    Responsibility,
    Role,
    Status,
)


class ItemOfCase(TypedDict):
    """What is shown of a case by its columns."""

    number: str
    status: Status
    level: Level
    business: Business
    business_type: BusinessType
    issue_code: str
    issue_detail_code: str | None
    goods: Goods
    outlet: str | None
    mailed_on: date | None
    declared_value_fen: int | None
    freight_fen: int | None
    requested_fen: int | None
    received_at: datetime
    total_due_at: datetime
    forwarded_at: datetime | None
    acknowledged_at: datetime | None
    replied_at: datetime | None
    reply_overdue: bool
    reply_untruthful: bool
    closed_at: datetime | None
    close_reason: CloseReasonCode | None
    responsibility: Responsibility | None
    responsible_unit: str | None
    failing_link: FailingLink | None
    recovered_fen: int
    confidential: bool


class PersonInClear(TypedDict, total=False):
    """A person, unmasked: what the enterprise needs to act."""

    name: str
    phone: str
    address: str


class PersonsInClear(TypedDict, total=False):
    """The persons of a case; of a confidential case nobody."""

    complainant: PersonInClear
    sender: PersonInClear
    addressee: PersonInClear


class Subject(TypedDict):
    """What the user says, about which item, and who is concerned."""

    waybill: str | None
    cause: str | None
    request: str | None
    role: Role | None
    persons: PersonsInClear


class EnterpriseDeadline(TypedDict):
    """A deadline that the enterprise keeps or waits for."""

    key: DeadlineKind
    due_at: datetime | None
    state: Literal["RUNNING", "PAUSED", "OVERDUE"]


class BureauMessage(TypedDict):
    """What the bureau wrote to the enterprise; `message` is the id of the message in feed and webhook."""

    message: str
    type: str
    at: datetime
    text: str | None
    reply_due_at: NotRequired[str]
    answer_by: NotRequired[str]
    ground: NotRequired[str]
    answer_due_at: NotRequired[str]


class CarrierCase(ItemOfCase, Subject):
    """One case with what is needed to act."""

    deadlines: list[EnterpriseDeadline]
    messages: list[BureauMessage]
    replies: list[StoredReply]


SHOWN = tuple(ItemOfCase.__annotations__)


DEADLINES = frozenset(
    {
        DeadlineKind.ENTERPRISE_REPLY,
        DeadlineKind.REWORK_REPLY,
        DeadlineKind.MEDIATION_ANSWER,
        DeadlineKind.TOTAL,
    }
)
"""The deadlines that an enterprise keeps or waits for; all others are the administration's own."""


WORDS: Mapping[str, str] = MappingProxyType(
    {
        EventKind.FORWARDED: "instruction",
        EventKind.FOLLOW_UP: "message",
        EventKind.REWORK: "reason",
        EventKind.MEDIATION_PROPOSED: "opinion",
    }
)
"""Events that speak to the enterprise, and which of their words do."""


PERSONS: Mapping[str, tuple[PersonField, ...]] = MappingProxyType(
    {
        "complainant": ("name", "phone"),
        "sender": ("name", "phone", "address"),
        "addressee": ("name", "phone", "address"),
    }
)


async def find(db: Database, number: str, *, caller: Caller, ring: KeyRing) -> CarrierCase:
    """Return one case of the caller's enterprise, unmasked, and note who read it. Raises NotFoundError for any other."""
    code = carrier_of(caller)
    async with db.transaction() as connection:
        case = await lookup.find(connection, number, lookup.of_carrier(code))
        deadlines = await stored_deadlines.of_case(connection, case.bucket, case.id)
        columns = {name: in_civil_time(getattr(case, name)) for name in SHOWN}
        subject = await _subject(connection, case, ring)
        shown: CarrierCase = {
            **cast("ItemOfCase", columns),
            **subject,
            "deadlines": [_deadline(each, case) for each in deadlines if each.key in DEADLINES],
            "messages": await _messages(connection, case, audience_of(caller), ring),
            "replies": await _replies(connection, case, code, ring),
        }
        await audit.record(
            connection,
            actor=stored_replies.author(code),
            act="carrier.read",
            subject=number,
            data={"key": caller.name, "persons": sorted(shown["persons"])},
        )
    return shown


async def _subject(connection: AsyncConnection, case: CaseRow, ring: KeyRing) -> Subject:
    """Return what the user says, about which item, and who is concerned."""
    content = await parties.read(connection, case, ring)
    subject: Subject = {
        "waybill": content.get("waybill"),
        "cause": content.get("cause"),
        "request": content.get("request"),
        "role": None,
        "persons": {},
    }
    if case.confidential:
        # the complainant is often the sender or the addressee: neither is named
        return subject
    persons = {
        role: {name: text for name in PERSONS[role] if (text := person.get(name))}
        for role, person in parties.persons(content).items()
        if role in PERSONS
    }
    return {**subject, "role": Role(case.role), "persons": cast("PersonsInClear", persons)}


def _deadline(deadline: stored_deadlines.Deadline, case: CaseRow) -> EnterpriseDeadline:
    late = deadline.has_passed(case.moment)
    return {
        "key": deadline.key,
        "due_at": in_civil_time(deadline.due_at),
        "state": "PAUSED" if deadline.due_at is None else "OVERDUE" if late else "RUNNING",
    }


async def _messages(
    connection: AsyncConnection, case: CaseRow, audience: str, ring: KeyRing
) -> list[BureauMessage]:
    """Return what was said to this enterprise since the case was last handed to it: before, it may have been another's."""
    columns = case_event.c
    statement = (
        select(columns.seq, columns.kind, columns.at, columns.data, columns.sealed)
        .where(columns.bucket == case.bucket, columns.complaint_id == case.id, columns.kind.in_(tuple(WORDS)))
        .order_by(columns.seq)
    )
    messages: list[BureauMessage] = []
    for event in await connection.execute(statement):
        if event.kind == EventKind.FORWARDED:
            messages.clear()
        words = events.read_words(event.sealed, ring, complaint_id=case.id, seq=event.seq)
        notice = notices.TO_CARRIER[event.kind]
        messages.append(
            cast(
                "BureauMessage",
                {
                    "message": envelopes.identifier(case.number, audience, event.seq),
                    "type": notice.type,
                    "at": in_civil_time(event.at),
                    "text": words.get(WORDS[event.kind]),
                    **{name: event.data[name] for name in notice.shows if event.data.get(name) is not None},
                },
            )
        )
    return messages


async def _replies(connection: AsyncConnection, case: CaseRow, code: str, ring: KeyRing) -> list[StoredReply]:
    rows = await stored_replies.of_cases(connection, [case])
    return [stored_replies.shown(row, ring) for row in rows if row.by == stored_replies.author(code)]
