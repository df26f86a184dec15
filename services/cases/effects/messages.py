"""What of a change the world outside is told: entries for the enterprise and for the hotlines whose orders follow the case.

Which events become messages, and what of them may be shown, stands in `services.rules.notices`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from services.cases import outbox, work_orders
from services.cases.outbox import CARRIER, HOTLINE, Entry
from services.cases.work_orders import Orders
from services.rules import notices
from services.rules.notices import Message
from shared import clock
from shared.event_kinds import EventKind
from shared.vocabulary import Status

Happened = Sequence[tuple[EventKind, Mapping[str, Any], Mapping[str, str]]]
"""Events of one change: kind, data, words."""


class ChangedCase(NamedTuple):
    """A case as a change leaves it: the row as it was, its new status and columns, and moments that messages show."""

    case: Any
    status: Status
    columns: Mapping[str, Any]
    shown: Mapping[str, Any]


def entries(told: ChangedCase, happened: Happened, following: Orders) -> list[Entry]:
    """Return the messages of one change, in the order of its events."""
    case, columns = told.case, told.columns
    found = []
    forwarded = columns.get("forwarded_at", case.forwarded_at) is not None
    carrier: str = columns.get("carrier_code", case.carrier_code)
    for seq, (kind, data, words) in enumerate(happened, case.version + 1):
        to_carrier, to_hotline = notices.TO_CARRIER.get(kind), notices.TO_HOTLINE.get(kind)
        if to_carrier is not None and to_carrier.concerns(data) and forwarded and carrier:
            audience = outbox.audience(CARRIER, carrier)
            found.append(_entry(told, to_carrier, data, words, audience, seq, {}))
        if (
            kind == EventKind.FORWARDED
            and case.forwarded_at is not None
            and case.carrier_code not in {"", carrier}
        ):
            audience = outbox.audience(CARRIER, case.carrier_code)
            found.append(_entry(told, notices.MOVED_ON, {}, {}, audience, seq, {}))
        if to_hotline is not None:
            found += [
                _entry(
                    told, to_hotline, data, words, outbox.audience(HOTLINE, region), seq, {"orders": named}
                )
                for region, named in work_orders.by_region(data, following).items()
            ]
    return found


def _entry(
    told: ChangedCase,
    message: Message,
    data: Mapping[str, Any],
    words: Mapping[str, str],
    to: str,
    seq: int,
    more: Mapping[str, Any],
) -> Entry:
    case = told.case
    known = {**told.shown, **data}
    content = {
        "number": case.number,
        "status": told.status,
        "level": told.columns.get("level", case.level),
        "total_due_at": case.total_due_at.astimezone(clock.SHANGHAI),
        **more,
        **{name: known[name] for name in message.shows if known.get(name) is not None},
    }
    said = {name: words[name] for name in message.words if words.get(name)}
    return Entry(case.bucket, case.id, to, seq, message.type, content, said)
