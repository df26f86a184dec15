"""A carrier's reply to a case: stored once, however often it is sent; complete or not; late by the database's clock.

What the enterprise writes lies sealed beside the case. Only a complete reply moves it.
"""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import TypedDict

from services.carriers import stored_replies
from services.carriers.forms import Reply
from services.carriers.stored_replies import ReplyRow, ReplyWords
from services.cases import lookup, merges, moves, numbering, stored_deadlines, writer
from services.cases.case_row import CaseRow
from services.cases.case_update import CaseUpdate
from services.cases.changes import CaseChange, KeyedContext, NewEvent
from services.cases.stored_deadlines import Deadline
from services.rules import replies
from services.rules.kinds import states_of
from services.rules.states.facts import ReplyFacts
from services.rules.states.verbs import Actor, Verb
from shared import bulk, clock, serialisation
from shared.database import Database
from shared.errors import ConflictError, FieldError, InvalidInputError
from shared.event_kinds import EventKind
from shared.models.carriers import reply
from shared.models.evidence import evidence
from shared.vocabulary import ENDED, Status


class ReplyRefReusedError(InvalidInputError):
    """The reply's own number was used before for a reply that said something else."""

    code = "reply-ref-reused"
    title = "The number of the reply was used for another one"


class ReplyAfterEndError(ConflictError):
    """The case has ended; a reply changes nothing any more."""

    code = "case-ended"
    title = "The case has ended"


class ReplyReceipt(TypedDict):
    """What became of a reply: `missing` are the fields that a complete one has besides; `late`: after its deadline."""

    number: str
    reply_ref: str
    reply_seq: int
    received_at: datetime
    complete: bool
    missing: list[str]
    late: bool


@dataclass(frozen=True, slots=True)
class Received:
    """What a carrier is answered: whether the reply was complete, what it lacks, and whether it came before."""

    body: ReplyReceipt
    complete: bool
    replayed: bool


async def receive(
    db: Database, carrier_code: str, number: str, form: Reply, context: KeyedContext
) -> Received:
    """Take a reply of a carrier to one of its cases; a complete one moves the case.

    Raises NotFoundError, ReplyRefReusedError, ReplyAfterEndError, IllegalMoveError where no reply is awaited, and
    InvalidInputError for a day of payment in the future or an attachment that is not of this case.
    """
    by = stored_replies.author(carrier_code)
    async with db.transaction() as connection:
        named = await lookup.find(connection, number, lookup.of_carrier(carrier_code), lock=True)
        case = await merges.follow_of_carrier(connection, named, lock=True)
        replies = await stored_replies.of_cases(connection, [named, case])
        # a case that changed its enterprise has replies of both, each by numbers of its own
        before = next(
            (reply for reply in replies if (reply.by, reply.reply_ref) == (by, form.reply_ref)), None
        )
        if before is not None:
            return _again(before, form, {named.id: named.number, case.id: case.number})
        _check_state(case)
        await _check(connection, form, [named, case])
        deadlines = await stored_deadlines.of_case(connection, case.bucket, case.id)
        seq = numbering.after(reply.seq for reply in replies if reply.complaint_id == case.id)
        row = _row(case, form, seq, deadlines, context)
        change = _waits(case, row) if row.missing else _moved(case, row, form)
        stored = {**row._asdict(), "missing": bulk.array_literal(row.missing)}
        await writer.apply(connection, [change], context, also=[(_INSERT, [stored])])
    return Received(_body(row, case.number), row.complete, replayed=False)


def fingerprint(form: Reply) -> bytes:
    """Return the digest by which a repeated reply is recognised."""
    return hashlib.sha256(form.model_dump_json(exclude_defaults=True).encode()).digest()


def _again(before: ReplyRow, form: Reply, numbers: dict[uuid.UUID, str]) -> Received:
    if bytes(before.fingerprint) != fingerprint(form):
        raise ReplyRefReusedError(
            "This reply_ref was used for a reply that said something else; give the new reply a number of its own."
        )
    return Received(_body(before, numbers[before.complaint_id]), complete=before.complete, replayed=True)


def _body(stored: ReplyRow, number: str) -> ReplyReceipt:
    return {
        "number": number,
        "reply_ref": stored.reply_ref,
        "reply_seq": stored.seq,
        "received_at": stored.at.astimezone(clock.SHANGHAI),
        "complete": stored.complete,
        "missing": list(stored.missing),
        "late": stored.late,
    }


def _check_state(case: CaseRow) -> None:
    if Status(case.status) in ENDED - {Status.MERGED}:
        raise ReplyAfterEndError(
            f"The case is {case.status}: a reply changes nothing any more. You will be told if it is reopened.",
            members={"case_status": case.status},
        )
    # only the state is asked here: an incomplete reply needs the same one
    moves.check_status(case, Verb.REPLY, Actor.ENTERPRISE)


async def _check(connection: AsyncConnection, form: Reply, cases: Sequence[CaseRow]) -> None:
    faults = []
    if form.paid_on is not None and form.paid_on > clock.civil_day(cases[0].moment):
        faults.append(
            FieldError(
                "/paid_on", "in-the-future", "give the day on which the user was paid; leave a promise out"
            )
        )
    if form.attachments:
        keys = {(case.bucket, case.id) for case in cases}
        statement = select(evidence.c.id).where(
            tuple_(evidence.c.bucket, evidence.c.complaint_id).in_(keys), evidence.c.id.in_(form.attachments)
        )
        there = set((await connection.execute(statement)).scalars())
        faults += [
            FieldError(
                f"/attachments/{place}",
                "unknown-evidence",
                "the case has no evidence of this id; upload it first",
            )
            for place, attachment in enumerate(form.attachments)
            if attachment not in there
        ]
    if faults:
        raise InvalidInputError("The reply cannot be taken like this; see errors.", faults)


def _content(form: Reply) -> replies.ReplyContent:
    return replies.ReplyContent(
        responsibility_admitted=form.responsibility_admitted,
        responsible_unit=form.responsible_unit,
        responsible_link=form.responsible_link,
        facts=form.facts,
        action=form.action,
        contact_log=form.contact_log,
        compensation_fen=form.compensation_fen,
        paid=form.paid_on is not None,
        other_procedure=form.other_procedure,
    )


_INSERT = bulk.into(reply, ReplyRow._fields)


def _row(
    case: CaseRow, form: Reply, seq: int, deadlines: Sequence[Deadline], context: KeyedContext
) -> ReplyRow:
    lacks = replies.missing(_content(form))
    words: ReplyWords = {
        "facts": form.facts,
        "action": form.action,
        "contact_log": form.contact_log,
        "attachments": [str(attachment) for attachment in form.attachments],
    }
    due = next(
        (
            deadline.due_at
            for deadline in deadlines
            if deadline.key is states_of(case.kind).deadlines[Status(case.status)]
        ),
        None,
    )
    return ReplyRow(
        bucket=case.bucket,
        complaint_id=case.id,
        seq=seq,
        reply_ref=form.reply_ref,
        fingerprint=fingerprint(form),
        at=case.moment,
        by=stored_replies.author(case.carrier_code),
        complete=not lacks,
        missing=list(lacks),
        late=due is not None and due <= case.moment,
        untruthful=False,
        responsibility_admitted=form.responsibility_admitted,
        responsible_unit=form.responsible_unit,
        responsible_link=form.responsible_link,
        compensation_fen=form.compensation_fen,
        paid_on=form.paid_on,
        other_procedure=form.other_procedure,
        sealed=context.ring.seal(
            serialisation.to_bytes(words), bound_to=stored_replies.binding(case.id, seq)
        ),
    )


def _waits(case: CaseRow, row: ReplyRow) -> CaseChange:
    """Keep the status of the case: its deadline runs on, and the enterprise learns what is missing."""
    data = {"reply_ref": row.reply_ref, "reply_seq": row.seq, "missing": row.missing}
    return CaseChange(
        case=case,
        actor=Actor.ENTERPRISE,
        by=row.by,
        new_events=[NewEvent(EventKind.REPLY_INCOMPLETE, data)],
    )


def _moved(case: CaseRow, row: ReplyRow, form: Reply) -> CaseChange:
    move = moves.check(case, ReplyFacts(missing_fields=tuple(row.missing)), Actor.ENTERPRISE)
    data = {
        "reply_seq": row.seq,
        "reply_ref": row.reply_ref,
        "responsibility_admitted": row.responsibility_admitted,
        "responsible_link": row.responsible_link,
        "responsible_unit": row.responsible_unit,
        "compensation_fen": row.compensation_fen,
        "paid_on": row.paid_on,
        "late": row.late,
        "other_procedure": row.other_procedure,
        "attachments": [str(attachment) for attachment in form.attachments],
    }
    columns: CaseUpdate = {"reply_seq": row.seq, "reply_overdue": case.reply_overdue or row.late}
    return CaseChange(
        case=case,
        actor=Actor.ENTERPRISE,
        by=row.by,
        new_events=[NewEvent(EventKind.REPLIED, data)],
        move=move,
        columns=columns,
    )
