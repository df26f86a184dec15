"""What an officer does with an order alone: sign, return while the case stays, ask for more time."""

from collections.abc import Callable
from typing import Any

import pytest

from services.casework.session import ClaimedByAnotherError, DeskSession
from services.desk.perform import VerbOutcome
from services.hotline.officer_steps import NoMoreTimeError, NoOrderError
from shared import clock
from shared.errors import InvalidInputError
from tests.services.hotline.conftest import close

Act = Callable[..., VerbOutcome]
Take = Callable[..., dict[str, Any]]
Rows = Callable[..., Any]
Ask = Callable[..., list[Any]]
Heard = Callable[..., list[tuple[str, Any, Any]]]


def test_an_officer_signs_by_claiming_or_before(
    waiting: Callable[..., str], act: Act, deadlines_of: Rows, row_of: Rows, heard: Heard, events_of: Rows
) -> None:
    first, second = waiting("HZ-1"), waiting("HZ-2", waybill=None)
    act(first, "claim")
    act(second, "hotline-sign")
    for number, order_no in ((first, "HZ-1"), (second, "HZ-2")):
        assert deadlines_of(number)["hotline_sign"].outcome == "MET"
        assert row_of(order_no).signed_at is not None
        # once, whatever follows
        act(number, "hotline-sign")
        act(number, "request-supplement", items=["ENTERPRISE_COMPLAINT"], message="是否已向企业投诉？")
        assert [event.kind for event in events_of(number)].count("ORDER_SIGNED") == 1
    assert [kind for kind, *_ in heard()].count("order.signed") == 2


def test_an_order_is_returned_while_its_case_stays(
    take: Take,
    work: Callable[[], None],
    act: Act,
    case_of: Rows,
    row_of: Rows,
    see: Rows,
    heard: Heard,
    put_reply: Rows,
    deadlines_of: Rows,
) -> None:
    number = take()["number"]
    work()
    act(number, "hotline-return", return_reason="NOT_OURS", reason="非本单位职责。")
    assert case_of(number).status == "FORWARDED"
    assert (row_of().return_reason, see()["state"]["name"]) == ("NOT_OURS", "已退单")
    assert deadlines_of(number)["hotline_answer"].outcome == "MET"
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
    assert (row.extension, row.extension_requested_to, row.due_at) == ("ASKED", total, due)
    [(data, words)] = [message[1:] for message in heard() if message[0] == "order.extension_requested"]
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
