"""Orders of a case: they keep their numbers over a merge, hear of the case that goes on, and wait again where it reopens."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from services.casework.session import DeskSession
from services.desk.perform import VerbOutcome
from shared import clock
from tests.services.hotline.conftest import GUANGZHOU, close

Make = Callable[..., str]
MakeDesk = Callable[..., DeskSession]
ANSWER = "hotline_answer"

Act = Callable[..., VerbOutcome]
Rows = Callable[..., Any]
Ask = Callable[..., list[Any]]
Heard = Callable[..., list[tuple[str, Any, Any]]]


def test_a_merged_order_is_answered_under_its_own_number(
    forwarded: Callable[..., str],
    waiting: Callable[..., str],
    act: Act,
    put_reply: Rows,
    see: Rows,
    heard: Heard,
    case_of: Rows,
    row_of: Rows,
    deadlines_of: Rows,
) -> None:
    # the same dispute by telephone first, and then by the hotline
    parent = forwarded(item={"waybill": "75312345678901"})
    child = waiting()
    act(child, "merge", into=parent, reason="同一人同一快件")
    assert case_of(child).status == "MERGED"
    assert (row_of().complaint_id, row_of().case_id) == (case_of(child).id, case_of(parent).id)
    assert deadlines_of(parent)["hotline_answer"].due_at == row_of().due_at
    kind, data, _ = heard()[-2]
    assert (kind, data["into"], data["orders"]) == ("order.merged", parent, ["HZ-1"])
    assert heard()[-1][0] == "order.signed"
    close(parent, act, put_reply)
    kind, data, words = heard()[-1]
    assert (kind, data["number"], data["orders"]) == ("order.answered", parent, ["HZ-1"])
    assert words == {"answer": "企业已赔偿并道歉。"}
    seen = see()
    assert (seen["number"], seen["handled_as"], seen["state"]["name"]) == (child, parent, "已答复")


def test_an_order_that_joins_a_case_which_nobody_took_in_hand_is_not_signed_for(
    received: Callable[..., str], waiting: Callable[..., str], act: Act, row_of: Rows
) -> None:
    parent = received(item={"waybill": "75312345678901"})
    act(waiting(), "merge", into=parent, reason="同一人同一快件")
    assert row_of().signed_at is None
    act(parent, "claim")
    assert row_of().signed_at is not None


def test_an_order_that_went_back_hears_of_no_merge(
    received: Callable[..., str], waiting: Callable[..., str], act: Act, heard: Heard, tell: Rows
) -> None:
    parent, first, second = received(item={"waybill": "75312345678901"}), waiting("HZ-1"), waiting("HZ-2")
    act(second, "merge", into=first, reason="同一事项")
    act(first, "hotline-return", order="330100/HZ-1", return_reason="OTHER", reason="由本局直接答复。")
    tell("HZ-2", "withdraw", reason="来电人撤回")
    before = len(heard())
    act(first, "merge", into=parent, reason="同一人同一快件")
    act(first, "unmerge", reason="并非同一快件")
    assert heard()[before:] == []
    act(waiting("HZ-3"), "merge", into=first, reason="同一事项")
    act(first, "merge", into=parent, reason="同一人同一快件")
    assert (heard()[-1][0], heard()[-1][1]["orders"]) == ("order.merged", ["HZ-3"])


def _in(days: int) -> str:
    return (clock.now() + timedelta(days=days)).astimezone(clock.SHANGHAI).isoformat()


def test_an_answer_that_is_taken_back_lets_the_orders_deadline_run_again(
    answered: Make,
    act: Act,
    desk: MakeDesk,
    row_of: Rows,
    deadlines_of: Rows,
    see: Rows,
    put_reply: Rows,
    case_of: Rows,
) -> None:
    number = answered()
    due = row_of().due_at
    act(number, "reopen", by=desk(officer="chen.jie", supervisor=True), reason="答复与事实不符")
    row, deadline = row_of(), deadlines_of(number)[ANSWER]
    assert (row.answered_at, row.interim_at, see()["state"]["name"]) == (None, None, "办理中")
    assert (deadline.stopped_at, deadline.due_at, row.due_at) == (None, due, due)
    assert clock.now() < row.interim_due_at < due
    assert case_of(number).next_due_at <= due
    by = desk(officer="chen.jie", supervisor=True)
    act(number, "hotline-interim", by=by, answer="正在重新核查。")
    assert row_of().interim_at is not None
    close(number, lambda case, verb, **form: act(case, verb, by=by, **form), put_reply)
    assert row_of().answered_at is not None


def test_a_refusal_that_is_taken_back_lets_the_orders_deadline_run_again(
    waiting: Make, act: Act, desk: MakeDesk, row_of: Rows, deadlines_of: Rows
) -> None:
    number = waiting()
    act(
        number,
        "refuse",
        ground="NOT_COMPLAINED_TO_ENTERPRISE",
        legal_basis="2020 art. 9(2)",
        reason="请先向企业投诉。",
    )
    act(number, "reopen", by=desk(officer="chen.jie", supervisor=True), reason="企业投诉记录已核实")
    deadline = deadlines_of(number)[ANSWER]
    assert (deadline.stopped_at, deadline.due_at) == (None, row_of().due_at)
    assert row_of().interim_due_at is not None


def test_of_two_orders_that_wait_again_the_nearer_deadline_runs_and_a_finished_one_waits_for_nothing(
    take: Rows,
    work: Callable[[], None],
    act: Act,
    put_reply: Rows,
    tell: Rows,
    row_of: Rows,
    desk: MakeDesk,
    ask: Ask,
) -> None:
    number = take(due_at=_in(9))["number"]
    near, done = (
        take(order_no, region=GUANGZHOU, enterprise_complaint=None, due_at=_in(days))["number"]
        for order_no, days in (("GZ-1", 6), ("GZ-2", 4))
    )
    work()
    for other in (near, done):
        act(other, "merge", into=number, reason="同一事项")
    close(number, act, put_reply)
    tell("GZ-2", "finish", region=GUANGZHOU)
    act(number, "reopen", by=desk(officer="chen.jie", supervisor=True), reason="答复与事实不符")
    mine, theirs, finished = row_of(), *(row_of(name, region=GUANGZHOU) for name in ("GZ-1", "GZ-2"))
    assert (mine.answered_at, theirs.answered_at) == (None, None)
    assert mine.interim_due_at > theirs.interim_due_at
    assert (finished.answered_at is not None, finished.interim_due_at) == (True, None)
    running = ask("SELECT due_at FROM case_deadline WHERE key = :key AND stopped_at IS NULL", key=ANSWER)
    assert [deadline.due_at for deadline in running] == [theirs.due_at]
