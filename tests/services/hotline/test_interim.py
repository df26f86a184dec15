"""Interim answers: in time, once an order, after any downtime, and never instead of an answer that somebody gave."""

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from services.cases import lookup
from services.desk.perform import VerbOutcome
from services.hotline import interim
from services.intake.preparation import IntakeContext
from services.reference.data import ReferenceData
from shared.database import Database
from tests.services.hotline.conftest import GUANGZHOU, close

Act = Callable[..., VerbOutcome]
Take = Callable[..., dict[str, Any]]
Tell = Callable[..., dict[str, Any]]
Rows = Callable[..., Any]
Ask = Callable[..., list[Any]]
Run = Callable[[Coroutine[Any, Any, Any]], Any]
Heard = Callable[..., list[tuple[str, Any, Any]]]
Answer = Callable[..., int]


def test_the_hotline_is_answered_on_the_last_working_day_and_the_case_goes_on(
    take: Take,
    work: Callable[[], None],
    answer_meanwhile: Answer,
    pass_time: Callable[..., None],
    case_of: Rows,
    deadlines_of: Rows,
    row_of: Rows,
    events_of: Rows,
    heard: Heard,
) -> None:
    number = take()["number"]
    work()
    assert answer_meanwhile() == 0
    before = case_of(number)
    pass_time()
    assert answer_meanwhile() == 1
    case, row = case_of(number), row_of()
    assert case.status == "FORWARDED"
    assert (row.interim_at is not None, row.interim_due_at) == (True, None)
    deadlines = deadlines_of(number)
    assert deadlines["hotline_answer"].outcome == "MET"
    assert (deadlines["total"].stopped_at, case.total_due_at) == (None, before.total_due_at)
    assert case.next_due_at == min(
        deadline.due_at for deadline in deadlines.values() if deadline.stopped_at is None
    )
    event = events_of(number)[-1]
    assert (event.kind, event.actor, event.by) == ("INTERIM_ANSWER", "WORKER", "worker")
    kind, data, words = heard()[-1]
    assert (kind, data["orders"]) == ("order.interim_answer", ["HZ-1"])
    assert "杭州市邮政管理局" in words["answer"]
    assert "已转办" in words["answer"]
    assert "王小明" not in words["answer"]
    # once
    assert answer_meanwhile() == 0


def test_after_three_days_without_a_worker_it_is_late_and_still_once(
    take: Take,
    work: Callable[[], None],
    answer_meanwhile: Answer,
    pass_time: Callable[..., None],
    deadlines_of: Rows,
    events_of: Rows,
) -> None:
    number = take()["number"]
    work()
    pass_time(after=timedelta(days=3))
    assert answer_meanwhile() == 1
    assert answer_meanwhile() == 0
    assert deadlines_of(number)["hotline_answer"].outcome == "LATE"
    assert [event.kind for event in events_of(number)].count("INTERIM_ANSWER") == 1


def test_each_order_of_a_case_is_answered_by_its_own_deadline(
    take: Take,
    work: Callable[[], None],
    act: Act,
    answer_meanwhile: Answer,
    pass_time: Callable[..., None],
    heard: Heard,
    deadlines_of: Rows,
    row_of: Rows,
) -> None:
    parent = take("HZ-1")["number"]
    work()
    child = take("GZ-1", region=GUANGZHOU, kind="HELP", enterprise_complaint=None)["number"]
    work()
    act(child, "merge", into=parent, reason="同一事项")
    pass_time("GZ-1")
    assert answer_meanwhile() == 1
    assert heard(GUANGZHOU)[-1][0] == "order.interim_answer"
    assert "order.interim_answer" not in [kind for kind, *_ in heard()]
    assert row_of("HZ-1").interim_at is None
    # the other order's deadline runs on
    deadline = deadlines_of(parent)["hotline_answer"]
    assert (deadline.due_at, deadline.stopped_at) == (row_of("HZ-1").due_at, None)
    pass_time("HZ-1")
    assert answer_meanwhile() == 1
    assert heard()[-1][0] == "order.interim_answer"
    assert [kind for kind, *_ in heard(GUANGZHOU)].count("order.interim_answer") == 1
    assert deadlines_of(parent)["hotline_answer"].stopped_at is not None


def _by_an_officer(number: str, act: Act, **_: Any) -> None:
    act(number, "hotline-interim", answer="已联系企业核实，待答复。")


def _by_the_closing(number: str, act: Act, put_reply: Rows, **_: Any) -> None:
    close(number, act, put_reply)


def _by_a_return(number: str, act: Act, **_: Any) -> None:
    act(number, "hotline-return", return_reason="NOT_OURS", reason="非本单位职责。")


def _by_its_hotline(number: str, tell: Tell, **_: Any) -> None:
    assert tell("HZ-1", "finish")["number"] == number


def _by_the_caller(number: str, tell: Tell, **_: Any) -> None:
    assert tell("HZ-1", "withdraw", reason="来电人撤诉")["number"] == number


@pytest.mark.parametrize(
    "settle", [_by_an_officer, _by_the_closing, _by_a_return, _by_its_hotline, _by_the_caller]
)
def test_an_order_that_wants_no_answer_gets_none(
    settle: Callable[..., None],
    take: Take,
    work: Callable[[], None],
    act: Act,
    tell: Tell,
    put_reply: Rows,
    answer_meanwhile: Answer,
    row_of: Rows,
    events_of: Rows,
) -> None:
    number = take()["number"]
    work()
    settle(number, act=act, put_reply=put_reply, tell=tell)
    assert row_of().interim_due_at is None
    assert answer_meanwhile() == 0
    assert [event.kind for event in events_of(number) if event.actor == "WORKER"].count("INTERIM_ANSWER") == 0


def test_an_officers_interim_answer_keeps_the_deadline(
    take: Take, work: Callable[[], None], act: Act, deadlines_of: Rows, row_of: Rows, heard: Heard, see: Rows
) -> None:
    number = take()["number"]
    work()
    act(number, "hotline-interim", answer="已联系企业核实，待答复。")
    assert deadlines_of(number)["hotline_answer"].outcome == "MET"
    assert row_of().interim_at is not None
    [(data, words)] = [message[1:] for message in heard() if message[0] == "order.interim_answer"]
    assert words == {"answer": "已联系企业核实，待答复。"}
    assert "total_due_at" in data
    assert (see()["state"]["name"], see()["messages"][-1]["answer"]) == ("办理中", "已联系企业核实，待答复。")


def test_more_time_puts_the_interim_answer_off(
    take: Take,
    work: Callable[[], None],
    tell: Tell,
    pass_time: Callable[..., None],
    answer_meanwhile: Answer,
    row_of: Rows,
) -> None:
    take()
    work()
    pass_time()
    later = (row_of().due_at + timedelta(days=20)).isoformat()
    tell("HZ-1", "extension", decision="GRANTED", due_at=later)
    assert answer_meanwhile() == 0
    pass_time()
    assert answer_meanwhile() == 1


def test_a_case_that_somebody_holds_is_left_for_the_next_time(
    take: Take,
    work: Callable[[], None],
    pass_time: Callable[..., None],
    answer_meanwhile: Answer,
    db: Database,
    run: Run,
    reference: ReferenceData,
    intake_context: IntakeContext,
    case_of: Rows,
) -> None:
    number = take()["number"]
    work()
    pass_time()
    case = case_of(number)

    async def _meanwhile() -> int:
        async with db.transaction() as connection:
            await lookup.by_id(connection, case.bucket, case.id, lock=True)
            return await interim.answer_batch(db, reference, intake_context.ring, size=10)

    assert run(_meanwhile()) == 0
    assert answer_meanwhile() == 1


def test_a_poisoned_case_keeps_no_other_hotline_from_its_answer(
    take: Take,
    pass_time: Callable[..., None],
    answer_meanwhile: Answer,
    spoil: Callable[[str], None],
    mend: Callable[[str], None],
    ask: Ask,
    row_of: Rows,
) -> None:
    numbers = [take(f"HZ-{n}", waybill=None)["number"] for n in range(7)]
    for n in range(7):
        # the poisoned one is due first
        pass_time(f"HZ-{n}", after=timedelta(hours=7 - n))
    spoil(numbers[0])
    with capture_logs() as logs:
        assert answer_meanwhile(3) == 6
    assert [row_of(f"HZ-{n}").interim_at is not None for n in range(7)] == [False, *[True] * 6]
    assert [(log["event"], log["number"]) for log in logs] == [("interim_failed", numbers[0])]
    # it is not forgotten: mended, it is answered when its turn comes again
    mend(numbers[0])
    assert answer_meanwhile() == 0
    ask(
        "UPDATE hotline_order SET interim_due_at = interim_due_at - CAST(:wait AS interval)",
        wait=interim.POISON_WAIT,
    )
    assert answer_meanwhile() == 1
