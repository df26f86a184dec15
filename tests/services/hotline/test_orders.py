"""Orders come in once, become complaints with the hotline's deadlines beside ours, and lack what a hotline may lack."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.cases.events import read_words
from services.hotline import order_rows, orders
from services.hotline.forms import WorkOrder
from services.intake import accept
from services.intake.preparation import IntakeContext
from services.reference.data import ReferenceData
from services.requests.answers import Accepted
from shared import clock, serialisation
from shared.database import Database
from shared.errors import InvalidInputError
from tests.services.hotline.conftest import CALLER, GUANGZHOU, HANGZHOU

Run = Callable[[Coroutine[Any, Any, Any]], Any]


Take = Callable[..., dict[str, Any]]


Rows = Callable[..., Any]


Ask = Callable[..., list[Any]]


def _at(shift: timedelta) -> str:
    return (clock.now() + shift).astimezone(clock.SHANGHAI).isoformat(timespec="seconds")


def test_an_order_is_a_complaint_with_its_deadlines_beside_ours(
    take: Take, case_of: Rows, deadlines_of: Rows, row_of: Rows, events_of: Rows, reference: ReferenceData
) -> None:
    receipt = take()
    case = case_of(receipt["number"])
    assert (case.channel, case.status, case.carrier_code) == ("HOTLINE_12345", "RECEIVED", "ZTO")
    assert (case.external_ref, case.hotline_orders, case.confidential) == ("HZ-1", 1, False)
    deadlines = deadlines_of(receipt["number"])
    assert set(deadlines) == {"acceptance", "total", "hotline_sign", "hotline_answer"}
    assert (deadlines["hotline_sign"].rule, deadlines["hotline_answer"].rule) == (
        "000000/SIGN",
        "000000/COMPLAIN",
    )
    assert deadlines["hotline_answer"].deadline_version == "hotline"
    # counted as the engine counts: fifteen working days, the day of the order left out
    day = clock.civil_day(case.received_at)
    last, _ = reference.calendar.add_workdays(day, 15)
    assert deadlines["hotline_answer"].due_at == clock.start_of_day(last + timedelta(days=1))
    assert case.next_due_at == min(deadline.due_at for deadline in deadlines.values())
    order = row_of()
    assert (order.complaint_id, order.case_id) == (case.id, case.id)
    assert (order.kind, order.due_at, order.signed_at) == (
        "COMPLAIN",
        deadlines["hotline_answer"].due_at,
        None,
    )
    assert case.received_at < order.interim_due_at < order.due_at
    [opened] = events_of(receipt["number"])
    assert (opened.kind, opened.by, opened.data["order"]["order_no"]) == (
        "RECEIVED",
        "hotline:330100",
        "HZ-1",
    )
    assert receipt["state"] == {"code": "WAITING", "name": "待签收"}
    assert [deadline["key"] for deadline in receipt["hotline_deadlines"]] == [
        "hotline_sign",
        "hotline_answer",
    ]
    assert receipt["links"] == {"self": "/v1/hotline/orders/HZ-1"}
    assert datetime.fromisoformat(receipt["total_due_at"]) == case.total_due_at


def test_the_table_of_the_region_holds_unless_the_order_has_a_deadline_of_its_own(
    take: Take, deadlines_of: Rows, row_of: Rows
) -> None:
    of_table = take("GZ-1", region=GUANGZHOU, kind="HELP")
    assert deadlines_of(of_table["number"])["hotline_answer"].rule == "440000/HELP"
    assert deadlines_of(of_table["number"])["hotline_answer"].amount == 10
    due_at = _at(timedelta(days=3))
    by_moment = deadlines_of(take("HZ-2", due_at=due_at)["number"])["hotline_answer"]
    assert (by_moment.unit, by_moment.rule, by_moment.due_at) == (
        "fixed",
        "order",
        datetime.fromisoformat(due_at),
    )
    assert row_of("HZ-2").due_at == by_moment.due_at
    by_amount = deadlines_of(take("HZ-3", handle_days=2, handle_unit="day")["number"])["hotline_answer"]
    assert (by_amount.amount, by_amount.unit, by_amount.rule) == (2, "day", "order")


def test_deadlines_count_from_the_dispatch(
    take: Take, deadlines_of: Rows, case_of: Rows, row_of: Rows
) -> None:
    sent = _at(timedelta(days=-4))
    number = take(dispatched_at=sent, received_at=_at(timedelta(days=-6)), handle_days=3, handle_unit="day")[
        "number"
    ]
    moment = datetime.fromisoformat(sent)
    assert case_of(number).received_at == row_of().received_at == moment
    assert deadlines_of(number)["hotline_answer"].started_at == moment
    last = clock.civil_day(moment) + timedelta(days=4)
    assert deadlines_of(number)["hotline_answer"].due_at == clock.start_of_day(last)


def test_the_same_order_again_is_answered_by_any_client_of_the_region(take: Take, ask: Ask) -> None:
    first = take()
    # another client of the region, for every platform of the tests is a new one
    assert take() == first
    with pytest.raises(orders.OrderReusedError, match="came before with other content"):
        take(content="别的内容")
    # the same number of another region is another order
    assert take(region=GUANGZHOU)["number"] != first["number"]
    assert ask("SELECT count(*) FROM complaint")[0][0] == 2


def test_an_order_whose_deadline_has_run_out_is_taken_and_answered_the_same_when_it_comes_again(
    take: Take, deadlines_of: Rows, answer_meanwhile: Callable[..., int]
) -> None:
    gone = _at(timedelta(hours=-1))
    first = take(due_at=gone)
    assert take(due_at=gone) == first
    assert deadlines_of(first["number"])["hotline_answer"].due_at == datetime.fromisoformat(gone)
    assert answer_meanwhile() == 1
    assert deadlines_of(first["number"])["hotline_answer"].outcome == "LATE"


def test_orders_at_once_make_one_complaint(
    db: Database,
    run: Run,
    order: Callable[..., dict[str, Any]],
    platform: Callable[..., IntakeContext],
    ask: Ask,
) -> None:
    read = WorkOrder.model_validate_json(serialisation.to_bytes(order()))

    async def _all() -> list[Any]:
        prepared = [order_rows.prepare(read, HANGZHOU, platform(), {}) for _ in range(8)]
        answers = await asyncio.gather(*(accept.accept_many(db, [filing]) for filing in prepared))
        return [answer for [answer] in answers]

    answers = run(_all())
    assert all(isinstance(answer, Accepted) for answer in answers)
    assert len({answer.receipt for answer in answers}) == 1
    assert sum(not answer.replayed for answer in answers) == 1
    assert ask("SELECT count(*) FROM hotline_order")[0][0] == ask("SELECT count(*) FROM complaint")[0][0] == 1


@pytest.mark.parametrize(
    ("name", "code"),
    [("中通", "ZTO"), ("圆通快递杭州分公司", "YTO"), ("菜鸟驿站", ""), ("某某快递", ""), (None, "")],
)
def test_a_company_that_is_not_certain_is_left_to_an_officer(
    name: str | None, code: str, take: Take, case_of: Rows, work: Callable[[], None], events_of: Rows
) -> None:
    receipt = take(company_name=name)
    number = receipt["number"]
    assert case_of(number).carrier_code == code
    assert ("company-unknown" in [notice["code"] for notice in receipt["notices"]]) is not bool(code)
    work()
    assert case_of(number).status == ("FORWARDED" if code else "RECEIVED")
    if not code:
        waits = next(event for event in events_of(number) if event.kind == "WAITS_FOR_OFFICER")
        assert waits.data["proposed_ground"] == "NO_CLEAR_RESPONDENT"


@pytest.mark.parametrize("kind", ["CONSULT", "REPORT", "SUGGEST"])
def test_what_is_no_complaint_is_taken_and_left_to_an_officer(
    kind: str, take: Take, work: Callable[[], None], case_of: Rows, act: Callable[..., Any]
) -> None:
    number = take(kind=kind)["number"]
    work()
    assert case_of(number).status == "RECEIVED"
    act(number, "transfer", office="12315", reason="咨询事项")
    assert case_of(number).status == "TRANSFERRED"


def test_what_a_hotline_lacks_has_its_default(take: Take, case_of: Rows, see: Rows) -> None:
    number = take(
        caller={"contact": "057188880000"},
        issue_code=None,
        place=None,
        enterprise_complaint=None,
        request=None,
        title=None,
        waybill=None,
        category_name="投递延误",
    )["number"]
    case = case_of(number)
    assert (case.role, case.complainant_region, case.elements_complete) == ("OTHER_USER", HANGZHOU, False)
    # a category by the name of one of our issues is that issue
    assert (case.issue_code, case.issue_detail_code) == ("DELAY", "DELIVERY_DELAY")
    assert case_of(take("HZ-2", issue_code=None, category_name="其他类别")["number"]).issue_code == "OTHER"
    assert see()["persons"]["complainant"]["name"] == "未***"


def test_a_postal_enterprise_makes_it_a_postal_matter(take: Take, case_of: Rows) -> None:
    case = case_of(take(company_name="中国邮政集团有限公司杭州市分公司", waybill=None)["number"])
    assert (case.carrier_code, case.business, case.business_type) == ("YZPY", "POSTAL", "OTHER")


def test_light_flags_and_supervision_raise_the_level(
    take: Take, case_of: Rows, row_of: Rows, work: Callable[[], None]
) -> None:
    urgent = take("HZ-1", urgency="URGENT", waybill=None)["number"]
    extra = take("HZ-2", urgency="EXTRA_URGENT", waybill=None)["number"]
    supervised = take("HZ-3", supervised=True, waybill=None)["number"]
    flagged = take("HZ-4", flags=["SAFETY"], waybill=None)["number"]
    work()
    assert [case_of(number).level for number in (urgent, extra, supervised, flagged)] == [
        "L1",
        "L2",
        "L2",
        "L3",
    ]
    assert case_of(extra).copied_to == case_of(supervised).copied_to == ["P330000"]
    assert row_of("HZ-3").supervised_at is not None


def test_words_of_an_order_are_sealed(take: Take, ask: Ask, context: Any, events_of: Rows) -> None:
    caller = CALLER | {"contact": "13900139000"}
    number = take(dispatch_advice="请联系来电人王小明。", caller=caller)["number"]
    dumped = str(ask("SELECT c::text, o::text, e.data::text FROM complaint c, hotline_order o, case_event e"))
    for word in ("王小明", "13800138000", "13900139000", "快递未送达"):
        assert word not in dumped
    [opened] = events_of(number)
    words = read_words(opened.sealed, context.ring, complaint_id=opened.complaint_id, seq=1)
    assert words["dispatch_advice"] == "请联系来电人王小明。"
    # numbers stand with the persons, and nowhere else
    assert "other_phone" not in words


def test_an_order_cites_by_our_number_or_by_an_earlier_order(take: Take, case_of: Rows) -> None:
    first = take("HZ-1")["number"]
    assert case_of(take("HZ-2", parent_order_no="HZ-1")["number"]).cites == first
    assert case_of(take("HZ-3", cites=first)["number"]).cites == first
    assert case_of(take("HZ-4", parent_order_no="UNKNOWN")["number"]).cites is None
    # what another business cannot be about is not taken over from what is cited
    cod = take("HZ-5", issue_code="COD", waybill=None)["number"]
    letter = take("HZ-6", cites=cod, issue_code=None, company_name="中国邮政", waybill=None)["number"]
    assert (case_of(letter).cites, case_of(letter).issue_code) == (cod, "OTHER")
    # an order of another region stands for nothing here
    assert case_of(take("GZ-1", region=GUANGZHOU, parent_order_no="HZ-1")["number"]).cites is None


def test_every_fault_is_named_by_the_orders_own_fields(take: Take) -> None:
    with pytest.raises(InvalidInputError) as refused:
        take(
            caller={"phone": "not a number", "identity_card": "110101199003070000"},
            place={"region_code": "999999"},
            mailed_on="2999-01-01",
            carrier_code="NOBODY",
            issue_code="NOTHING",
            due_at=_at(timedelta(days=-1)),
            received_at=_at(timedelta(days=1)),
            dispatched_at=_at(timedelta(0)),
        )
    assert {fault.pointer for fault in refused.value.errors} == {
        "/caller",
        "/caller/identity_card",
        "/place/region_code",
        "/mailed_on",
        "/carrier_code",
        "/issue_code",
        "/due_at",
        "/received_at",
    }
    with pytest.raises(InvalidInputError) as late:
        take(dispatched_at=_at(timedelta(days=-31)))
    assert [fault.pointer for fault in late.value.errors] == ["/dispatched_at"]


def test_a_key_without_a_region_has_no_hotline(platform: Callable[..., IntakeContext]) -> None:
    with pytest.raises(orders.NoRegionError):
        orders.region_of(platform(None).caller)
