"""Carriers in tests: forwarded cases, replies to them, and scans of the items that they are about."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import pytest

from services.carriers import replies, tracking
from services.carriers.forms import Reply
from services.carriers.replies import Received
from services.cases.changes import KeyedContext
from shared import serialisation
from shared.database import Database

Run = Callable[[Coroutine[Any, Any, Any]], Any]
WAYBILL = "75312345678901"
COMPLETE: dict[str, Any] = {
    "responsibility_admitted": True,
    "responsible_unit": "杭州西湖文三路网点",
    "responsible_link": "DELIVERY",
    "facts": "快递员未联系收件人即签收。",
    "action": "已向用户致歉并赔偿。",
    "compensation_fen": 5_000,
    "paid_on": "2026-01-05",
    "contact_log": "1月5日电话联系，用户接受。",
}


@pytest.fixture
def reply(db: Database, run: Run, context: KeyedContext) -> Callable[..., Received]:
    """Return a function that replies to a case, completely unless a field is changed; None leaves it out."""

    def _reply(number: str, ref: str = "r1", *, carrier: str = "ZTO", **changes: Any) -> Received:
        fields = {"reply_ref": ref, **COMPLETE, **changes}
        members = {name: value for name, value in fields.items() if value is not None}
        form = Reply.model_validate_json(serialisation.to_bytes(members))
        reply: Received = run(replies.receive(db, carrier, number, form, context))
        return reply

    return _reply


@pytest.fixture
def push(db: Database, run: Run, context: KeyedContext) -> Callable[..., list[tracking.ScanAnswer]]:
    """Return a function that pushes scans, given as mappings, as one batch of a carrier."""

    def _push(scans: Sequence[dict[str, Any]], *, carrier: str = "ZTO") -> list[tracking.ScanAnswer]:
        rows = [serialisation.to_bytes(scan) for scan in scans]
        answers: list[tracking.ScanAnswer] = run(tracking.receive_scans(db, carrier, rows, context))
        return answers

    return _push


def scan(event_id: str, code: str, at: str, **more: Any) -> dict[str, Any]:
    """Return a scan of the usual item, by a Kdniao code."""
    plain = {"event_id": event_id, "waybill": WAYBILL, "system": "KDNIAO", "code": code, "occurred_at": at}
    return {name: value for name, value in (plain | more).items() if value is not None}
