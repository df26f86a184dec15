"""What a hotline does with an order after it was sent: each step once for its key, and never beyond what it may."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from services.cases import lookup
from services.cases.changes import KeyedContext
from services.casework.session import DeskSession
from services.casework.supplement import CaseEndedError
from services.desk.perform import VerbOutcome
from services.hotline import verbs
from services.hotline.locked_order import OrderEndedError
from services.hotline.steps import NotAskedError
from services.hotline.verbs import Call
from services.requests.answers import KeyReusedError
from shared import clock
from shared.database import Database
from shared.errors import InvalidInputError
from tests.services.hotline.conftest import HANGZHOU, close

Act = Callable[..., VerbOutcome]
Take = Callable[..., dict[str, Any]]
Tell = Callable[..., dict[str, Any]]
Rows = Callable[..., Any]
Ask = Callable[..., list[Any]]
Run = Callable[[Coroutine[Any, Any, Any]], Any]
Heard = Callable[..., list[tuple[str, Any, Any]]]


def _at(shift: timedelta) -> str:
    return (clock.now() + shift).astimezone(clock.SHANGHAI).isoformat(timespec="seconds")


def test_urging_is_counted_once_for_its_key(take: Take, tell: Tell, row_of: Rows, events_of: Rows) -> None:
    number = take()["number"]
    first = tell("HZ-1", "urge", key="U-1", note="来电人再次来电")
    again = tell("HZ-1", "urge", key="U-1", note="来电人再次来电")
    assert (first["replayed"], again["replayed"]) == (False, True)
    assert first | {"replayed": True} == again
    with pytest.raises(KeyReusedError):
        tell("HZ-1", "urge", key="U-1", note="别的")
    tell("HZ-1", "urge", key="U-2")
    assert row_of().urged == 2
    assert [event.data["urged"] for event in events_of(number) if event.kind == "URGED"] == [1, 2]


def test_urging_follows_a_merge(
    forwarded: Callable[..., str], take: Take, tell: Tell, act: Act, work: Callable[[], None], events_of: Rows
) -> None:
    parent = forwarded(item={"waybill": "75312345678901"})
    child = take(enterprise_complaint=None)["number"]
    work()
    act(child, "merge", into=parent, reason="同一事项")
    answer = tell("HZ-1", "urge")
    assert answer["number"] == parent
    assert [event.kind for event in events_of(parent)][-1] == "URGED"


def test_a_step_that_waited_for_a_merge_goes_to_the_case_that_goes_on(
    forwarded: Callable[..., str],
    take: Take,
    work: Callable[[], None],
    db: Database,
    run: Run,
    context: KeyedContext,
    case_of: Rows,
    events_of: Rows,
) -> None:
    parent = case_of(forwarded(item={"waybill": "75399999999901"}))
    number = take(enterprise_complaint=None)["number"]
    work()
    child = case_of(number)
    call = Call(HANGZHOU, "HZ-1", "urge", verbs.VERBS["urge"].form(), "U-1")

    async def _go() -> None:
        async with db.transaction() as merging:
            await lookup.by_id(merging, child.bucket, child.id, lock=True)
            urged = asyncio.create_task(verbs.perform(db, call, context))
            await asyncio.sleep(0.3)
            assert not urged.done()
            moved = text("UPDATE hotline_order SET case_bucket = :bucket, case_id = :id")
            await merging.execute(moved, {"bucket": parent.bucket, "id": parent.id})
        await urged

    run(_go())
    assert [event.kind for event in events_of(parent.number)][-1] == "URGED"
    assert "URGED" not in [event.kind for event in events_of(number)]


def test_supervision_raises_to_l2_with_targets_and_copies(
    take: Take,
    tell: Tell,
    work: Callable[[], None],
    case_of: Rows,
    deadlines_of: Rows,
    row_of: Rows,
    events_of: Rows,
) -> None:
    number = take()["number"]
    work()
    before = deadlines_of(number)
    answer = tell("HZ-1", "supervise", note="市长信箱督办")
    assert answer["level"] == "L2"
    case = case_of(number)
    assert (case.level, case.copied_to) == ("L2", ["P330000"])
    assert "SUPERVISED" in case.urgency
    after = deadlines_of(number)
    assert after["first_contact"].rule == "first_contact_l2"
    assert after["close_target"].rule == "close_target_l2"
    assert after["total"].due_at == before["total"].due_at
    assert row_of().supervised_at is not None
    assert [event.kind for event in events_of(number)][-2:] == ["SUPERVISED", "LEVEL_RAISED"]
    # what is higher stays
    tell("HZ-1", "supervise")
    assert [event.kind for event in events_of(number)].count("LEVEL_RAISED") == 1


def test_an_order_that_is_supervised_before_it_is_routed_is_routed_at_l2(
    take: Take, tell: Tell, work: Callable[[], None], case_of: Rows
) -> None:
    number = take()["number"]
    tell("HZ-1", "supervise")
    work()
    assert (case_of(number).level, case_of(number).copied_to) == ("L2", ["P330000"])


def test_a_supplement_of_the_hotline_lets_the_conditions_be_weighed_anew(
    take: Take, tell: Tell, work: Callable[[], None], act: Act, case_of: Rows, events_of: Rows
) -> None:
    number = take(enterprise_complaint=None)["number"]
    work()
    act(number, "request-supplement", items=["ENTERPRISE_COMPLAINT"], message="是否已向企业投诉？")
    answer = tell(
        "HZ-1", "supplement", enterprise_complaint={"outcome": "DISSATISFIED"}, message="已投诉，不满意。"
    )
    assert answer["status"] == "RECEIVED"
    event = next(event for event in events_of(number) if event.kind == "SUPPLEMENTED")
    assert (event.actor, event.by) == ("HOTLINE", "hotline:330100")
    work()
    assert case_of(number).status == "FORWARDED"


def test_taking_an_order_back_ends_its_case(
    take: Take, tell: Tell, work: Callable[[], None], case_of: Rows, row_of: Rows, see: Rows, heard: Heard
) -> None:
    number = take()["number"]
    work()
    assert tell("HZ-1", "withdraw", reason="来电人撤诉")["state"]["name"] == "已撤单"
    assert (case_of(number).status, row_of().withdrawn_at is not None) == ("WITHDRAWN", True)
    assert heard()[-1][0] == "order.withdrawn"
    assert see()["state"]["code"] == "WITHDRAWN"
    for verb, form in (
        ("urge", {}),
        ("supervise", {}),
        ("withdraw", {"reason": "再撤"}),
        ("finish", {}),
        ("supplement", {"message": "补充"}),
        ("visit", {"result": "SATISFIED"}),
    ):
        with pytest.raises(OrderEndedError):
            tell("HZ-1", verb, **form)


def test_a_case_that_somebody_else_waits_for_outlives_the_order(
    forwarded: Callable[..., str],
    take: Take,
    tell: Tell,
    work: Callable[[], None],
    act: Act,
    case_of: Rows,
    deadlines_of: Rows,
    heard: Heard,
    put_reply: Rows,
) -> None:
    parent = forwarded(item={"waybill": "75312345678901"})
    mine = take(enterprise_complaint=None)["number"]
    work()
    act(mine, "merge", into=parent, reason="同一事项")
    answer = tell("HZ-1", "withdraw", reason="来电人撤诉")
    assert (answer["state"]["code"], answer["status"]) == ("WITHDRAWN", "FORWARDED")
    assert deadlines_of(parent)["hotline_answer"].stopped_at is not None
    close(parent, act, put_reply)
    assert "order.answered" not in [kind for kind, *_ in heard()]

    # the other way round: the telephone's complaint was merged into the order's case
    order_case = take("HZ-2", waybill="75399999999901")["number"]
    work()
    phoned = forwarded(item={"waybill": "75388888888801"})
    act(phoned, "merge", into=order_case, reason="同一事项")
    assert tell("HZ-2", "withdraw", reason="来电人撤诉")["status"] == "FORWARDED"
    assert case_of(order_case).status == "FORWARDED"


def test_more_time_moves_the_hotlines_deadline_and_nothing_else(
    take: Take,
    tell: Tell,
    work: Callable[[], None],
    act: Act,
    row_of: Rows,
    deadlines_of: Rows,
    case_of: Rows,
) -> None:
    number = take()["number"]
    work()
    before = deadlines_of(number)
    with pytest.raises(NotAskedError):
        tell("HZ-1", "extension", decision="REFUSED")
    due_at = case_of(number).total_due_at.astimezone(clock.SHANGHAI).isoformat()
    act(number, "hotline-extension", extend_to=due_at, reason="企业核查中")
    tell("HZ-1", "extension", decision="REFUSED", reason="不同意延期")
    assert (row_of().extension, row_of().due_at) == ("REFUSED", before["hotline_answer"].due_at)
    act(number, "hotline-extension", extend_to=due_at, reason="企业核查中")
    until = _at(timedelta(days=60))
    tell("HZ-1", "extension", decision="GRANTED", due_at=until)
    row, after = row_of(), deadlines_of(number)
    assert (row.extension, row.due_at) == ("GRANTED", datetime.fromisoformat(until))
    assert after["hotline_answer"].due_at == row.due_at
    assert before["hotline_answer"].due_at < row.interim_due_at < row.due_at
    for key in set(before) - {"hotline_answer"}:
        assert (after[key].due_at, after[key].round) == (before[key].due_at, before[key].round), key
    assert case_of(number).total_due_at == before["total"].due_at
    with pytest.raises(InvalidInputError):
        tell("HZ-1", "extension", decision="GRANTED", due_at=_at(timedelta(days=59)))


def test_an_order_is_finished_by_its_hotline_whatever_its_case_still_needs(
    take: Take,
    tell: Tell,
    work: Callable[[], None],
    case_of: Rows,
    deadlines_of: Rows,
    see: Rows,
    row_of: Rows,
) -> None:
    number = take()["number"]
    work()
    assert tell("HZ-1", "finish")["state"]["name"] == "已办结"
    first = row_of().finished_at
    tell("HZ-1", "finish")
    assert row_of().finished_at == first
    assert case_of(number).status == "FORWARDED"
    assert deadlines_of(number)["hotline_answer"].stopped_at is not None
    assert deadlines_of(number)["total"].stopped_at is None
    # what the caller says afterwards is still heard
    tell("HZ-1", "visit", result="SATISFIED")
    for verb, form in (("urge", {}), ("redo", {"reason": "不满意"}), ("extension", {"decision": "REFUSED"})):
        with pytest.raises(OrderEndedError):
            tell("HZ-1", verb, **form)
    assert see()["state"]["code"] == "FINISHED"


def test_an_answered_order_is_not_urged_and_gets_no_supplement(
    answered: Callable[..., str], tell: Tell
) -> None:
    answered()
    with pytest.raises(OrderEndedError):
        tell("HZ-1", "urge")
    with pytest.raises(CaseEndedError):
        tell("HZ-1", "supplement", message="补充")


def test_a_desk_that_read_the_case_before_learns_that_it_changed(
    take: Take,
    tell: Tell,
    work: Callable[[], None],
    act: Act,
    case_of: Rows,
    desk: Callable[..., DeskSession],
) -> None:
    number = take()["number"]
    work()
    version = case_of(number).version
    tell("HZ-1", "urge")
    with pytest.raises(Exception, match="decide again"):
        act(number, "note", by=desk(), version=version, note="处理中")
