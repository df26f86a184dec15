"""What the client that filed a complaint may do with it afterwards, for its user: supply what is missing, take it back.

What is supplied follows a merge: it goes to the surviving case. A withdrawal takes back only what the client itself
filed, and follows none: a case that others filed too is not theirs to end.
"""

import hashlib

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection

from services.access.clients import Caller
from services.cases import lookup, merges, moves, writer
from services.cases.case_row import CaseRow
from services.cases.changes import CaseChange, KeyedContext, NewEvent
from services.casework import forms
from services.casework.supplement import supplemented
from services.fields import View
from services.requests import idempotency
from services.requests.idempotency import Result, StoredAnswer
from services.rules.states.facts import WithdrawalFacts
from services.rules.states.verbs import Actor
from shared import serialisation
from shared.database import Database
from shared.errors import ConflictError
from shared.event_kinds import EventKind
from shared.vocabulary import Status


class FiledCase(View):
    """How a filed complaint stands after a step of its filer."""

    number: str
    status: Status
    version: int = Field(description="The number of events of the case so far.")


class OthersWaitError(ConflictError):
    """Others complained of the same, and wait for the answer to this case; one of them does not end it for all."""

    code = "others-wait"
    title = "The case is not this user's alone"


async def supplement(
    db: Database, number: str, form: forms.Supplement, key: str, *, caller: Caller, context: KeyedContext
) -> StoredAnswer:
    """Take what the user supplies. The same request again gets the same answer.

    A call centre that may read every case may also supplement it: users ring up about what they filed elsewhere.
    Raises NotFoundError for a case that the client may not see, CaseEndedError for one that has ended.
    """

    async def _do(connection: AsyncConnection) -> Result:
        filed_case = await lookup.find(connection, number, lookup.of_client(caller))
        case = await _going_on(connection, filed_case)
        done = await supplemented(
            connection, case, form, context, actor=Actor.USER, by=caller.name, filed=case.id == filed_case.id
        )
        await writer.apply(connection, done.changes, context, also=done.also)
        return await _deed(connection, number, case)

    return await idempotency.run_once(
        db, caller.client_id, f"supplement:{key}", _fingerprint(number, form), _do
    )


async def withdraw(
    db: Database, number: str, form: forms.Reason, *, caller: Caller, context: KeyedContext
) -> FiledCase:
    """Withdraw a complaint at the user's request; one that was withdrawn before gets its present state as the answer.

    Raises NotFoundError for a case that the client did not file, IllegalMoveError for one that was merged or has ended
    otherwise, OthersWaitError for one that another complaint was merged into, or that another hotline's order follows.
    """
    async with db.transaction() as connection:
        case = await lookup.find(connection, number, lookup.filed_by(caller), lock=True)
        if case.status != Status.WITHDRAWN:
            facts = WithdrawalFacts(has_reason=bool(form.reason.strip()))
            move = moves.check(case, facts, Actor.USER)
            if await lookup.others_wait(connection, case):
                raise OthersWaitError(
                    "Others complained of the same and wait for the answer: the case continues for them. Send the "
                    "user's request to /supplements as `message`; the officer who works the case reads it there.",
                    members={"case_status": case.status},
                )
            event = NewEvent(EventKind.WITHDRAWN, {}, context.words(reason=form.reason))
            change = CaseChange(case=case, actor=Actor.USER, by=caller.name, new_events=[event], move=move)
            await writer.apply(connection, [change], context)
        return _as_filed(number, await lookup.by_id(connection, case.bucket, case.id))


async def _going_on(connection: AsyncConnection, case: CaseRow) -> CaseRow:
    """Lock the case that goes on for one: itself, or what it was merged into."""
    target = await merges.follow(connection, case)
    return await lookup.by_id(connection, target.bucket, target.id, lock=True)


async def _deed(connection: AsyncConnection, number: str, case: CaseRow) -> Result:
    after = await lookup.by_id(connection, case.bucket, case.id)
    return Result(case.bucket, case.id, serialisation.to_bytes(_as_filed(number, after).model_dump()))


def _as_filed(number: str, case: CaseRow) -> FiledCase:
    """Return the answer to the client: its own number, and how the case stands that is worked."""
    return FiledCase(number=number, status=Status(case.status), version=case.version)


def _fingerprint(number: str, form: forms.Supplement) -> bytes:
    return hashlib.sha256(f"{number}|{form.model_dump_json(exclude_defaults=True)}".encode()).digest()
