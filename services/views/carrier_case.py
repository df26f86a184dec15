"""One case as its enterprise may see it: unmasked what it needs to act, and nothing that is for the administration alone.

No officer, note, repetition or reason of a level leaves here; of a confidential case no person does.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services import audit
from services.access.clients import Caller
from services.carriers import stored_replies
from services.carriers.acknowledgement import audience_of, carrier_of
from services.cases import events, lookup, parties, stored_deadlines
from services.cases.case_row import CaseRow
from services.delivery import envelopes
from services.rules import notices
from shared.clock import in_civil_time
from shared.database import Database
from shared.event_kinds import EventKind
from shared.models.carriers import reply
from shared.models.cases import case_event
from shared.privacy.keyring import KeyRing
from shared.vocabulary import DeadlineKind

Json = dict[str, Any]


SHOWN = (
    "number",
    "status",
    "level",
    "business",
    "business_type",
    "issue_code",
    "issue_detail_code",
    "goods",
    "outlet",
    "mailed_on",
    "declared_value_fen",
    "freight_fen",
    "requested_fen",
    "received_at",
    "total_due_at",
    "forwarded_at",
    "acknowledged_at",
    "replied_at",
    "reply_overdue",
    "reply_untruthful",
    "closed_at",
    "close_reason",
    "responsibility",
    "responsible_unit",
    "failing_link",
    "recovered_fen",
    "confidential",
)


LIMITS = frozenset(
    {
        DeadlineKind.ENTERPRISE_REPLY,
        DeadlineKind.REWORK_REPLY,
        DeadlineKind.MEDIATION_ANSWER,
        DeadlineKind.TOTAL,
    }
)
"""The limits that an enterprise keeps or waits for; all others are the administration's own."""


WORDS: Mapping[str, str] = MappingProxyType(
    {
        EventKind.FORWARDED: "instruction",
        EventKind.FOLLOW_UP: "message",
        EventKind.REWORK: "reason",
        EventKind.MEDIATION_PROPOSED: "opinion",
    }
)
"""Events that speak to the enterprise, and which of their words do."""


PERSONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "complainant": ("name", "phone"),
        "sender": ("name", "phone", "address"),
        "addressee": ("name", "phone", "address"),
    }
)


async def find(db: Database, number: str, *, caller: Caller, ring: KeyRing) -> Json:
    """Return one case of the caller's enterprise, unmasked, and note who read it. Raises NotFoundError for any other."""
    code = carrier_of(caller)
    async with db.transaction() as connection:
        case = await lookup.find(connection, number, lookup.of_carrier(code))
        limits = await stored_deadlines.of_case(connection, case.bucket, case.id)
        shown: Json = {name: in_civil_time(getattr(case, name)) for name in SHOWN}
        shown |= await _matter(connection, case, ring)
        shown["deadlines"] = [_limit(one, case) for one in limits if one.key in LIMITS]
        shown["messages"] = await _messages(connection, case, audience_of(caller), ring)
        shown["replies"] = await _replies(connection, case, code, ring)
        await audit.record(
            connection,
            actor=stored_replies.author(code),
            act="carrier.read",
            subject=number,
            data={"key": caller.name, "persons": sorted(shown["persons"])},
        )
    return shown


async def _matter(connection: AsyncConnection, case: CaseRow, ring: KeyRing) -> Json:
    """Return what the user says, about which item, and who is concerned."""
    content = await parties.read(connection, case, ring)
    told: Json = {name: content.get(name) for name in ("waybill", "cause", "request")}
    if case.confidential:
        # whoever complained is often the sender or the addressee: neither is named
        return told | {"role": None, "persons": {}}
    persons = {
        who: {name: content[who][name] for name in names if content[who].get(name)}
        for who, names in PERSONS.items()
        if content.get(who)
    }
    return told | {"role": case.role, "persons": persons}


def _limit(limit: stored_deadlines.Deadline, case: CaseRow) -> Json:
    late = limit.due_at is not None and limit.due_at <= case.moment
    return {
        "key": limit.key,
        "due_at": in_civil_time(limit.due_at),
        "state": "PAUSED" if limit.due_at is None else "OVERDUE" if late else "RUNNING",
    }


async def _messages(connection: AsyncConnection, case: CaseRow, audience: str, ring: KeyRing) -> list[Json]:
    """Return what was said to this enterprise since the case was last handed to it: before, it may have been another's."""
    columns = case_event.c
    statement = (
        select(columns.seq, columns.kind, columns.at, columns.data, columns.sealed)
        .where(columns.bucket == case.bucket, columns.complaint_id == case.id, columns.kind.in_(tuple(WORDS)))
        .order_by(columns.seq)
    )
    found: list[Json] = []
    for event in await connection.execute(statement):
        if event.kind == EventKind.FORWARDED:
            found.clear()
        words = events.read_words(event.sealed, ring, complaint_id=case.id, seq=event.seq)
        notice = notices.TO_CARRIER[event.kind]
        found.append(
            {
                "message": envelopes.identifier(case.number, audience, event.seq),
                "type": notice.type,
                "at": in_civil_time(event.at),
                "text": words.get(WORDS[event.kind]),
                **{name: event.data[name] for name in notice.shows if event.data.get(name) is not None},
            }
        )
    return found


async def _replies(connection: AsyncConnection, case: CaseRow, code: str, ring: KeyRing) -> list[Json]:
    own = (
        reply.c.bucket == case.bucket,
        reply.c.complaint_id == case.id,
        reply.c.by == stored_replies.author(code),
    )
    rows = await connection.execute(select(reply).where(*own).order_by(reply.c.seq))
    return [stored_replies.shown(row, ring) for row in rows]
