"""Pushes of scans: kept once, in any order, only for items of a case; the trace is made anew from all of them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.carriers import tracking
from services.carriers.tracking import NoCaseError, ScanChangedError, ScanReceipt, TooManyScansError
from services.intake.preparation import IntakeContext
from shared import clock
from shared.errors import ShensuError
from tests.services.carriers.conftest import WAYBILL, scan

Make = Callable[..., str]
Push = Callable[..., list[tracking.ScanAnswer]]
Ask = Callable[..., list[Any]]
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


def _told(answers: list[tracking.ScanAnswer]) -> list[str]:
    return [answer.code if isinstance(answer, ShensuError) else answer.state for answer in answers]


def _traces(ask: Ask) -> tuple[list[Any], list[Any]]:
    events = ask(
        "SELECT bucket, carrier_code, waybill_index, event_id, occurred_at, seq, system, code, state, region, outlet "
        "FROM trace_event ORDER BY waybill_index, event_id"
    )
    return ask("SELECT t.*, t.regions::text FROM trace t ORDER BY waybill_index"), events


def test_scans_are_kept_with_what_their_codes_mean(
    forwarded: Make, push: Push, ask: Ask, intake_context: IntakeContext
) -> None:
    forwarded(**ITEM)
    answers = push(LATE)
    assert _told(answers) == ["COLLECTED", "DISPATCHED", "AT_SORTING", "IN_TRANSIT", "AT_OUTLET", "SIGNED"]
    assert [tracking.scan_status(result) for result in answers if isinstance(result, ScanReceipt)] == [
        201
    ] * 6
    [trace], events = _traces(ask)
    assert bytes(trace.waybill_index) == intake_context.ring.index.of("waybill", WAYBILL)
    assert trace.bucket == trace.waybill_index[0] % 64
    assert (trace.carrier_code, trace.state, trace.events, trace.unknown) == ("ZTO", "SIGNED", 6, 0)
    assert trace.occurred_at.isoformat() == "2026-01-10T02:00:00+00:00"
    assert trace.regions == '{"DELAY":"420100","LOSS_SHORTAGE":"330106"}'
    assert (events[2].code, events[2].region, events[2].outlet) == ("204", "420100", "WH01")
    # the waybill itself stands nowhere
    assert WAYBILL not in str(ask("SELECT t::text FROM trace t UNION ALL SELECT e::text FROM trace_event e"))


def test_a_scan_that_comes_again_is_told_so(forwarded: Make, push: Push) -> None:
    forwarded(**ITEM)
    first = push([LATE[0], LATE[0]])
    assert [result.replayed for result in first if isinstance(result, ScanReceipt)] == [False, True]
    [again] = push([LATE[0]])
    assert isinstance(again, ScanReceipt)
    assert (again.replayed, tracking.scan_status(again)) == (True, 200)


@pytest.mark.parametrize(
    "changes",
    [{"code": "204"}, {"occurred_at": "2026-01-02T08:00:01+08:00"}, {"region_code": "330106"}, {"seq": 1}],
)
def test_a_number_with_other_content_changes_nothing(
    changes: dict[str, Any], forwarded: Make, push: Push, ask: Ask
) -> None:
    forwarded(**ITEM)
    push(LATE)
    before = _traces(ask)
    for batch in ([LATE[0] | changes], [LATE[0], LATE[0] | changes]):
        answers = push(batch)
        assert isinstance(answers[-1], ScanChangedError)
        assert _traces(ask) == before
    # of two that come together the first is kept
    ask("TRUNCATE trace, trace_event")
    answers = push([LATE[0], LATE[0] | changes])
    assert [type(result) for result in answers] == [ScanReceipt, ScanChangedError]
    assert _traces(ask)[0][0].events == 1


def test_nothing_is_kept_of_an_item_without_a_case(
    forwarded: Make, received: Make, push: Push, ask: Ask
) -> None:
    forwarded(**ITEM)
    not_forwarded = "75300000000001"
    received(item={"waybill": not_forwarded})
    strangers = [
        scan("s", "1", "2026-01-02T08:00:00+08:00", waybill=waybill)
        for waybill in ("75300000000002", not_forwarded)
    ]
    assert all(isinstance(result, NoCaseError) for result in push(strangers))
    # another carrier has no case about it, whatever the number
    assert all(isinstance(result, NoCaseError) for result in push(LATE, carrier="YTO"))
    assert _traces(ask) == ([], [])
    assert _told(push([*strangers, LATE[0]])) == ["no-case", "no-case", "COLLECTED"]
    assert len(_traces(ask)[1]) == 1


def test_an_item_may_be_named_by_a_case(forwarded: Make, push: Push, ask: Ask) -> None:
    number, without = forwarded(**ITEM), forwarded()
    by_number = [
        scan("n", "2", "2026-01-03T08:00:00+08:00", waybill=None, number=waybill)
        for waybill in (number, without, "1" * 17)
    ]
    assert _told(push([LATE[0], *by_number])) == ["COLLECTED", "IN_TRANSIT", "no-case", "no-case"]
    assert [trace.events for trace in _traces(ask)[0]] == [2]
    assert _told(push(by_number[:1], carrier="YTO")) == ["no-case"]


def test_an_unknown_code_is_kept_counted_and_told(forwarded: Make, push: Push, ask: Ask) -> None:
    forwarded(**ITEM)
    before = tracking.UNKNOWN.labels("ZTO", "KDNIAO")._value.get()
    odd = scan("x", "9999", "2026-01-03T08:00:00+08:00", region_code="999999")
    [answer] = push([odd])
    assert isinstance(answer, ScanReceipt)
    assert (answer.state, answer.notices) == ("UNKNOWN", ("unknown-code", "unknown-region"))
    push([odd])
    assert tracking.UNKNOWN.labels("ZTO", "KDNIAO")._value.get() == before + 1
    [trace], [event] = _traces(ask)
    assert (trace.state, trace.unknown, event.code, event.region) == ("UNKNOWN", 1, "9999", "999999")
    push(LATE[:1])
    assert _traces(ask)[0][0].state == "COLLECTED"


def test_events_of_the_upu_and_our_own_states_are_scans_too(forwarded: Make, push: Push) -> None:
    forwarded(**ITEM)
    scans = [
        scan("u", "EMH", "2026-01-03T08:00:00+08:00", system="S10"),
        scan("o", "AT_OUTLET", "2026-01-03T07:00:00+08:00", system="SHENSU"),
    ]
    assert _told(push(scans)) == ["EXCEPTION_DELIVERY", "AT_OUTLET"]


def test_each_row_stands_for_itself(forwarded: Make, push: Push, ask: Ask) -> None:
    forwarded(**ITEM)
    tomorrow = (clock.now() + timedelta(days=1)).isoformat()
    bad = [
        LATE[0] | {"colour": "red"},
        LATE[0] | {"number": "1" * 17},
        scan("a", "1", "2026-01-02T08:00:00+08:00", waybill=None),
        scan("b", "1", tomorrow),
        scan("c", "1", "2026-01-02T08:00:00+08:00", waybill="?"),
        scan("d", "1", "2026-01-02T08:00:00+08:00", system="FEDEX"),
    ]
    answers = push([*bad, LATE[0]])
    assert [result.status for result in answers if isinstance(result, ShensuError)] == [422] * 6
    assert [
        fault.pointer for result in answers[1:] if isinstance(result, ShensuError) for fault in result.errors
    ] == [
        "/waybill",
        "/waybill",
        "/occurred_at",
        "/waybill",
        "/system",
    ]
    assert [event.event_id for event in _traces(ask)[1]] == ["1"]


def test_an_item_has_only_so_many_scans(
    forwarded: Make, push: Push, monkeypatch: pytest.MonkeyPatch, ask: Ask
) -> None:
    monkeypatch.setattr(tracking, "MOST_SCANS", 3)
    forwarded(**ITEM)
    push(LATE[:3])
    answers = push([LATE[3], LATE[0]])
    assert isinstance(answers[0], TooManyScansError)
    assert isinstance(answers[1], ScanReceipt)
    assert _traces(ask)[0][0].events == 3


def test_a_batch_is_a_fixed_number_of_statements(
    forwarded: Make, push: Push, statements: Callable[[], Any]
) -> None:
    numbers = [forwarded(item={"waybill": f"7531234567{i:04d}"}) for i in range(20)]
    batch = [
        scan(str(i), "2", f"2026-01-02T{i % 24:02d}:00:00+08:00", waybill=f"7531234567{i % 20:04d}")
        for i in range(200)
    ]
    with statements() as sent:
        answers = push([*batch, scan("n", "1", "2026-01-01T08:00:00+08:00", waybill=None, number=numbers[0])])
    assert all(isinstance(result, ScanReceipt) for result in answers)
    assert len(sent) == 6, sent
