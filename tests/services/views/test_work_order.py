"""A hotline reads what its own region was told of the order, and nothing that was said to anybody else."""

from collections.abc import Callable
from typing import Any

import pytest

from services.desk.perform import VerbOutcome
from shared.errors import NotFoundError
from shared.vocabulary import Status
from tests.services.hotline.conftest import CALLER, GUANGZHOU

Take = Callable[..., dict[str, Any]]
Ask = Callable[..., list[Any]]

Act = Callable[..., VerbOutcome]
Make = Callable[..., str]
Rows = Callable[..., Any]
WAYBILL = "75312345678901"


def test_what_was_said_before_an_order_joined_is_not_its_hotlines(
    received: Make, waiting: Make, act: Act, see: Rows
) -> None:
    parent = received(item={"waybill": WAYBILL})
    act(parent, "request-supplement", items=["REQUEST"], message="请李小红女士补充证件。")
    child = waiting()
    act(child, "merge", into=parent, reason="同一事项")
    assert see()["messages"] == []
    assert "李小红" not in str(see())


def test_what_was_said_to_another_region_is_not_its_hotlines(waiting: Make, act: Act, see: Rows) -> None:
    parent = waiting("GZ-1", region=GUANGZHOU)
    act(parent, "request-supplement", items=["REQUEST"], message="请李小红女士补充证件。")
    act(waiting("HZ-1"), "merge", into=parent, reason="同一事项")
    act(parent, "hotline-interim", answer="正在办理。")
    assert [message["type"] for message in see("GZ-1", region=GUANGZHOU)["messages"]] == [
        "order.supplement_requested",
        "order.interim_answer",
    ]
    assert [(message["type"], message["answer"]) for message in see("HZ-1")["messages"]] == [
        ("order.interim_answer", "正在办理。")
    ]


def test_messages_before_a_merge_are_shown_after_it(
    received: Make, waiting: Make, act: Act, see: Rows
) -> None:
    last, middle, first = received(item={"waybill": WAYBILL}), received(), waiting()
    act(first, "request-supplement", items=["ENTERPRISE_COMPLAINT"], message="是否已向企业投诉？")
    act(first, "merge", into=middle, reason="同一事项")
    act(middle, "hotline-interim", answer="正在办理。")
    act(middle, "merge", into=last, reason="同一事项")
    act(last, "hotline-return", return_reason="OTHER", reason="由本局直接答复。")
    messages = see()["messages"]
    assert [message["type"] for message in messages] == [
        "order.supplement_requested",
        "order.interim_answer",
        "order.returned",
    ]
    assert (messages[0]["message"], messages[0]["items"]) == ("是否已向企业投诉？", ["ENTERPRISE_COMPLAINT"])
    assert messages[0].keys() == {"type", "at", "items", "supplement_due_at", "message"}
    assert (messages[2]["reason"], messages[2]["return_reason"]) == ("由本局直接答复。", "OTHER")


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
