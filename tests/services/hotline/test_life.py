"""The life of an order beside its case: signed for, answered or returned by what becomes of the case, and read."""

from collections.abc import Callable
from typing import Any

import pytest

from services.casework.session import ClaimedByAnotherError, DeskSession
from services.desk.perform import VerbOutcome
from services.hotline.officer_steps import NoMoreTimeError, NoOrderError
from shared import clock
from shared.errors import InvalidInputError, NotFoundError
from shared.vocabulary import Status
from tests.services.hotline.conftest import CALLER, GUANGZHOU, close

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
    take: Take, work: Callable[[], None], clocks_of: Rows, row_of: Rows, heard: Heard, see: Rows
) -> None:
    number = take()["number"]
    assert see()["state"]["name"] == "待签收"
    work()
    assert clocks_of(number)["hotline_sign"].outcome == "MET"
    assert clocks_of(number)["hotline_answer"].stopped_at is None
    assert row_of().signed_at is not None
    assert see()["state"]["name"] == "办理中"
    assert [kind for kind, *_ in heard()] == ["order.accepted", "order.signed", "order.handling"]
    assert {tuple(data["orders"]) for _, data, _ in heard()} == {("HZ-1",)}


def test_an_officer_signs_by_claiming_or_before(
    waiting: Callable[..., str], act: Act, clocks_of: Rows, row_of: Rows, heard: Heard, events_of: Rows
) -> None:
    first, second = waiting("HZ-1"), waiting("HZ-2", waybill=None)
    act(first, "claim")
    act(second, "hotline-sign")
    for number, order_no in ((first, "HZ-1"), (second, "HZ-2")):
        assert clocks_of(number)["hotline_sign"].outcome == "MET"
        assert row_of(order_no).signed_at is not None
        # once, whatever follows
        act(number, "hotline-sign")
        act(number, "ask-supplement", items=["ENTERPRISE_COMPLAINT"], message="是否已向企业投诉？")
        assert [one.kind for one in events_of(number)].count("ORDER_SIGNED") == 1
    assert [kind for kind, *_ in heard()].count("order.signed") == 2


def test_an_order_that_is_signed_late_is_late(
    waiting: Callable[..., str], act: Act, ask: Ask, clocks_of: Rows
) -> None:
    number = waiting()
    ask("UPDATE case_deadline SET due_at = clock_timestamp() WHERE key = 'hotline_sign'")
    act(number, "claim")
    assert clocks_of(number)["hotline_sign"].outcome == "LATE"


def test_closing_answers_the_order_with_finding_and_words(
    take: Take,
    work: Callable[[], None],
    act: Act,
    put_reply: Rows,
    clocks_of: Rows,
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
    assert clocks_of(number)["hotline_answer"].outcome == "MET"
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
    clocks_of: Rows,
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
    assert all(one.stopped_at is not None for one in clocks_of(number).values())


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


def test_an_order_is_returned_while_its_case_stays(
    take: Take,
    work: Callable[[], None],
    act: Act,
    case_of: Rows,
    row_of: Rows,
    see: Rows,
    heard: Heard,
    put_reply: Rows,
    clocks_of: Rows,
) -> None:
    number = take()["number"]
    work()
    act(number, "hotline-return", return_reason="NOT_OURS", reason="非本单位职责。")
    assert case_of(number).status == "FORWARDED"
    assert (row_of().return_reason, see()["state"]["name"]) == ("NOT_OURS", "已退单")
    assert clocks_of(number)["hotline_answer"].outcome == "MET"
    assert heard()[-1][0] == "order.returned"
    close(number, act, put_reply)
    # it hears no more of the case
    assert heard()[-1][0] == "order.returned"
    assert (row_of().answered_at, see()["state"]["name"]) == (None, "已退单")
    with pytest.raises(NoOrderError):
        act(number, "hotline-return", return_reason="OTHER", reason="再次")


def test_more_time_is_asked_for_before_the_end_and_within_our_thirty_days(
    waiting: Callable[..., str], act: Act, row_of: Rows, case_of: Rows, ask: Ask, heard: Heard
) -> None:
    number = waiting()
    due, total = row_of().due_at, case_of(number).total_due_at

    def _ask(until: Any) -> None:
        act(
            number,
            "hotline-extension",
            extend_to=until.astimezone(clock.SHANGHAI).isoformat(),
            reason="企业核查中",
        )

    for beyond in (due, total + (total - due)):
        with pytest.raises(InvalidInputError):
            _ask(beyond)
    _ask(total)
    row = row_of()
    assert (row.extension, row.extension_asked_to, row.due_at) == ("ASKED", total, due)
    [(data, words)] = [message[1:] for message in heard() if message[0] == "order.extension_asked"]
    assert (data["orders"], words) == (["HZ-1"], {"reason": "企业核查中"})
    with pytest.raises(NoMoreTimeError, match="already"):
        _ask(total)
    ask("UPDATE hotline_order SET extension = NULL, due_at = clock_timestamp()")
    with pytest.raises(NoMoreTimeError, match="run out"):
        _ask(total)


def test_the_desk_has_no_hand_in_cases_without_orders(
    received: Callable[..., str], act: Act, desk: Callable[..., DeskSession], waiting: Callable[..., str]
) -> None:
    with pytest.raises(NoOrderError):
        act(received(), "hotline-interim", answer="正在办理。")
    number = waiting()
    act(number, "claim")
    with pytest.raises(ClaimedByAnotherError):
        act(number, "hotline-interim", by=desk(officer="wang.wei"), answer="正在办理。")
    act(number, "withdraw", reason="用户来电撤回")
    with pytest.raises(NoOrderError):
        act(number, "hotline-interim", answer="正在办理。")


def test_a_foreign_order_is_not_there(take: Take, see: Rows, tell: Rows) -> None:
    take()
    attempts: tuple[Callable[[], object], ...] = (
        lambda: see("HZ-1", region=GUANGZHOU),
        lambda: see("HZ-9"),
        lambda: tell("HZ-1", "urge", region=GUANGZHOU),
    )
    for lost in attempts:
        with pytest.raises(NotFoundError):
            lost()


def test_persons_are_masked_and_those_of_a_confidential_order_hidden(
    take: Take, see: Rows, case_of: Rows
) -> None:
    take("HZ-1")
    number = take("HZ-2", confidential=True, caller=CALLER | {"phone": "13912345678"})["number"]
    assert see("HZ-1")["persons"] == {"complainant": {"name": "王**", "phone": "138******00"}}
    assert see("HZ-2")["persons"] == {"complainant": {"name": "***", "phone": "***"}}
    assert case_of(number).confidential


def test_reading_an_order_takes_two_statements(take: Take, see: Rows, statements: Callable[[], Any]) -> None:
    take()
    with statements() as sent:
        see()
    assert len(sent) == 2


def test_every_status_of_ours_has_a_word_of_theirs(see: Rows, take: Take, ask: Ask) -> None:
    take()
    for status in set(Status) - {Status.CLOSED, Status.REFUSED, Status.MERGED}:
        ask("UPDATE complaint SET status = :status", status=status)
        assert see()["state"]["name"]
