"""Traces as they are stored: the same whatever the order of the scans, of one carrier's item, and where its cases go."""

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from services.carriers import tracking
from services.intake.preparation import Prepared
from services.reference.data import ReferenceData
from services.routing import route
from shared.database import Database
from tests.services.carriers.conftest import WAYBILL, scan

Make = Callable[..., str]
Push = Callable[..., list[tracking.ScanAnswer]]
Ask = Callable[..., list[Any]]
Run = Callable[[Any], Any]
ITEM = {"item": {"waybill": WAYBILL}}
LATE = [
    scan("1", "1", "2026-01-02T08:00:00+08:00", region_code="440305"),
    scan("2", "206", "2026-01-02T12:00:00+08:00", region_code="440305"),
    scan("3", "204", "2026-01-02T20:00:00+08:00", region_code="420100", outlet="WH01"),
    scan("4", "2", "2026-01-08T20:00:00+08:00"),
    scan("5", "205", "2026-01-09T20:00:00+08:00", region_code="330106"),
    scan("6", "301", "2026-01-10T10:00:00+08:00", region_code="330106"),
]
"""Six days in Wuhan's sorting centre."""


def _traces(ask: Ask) -> tuple[list[Any], list[Any]]:
    events = ask(
        "SELECT bucket, carrier_code, waybill_index, event_id, occurred_at, seq, system, code, state, region, outlet "
        "FROM trace_event ORDER BY waybill_index, event_id"
    )
    return ask("SELECT t.*, t.regions::text FROM trace t ORDER BY waybill_index"), events


def test_whatever_the_order_and_however_often_the_trace_is_the_same(
    forwarded: Make, push: Push, ask: Ask
) -> None:
    forwarded(**ITEM)
    push(LATE)
    sorted_replay = _traces(ask)
    for order in itertools.islice(itertools.permutations(LATE), 0, 720, 97):
        ask("TRUNCATE trace, trace_event")
        push(order[:2])
        for pushed in order[1:]:
            push([pushed, pushed])
        push(order)
        assert _traces(ask) == sorted_replay


def test_a_later_case_about_the_item_goes_where_the_scans_point(
    forwarded: Make,
    push: Push,
    prepare: Callable[..., Prepared],
    store: Callable[..., list[str]],
    db: Database,
    run: Run,
    reference: ReferenceData,
    ask: Ask,
    statements: Callable[[], Any],
) -> None:
    forwarded(**ITEM)
    push(LATE)

    def _routed(issue: str, carrier: str = "ZTO") -> tuple[str, str, int]:
        [number] = store(
            [prepare(issue_code=issue, carrier_code=carrier, addressee={"region_code": "330106"}, **ITEM)]
        )
        with statements() as sent:
            run(route.route_batch(db, reference, size=500, lease=timedelta(minutes=5)))
        [row] = ask(
            "SELECT c.province, e.data -> 'jurisdiction' ->> 'rule' AS rule FROM complaint c JOIN case_event e "
            "ON e.bucket = c.bucket AND e.complaint_id = c.id AND e.kind = 'ROUTED' WHERE c.number = :number",
            number=number,
        )
        return row.rule, row.province, len(sent)

    rule, province, count = _routed("DELAY")
    assert (rule, province) == ("R5", "420000")
    # lost after it was signed for: at the place of delivery
    assert _routed("LOSS_SHORTAGE")[:2] == ("R5", "330000")
    assert _routed("DAMAGE")[:2] == ("R6", "330000")
    assert _routed("DELIVERY_SERVICE")[:2] == ("R4", "330000")
    # the same number of another carrier is another item
    assert _routed("DELAY", "YTO")[0] == "R6"
    ask("TRUNCATE trace")
    # a repetition is not forwarded, and sends no message
    assert _routed("DELAY")[::2] == ("R6", count - 1)
