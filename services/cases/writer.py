"""The only writer of a status and of what goes with it: events, running limits, marks of figures, words to the outside.

A use case says what is to change (`CaseChange`); `apply` writes it for any number of cases with a fixed
number of statements. Every change of status has passed `services.cases.moves.check`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import events, next_due, outbox, stored_deadlines, work_orders
from services.cases.changes import CaseChange, NewEvent, WriteContext
from services.cases.effects import dirty_days, messages
from services.cases.effects.messages import ChangedCase
from services.cases.events import Event, StaleCaseError
from services.cases.outbox import Entry
from services.cases.stored_deadlines import MET, MOOT, Start, Stop
from services.cases.work_orders import Orders
from services.reference.data import ReferenceData
from services.rules.deadlines import schedule
from services.rules.deadlines.schedule import StartedDeadline
from services.rules.kinds import states_of
from services.rules.states.table import Move
from services.rules.states.verbs import Verb
from shared import bulk
from shared.event_kinds import EventKind
from shared.models import cases
from shared.privacy.keyring import KeyRing
from shared.vocabulary import ENDED, DeadlineKind, Status


async def apply(
    connection: AsyncConnection,
    changes: Sequence[CaseChange],
    context: WriteContext,
    *,
    also: Sequence[bulk.Part] = (),
) -> None:
    """Write changes of cases that are still as they were read; `also` is inserted by the same statement as the events.

    Raises StaleCaseError if one of them was changed meanwhile; then nothing of the transaction may be kept.
    """
    if not changes:
        return
    following = await work_orders.following(connection, [one.case for one in changes if _has_orders(one)])
    changes = [_signing(change, following.get(change.case.id, ())) for change in changes]
    changes = [_waiting(change, following.get(change.case.id, ()), context.reference) for change in changes]
    timed = [_timed(change, context.reference) for change in changes]
    await stored_deadlines.change(
        connection,
        [stop for one in timed for stop in one.stops],
        [start for one in timed for start in one.starts],
    )
    await _update(connection, [(one.change, one.columns) for one in timed])
    happened = [event for one in timed for event in _events(one, context.ring)]
    days = [
        day for one in timed for day in (*one.change.days, *dirty_days.changed(one.change.case, one.columns))
    ]
    await bulk.run_together(connection, [events.additions(happened), events.marks(days), *also])
    told = [entry for one in timed for entry in _told(one, following)]
    await outbox.publish(connection, told, context.ring)
    await work_orders.write(
        connection, [_stamped(change, following, context.reference) for change in changes]
    )


_ORDERS, SIGNED = "hotline_orders", EventKind.ORDER_SIGNED


def _has_orders(change: CaseChange) -> bool:
    return bool(change.case.hotline_orders or change.columns.get(_ORDERS))


def _signing(change: CaseChange, following: Orders) -> CaseChange:
    """Sign for the hotline's orders with whatever takes their case in hand: once, with its event, in time or not."""
    kinds = [event.kind for event in change.new_events]
    if not following or SIGNED in kinds:
        return change
    case, joins = change.case, EventKind.TOOK_OVER in kinds
    joins = joins and (case.status != Status.RECEIVED or case.claimed_by is not None)
    signed = work_orders.signed_by(kinds, change.move, following, joins=joins)
    if not signed:
        return change
    event = NewEvent(SIGNED, {"orders": signed})
    starts = [one for one in change.starts if one.key is not DeadlineKind.HOTLINE_SIGN]
    return replace(
        change,
        new_events=[*change.new_events, event],
        stops=[*change.stops, DeadlineKind.HOTLINE_SIGN],
        starts=starts,
    )


def _waiting(change: CaseChange, orders_of_it: Orders, reference: ReferenceData) -> CaseChange:
    """Let the hotline's limit run again where a reopening takes back what its orders were answered, or returned for."""
    again = work_orders.limit_again(
        change.move, orders_of_it, change.case.moment, reference.timetable(change.bureau)
    )
    return change if again is None else replace(change, starts=[*change.starts, again])


def _stamped(
    change: CaseChange, following: Mapping[UUID, Orders], reference: ReferenceData
) -> work_orders.Stamp:
    signed = [name for one in change.new_events if one.kind == SIGNED for name in one.data["orders"]]
    return work_orders.stamp(
        following.get(change.case.id, ()),
        signed,
        change.move,
        change.columns.get("refusal_ground"),
        change.case.moment,
        reference.timetable(change.bureau),
    )


def _told(one: "_Timed", following: Mapping[UUID, Orders]) -> list[Entry]:
    told = ChangedCase(one.change.case, one.change.status, one.columns, one.shown)
    happened = work_orders.still_following(one.change.new_events, following)
    return messages.entries(told, happened, following.get(one.change.case.id, ()))


class _Timed(NamedTuple):
    """A change with what follows from its move: limits that end and begin, columns, and what the world may see of them."""

    change: CaseChange
    columns: dict[str, Any]
    stops: list[Stop]
    starts: list[Start]
    shown: dict[str, Any]


_DUE_SHOWN = {
    DeadlineKind.ENTERPRISE_REPLY: "reply_due_at",
    DeadlineKind.REWORK_REPLY: "reply_due_at",
    DeadlineKind.MEDIATION_ANSWER: "answer_due_at",
    DeadlineKind.SUPPLEMENT: "supplement_due_at",
}


def _timed(change: CaseChange, reference: ReferenceData) -> _Timed:
    case = change.case
    key = (case.bucket, case.id)
    stops = [Stop(*key, stopped) for stopped in change.stops]
    starts = list(change.starts)
    if change.move is not None and change.move.source is not None:
        stops += [Stop(*key, *stop) for stop in _ended_by(case.kind, change.move)]
        starts += _begun_by(change.move, change, reference)
    # a limit that begins anew ends its round before
    stops += [Stop(*key, one.key, MOOT) for one in starts]
    shown = {_DUE_SHOWN[one.key]: one.due_at for one in starts if one.key in _DUE_SHOWN}
    columns = _implied(change) | dict(change.columns)
    return _Timed(
        change,
        columns,
        list({stop.key: stop for stop in reversed(stops)}.values()),
        [Start(*key, one) for one in starts],
        shown,
    )


def _ended_by(kind: str, move: Move) -> list[tuple[DeadlineKind, str]]:
    """Return the limits that a move ends: that of the state it leaves, and at the end of a case all of them."""
    left = states_of(kind).deadlines.get(move.source) if move.source is not None else None
    if move.target not in ENDED:
        # while the user is asked, the decision on acceptance stands still instead of ending
        return [] if left is None or move.verb is Verb.ASK_SUPPLEMENT else [(left, MET)]
    answered = {Status.CLOSED, Status.REFUSED}
    decided = MET if move.target in answered else MOOT
    kept = {left, DeadlineKind.TOTAL, DeadlineKind.HOTLINE_SIGN, DeadlineKind.HOTLINE_ANSWER}
    return [(key, decided if key in kept else MOOT) for key in DeadlineKind]


def _begun_by(move: Move, change: CaseChange, reference: ReferenceData) -> list[StartedDeadline]:
    """Return the limits that a move begins: that of the state it enters, and of a closed case the total again."""
    case = change.case
    begun: list[tuple[DeadlineKind, datetime]] = []
    entered = states_of(case.kind).deadlines.get(move.target)
    # the decision on acceptance began with the receipt and runs on; an undone merge gives back what ran before
    if entered is not None and move.verb not in {Verb.UNMERGE, Verb.SUPPLEMENT}:
        begun.append((entered, case.moment))
    if move.verb in {Verb.REOPEN, Verb.REDO}:
        # the answer that was given does not hold: the statute counts from the receipt, as ever
        begun.append((DeadlineKind.TOTAL, case.received_at))
    rules = reference.deadlines_by_version.get(case.deadline_version, reference.deadlines)
    timetable = reference.timetable(change.bureau)
    started = (schedule.start(key, at, timetable, rules) for key, at in begun)
    return [one for one in started if one is not None]


def _implied(change: CaseChange) -> dict[str, Any]:
    """Return the columns that a move sets by itself."""
    move, moment = change.move, change.case.moment
    if move is None or move.source is None:
        return {}
    columns: dict[str, Any] = {"status": move.target, "status_since": moment}
    stamps = {
        Status.ACCEPTED: "accepted_at",
        Status.FORWARDED: "forwarded_at",
        Status.REPLIED: "replied_at",
        Status.REFUSED: "refused_at",
        Status.CLOSED: "closed_at",
    }
    stamp = stamps.get(move.target)
    # the first time counts for what happens more than once; the end is the last one
    if stamp is not None and (move.target in ENDED or getattr(change.case, stamp) is None):
        columns[stamp] = moment
    if move.target in ENDED:
        # nobody works what has ended
        columns |= {"claimed_by": None, "claimed_at": None}
    undone = {
        Status.REFUSED: {"refused_at": None, "refusal_ground": None},
        Status.CLOSED: {"closed_at": None, "close_reason": None},
        Status.MERGED: {"merged_into_bucket": None, "merged_into": None, "merged_from": None},
    }
    return columns | undone.get(move.source, {})


_KEYS = ("bucket", "id")


async def _update(connection: AsyncConnection, changes: Sequence[tuple[CaseChange, dict[str, Any]]]) -> None:
    """Write the columns of all cases: one statement for each set of columns, and a worker's batch has one or two."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for change, columns in changes:
        case = change.case
        row = {
            "bucket": case.bucket,
            "id": case.id,
            "read_version": case.version,
            "version": case.version + len(change.new_events),
            **columns,
        }
        groups.setdefault(tuple(sorted({"version", *columns})), []).append(row)
    for names, rows in groups.items():
        if await _statement(names).run(connection, rows) != len(rows):
            raise StaleCaseError("The case was changed by somebody else meanwhile; read it again.")


@lru_cache(maxsize=128)
def _statement(columns: tuple[str, ...]) -> bulk.BulkUpdate:
    return bulk.update(
        cases.complaint,
        _KEYS,
        columns,
        "complaint.version = u.read_version",
        (("read_version", "integer"),),
        (next_due.NEAREST,),
    )


def _events(one: _Timed, ring: KeyRing | None) -> list[Event]:
    change = one.change
    found = []
    for seq, event in enumerate(change.new_events, change.case.version + 1):
        sealed = None
        if any(event.words.values()):
            assert ring is not None  # noqa: S101 - only processes that hold the keys take words
            sealed = events.seal_words(event.words, ring, complaint_id=change.case.id, seq=seq)
        found.append(
            Event(
                change.case.bucket,
                change.case.id,
                seq,
                event.kind,
                change.actor,
                event.data,
                change.by,
                sealed,
            )
        )
    return found
