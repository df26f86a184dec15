"""The life of an order beside its case: signed for, answered or returned by what becomes of the case, and brought back."""

from collections.abc import Callable
from typing import Any

import pytest

from services.casework.session import DeskSession
from services.desk.perform import VerbOutcome
from tests.services.hotline.conftest import close

Act = Callable[..., VerbOutcome]
Take = Callable[..., dict[str, Any]]
Rows = Callable[..., Any]
Ask = Callable[..., list[Any]]
Heard = Callable[..., list[tuple[str, Any, Any]]]
REFUSAL = {
    "ground": "NOT_COMPLAINED_TO_ENTERPRISE",
    "legal_basis": "2020 art. 9(2)",
    "reason": "请先向企业投诉，满七日未处理再申诉。",
}


def test_the_worker_that_takes_a_case_up_signs_for_its_order(
    take: Take, work: Callable[[], None], deadlines_of: Rows, row_of: Rows, heard: Heard, see: Rows
) -> None:
    number = take()["number"]
    assert see()["state"]["name"] == "待签收"
    work()
    assert deadlines_of(number)["hotline_sign"].outcome == "MET"
    assert deadlines_of(number)["hotline_answer"].stopped_at is None
    assert row_of().signed_at is not None
    assert see()["state"]["name"] == "办理中"
    assert [kind for kind, *_ in heard()] == ["order.accepted", "order.signed", "order.handling"]
    assert {tuple(data["orders"]) for _, data, _ in heard()} == {("HZ-1",)}


def test_an_order_that_is_signed_late_is_late(
    waiting: Callable[..., str], act: Act, ask: Ask, deadlines_of: Rows
) -> None:
    number = waiting()
    ask("UPDATE case_deadline SET due_at = clock_timestamp() WHERE key = 'hotline_sign'")
    act(number, "claim")
    assert deadlines_of(number)["hotline_sign"].outcome == "LATE"


def test_closing_answers_the_order_with_finding_and_words(
    take: Take,
    work: Callable[[], None],
    act: Act,
    put_reply: Rows,
    deadlines_of: Rows,
    row_of: Rows,
    heard: Heard,
    see: Rows,
) -> None:
    number = take()["number"]
    work()
    close(number, act, put_reply)
    row = row_of()
    assert row.answered_at is not None
    assert row.interim_due_at is None
    assert deadlines_of(number)["hotline_answer"].outcome == "MET"
    kind, data, words = heard()[-1]
    assert (kind, words) == ("order.answered", {"answer": "企业已赔偿并道歉。"})
    assert (data["close_reason"], data["responsibility"], data["responsible_unit"]) == (
        "SETTLED",
        "ENTERPRISE",
        "西湖网点",
    )
    seen = see()
    assert (seen["state"]["name"], seen["finding"]["responsibility"]) == ("已答复", "ENTERPRISE")
    assert seen["messages"][-1]["answer"] == "企业已赔偿并道歉。"


@pytest.mark.parametrize(
    ("verb", "form", "reason"),
    [
        ("refuse", REFUSAL, "PRECONDITION"),
        ("transfer", {"office": "12315", "reason": "商品质量纠纷"}, "NOT_OURS"),
    ],
)
def test_a_case_that_is_refused_or_handed_elsewhere_returns_its_order(
    verb: str,
    form: dict[str, Any],
    reason: str,
    waiting: Callable[..., str],
    act: Act,
    row_of: Rows,
    see: Rows,
    heard: Heard,
    deadlines_of: Rows,
) -> None:
    number = waiting()
    act(number, verb, **form)
    row = row_of()
    assert (row.returned_at is not None, row.return_reason, row.interim_due_at) == (True, reason, None)
    seen = see()
    assert (seen["state"]["name"], seen["return_reason"]) == ("已退单", reason)
    assert seen["messages"][-1]["reason"] == form["reason"]
    kind, data, words = heard()[-1]
    assert (kind, words["reason"], data["orders"]) == ("order.returned", form["reason"], ["HZ-1"])
    assert all(deadline.stopped_at is not None for deadline in deadlines_of(number).values())


def test_a_refusal_that_does_not_hold_brings_the_order_back(
    waiting: Callable[..., str],
    act: Act,
    row_of: Rows,
    see: Rows,
    desk: Callable[..., DeskSession],
    heard: Heard,
) -> None:
    number = waiting()
    act(number, "refuse", **REFUSAL)
    act(number, "reopen", by=desk(officer="chen.jie", supervisor=True), reason="企业投诉记录已核实")
    row = row_of()
    assert (row.returned_at, row.return_reason) == (None, None)
    assert see()["state"]["name"] == "办理中"
    assert [kind for kind, *_ in heard()][-2:] == ["order.reopened", "order.signed"]
