"""Messages about changes: entries for the enterprise, and for the hotlines whose orders follow the case.

Which events become messages, and what of them may be shown, stands in `services.rules.notices`, by the kind of the case.
"""

from collections.abc import Iterator, Sequence

from services.cases import outbox, work_orders
from services.cases.changes import EventData, NewEvent, WorkerContext
from services.cases.outbox import CARRIER, HOTLINE, OutboxEntry
from services.cases.planned_case import PlannedCase
from services.rules import notices
from services.rules.notices import Message
from shared import bulk, clock
from shared.event_kinds import EventKind

_NO_DATA: EventData = {}


def follow(cases: Sequence[PlannedCase], _context: WorkerContext) -> Sequence[bulk.Part]:
    """Add the messages of each change, in the order of its events."""
    names = {order.name for planned in cases for order in planned.orders}
    for planned in cases:
        for seq, event in enumerate(planned.new_events, planned.case.version + 1):
            planned.messages += _to_carrier(planned, event, seq)
            planned.messages += _to_hotlines(planned, work_orders.still_following(event, names), seq)
    return ()


def _to_carrier(planned: PlannedCase, event: NewEvent, seq: int) -> Iterator[OutboxEntry]:
    case, columns = planned.case, planned.columns
    carrier = columns.get("carrier_code", case.carrier_code)
    is_forwarded = columns.get("forwarded_at", case.forwarded_at) is not None
    message = planned.rules.notices.to_carrier.get(event.kind)
    if message is not None and message.concerns(event.data) and is_forwarded and carrier:
        yield _entry(planned, message, event, outbox.audience(CARRIER, carrier), seq, _NO_DATA)
    moves_on = event.kind is EventKind.FORWARDED and case.forwarded_at is not None
    if moves_on and case.carrier_code not in {"", carrier}:
        audience = outbox.audience(CARRIER, case.carrier_code)
        yield _entry(planned, notices.MOVED_ON, NewEvent(event.kind), audience, seq, _NO_DATA)


def _to_hotlines(planned: PlannedCase, event: NewEvent, seq: int) -> Iterator[OutboxEntry]:
    message = planned.rules.notices.to_hotline.get(event.kind)
    if message is None:
        return
    for region, numbers in work_orders.by_region(event, planned.orders).items():
        audience = outbox.audience(HOTLINE, region)
        yield _entry(planned, message, event, audience, seq, {"orders": numbers})


def _entry(
    planned: PlannedCase,
    message: Message,
    event: NewEvent,
    audience: str,
    seq: int,
    more: EventData,
) -> OutboxEntry:
    case = planned.case
    data = {**planned.shown, **event.data}
    content = {
        "number": case.number,
        "status": planned.status,
        "level": planned.columns.get("level", case.level),
        "total_due_at": case.total_due_at.astimezone(clock.SHANGHAI),
        **more,
        **{name: data[name] for name in message.shows if data.get(name) is not None},
    }
    words = event.words.only(message.words) if event.words is not None else None
    return OutboxEntry(case.bucket, case.id, audience, seq, message.type, content, words)
