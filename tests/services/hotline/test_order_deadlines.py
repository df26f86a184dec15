"""The hotline's deadlines are the hotline's: no officer pauses one, and a case that goes on again has one again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.casework.session import DeskSession
from services.desk.perform import VerbOutcome
from shared import clock
from shared.errors import ConflictError
from tests.services.hotline.conftest import GUANGZHOU, close

Act = Callable[..., VerbOutcome]
Make = Callable[..., str]
Rows = Callable[..., Any]
Ask = Callable[..., list[Any]]
MakeDesk = Callable[..., DeskSession]
ANSWER, SIGN = "hotline_answer", "hotline_sign"


def _in(days: int) -> str:
    return (clock.now() + timedelta(days=days)).astimezone(clock.SHANGHAI).isoformat()


@pytest.mark.parametrize("key", [ANSWER, SIGN])
@pytest.mark.parametrize("changes", [{}, {"due_at": True}])
def test_no_officer_lets_a_hotlines_deadline_stand_still(
    key: str, changes: dict[str, Any], waiting: Make, act: Act, clocks_of: Rows, case_of: Rows
) -> None:
    number = waiting(**({"due_at": _in(8)} if changes else {}))
    before = clocks_of(number)[key]
    with pytest.raises(ConflictError, match="hotline") as refused:
        act(number, "pause", deadline=key, basis="FORCE_MAJEURE", reason="台风")
    assert refused.value.code == "deadline-not-movable"
    assert clocks_of(number)[key] == before
    assert case_of(number).escalated_at is None


def test_one_that_stood_still_in_the_past_runs_on_until_the_same_moment(
    waiting: Make, act: Act, ask: Ask, clocks_of: Rows, row_of: Rows
) -> None:
    number = waiting(due_at=_in(8))
    ask(
        "UPDATE case_deadline SET paused_at = clock_timestamp(), due_at = NULL, next_check_at = NULL, "
        "pauses = jsonb_build_array(jsonb_build_array(clock_timestamp() - interval '2 days', NULL, "
        "'FORCE_MAJEURE')) WHERE key = 'hotline_answer'"
    )
    act(number, "resume", deadline=ANSWER, reason="台风过境")
    resumed = clocks_of(number)[ANSWER]
    assert (resumed.due_at, resumed.paused_at) == (row_of().due_at, None)
    assert resumed.next_check_at > clock.now()


def test_an_answer_that_is_taken_back_lets_the_orders_deadline_run_again(
    answered: Make,
    act: Act,
    desk: MakeDesk,
    row_of: Rows,
    clocks_of: Rows,
    see: Rows,
    put_reply: Rows,
    case_of: Rows,
) -> None:
    number = answered()
    due = row_of().due_at
    act(number, "reopen", by=desk(officer="chen.jie", supervisor=True), reason="答复与事实不符")
    row, deadline = row_of(), clocks_of(number)[ANSWER]
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
    waiting: Make, act: Act, desk: MakeDesk, row_of: Rows, clocks_of: Rows
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
    deadline = clocks_of(number)[ANSWER]
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
    assert [one.due_at for one in running] == [theirs.due_at]


def test_a_case_that_is_done_again_is_to_be_answered_within_the_thirty_days(
    answered: Make, tell: Rows, clocks_of: Rows, case_of: Rows
) -> None:
    number = answered()
    assert clocks_of(number)["total"].outcome == "MET"
    tell("HZ-1", "redo", reason="答复不实")
    total = clocks_of(number)["total"]
    assert (total.round, total.stopped_at, total.due_at) == (2, None, case_of(number).total_due_at)
    assert total.started_at == case_of(number).received_at
