"""What agents read out: right in every state and both languages, without names or numbers but a receipt's last digits."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.views import advice, status_text
from services.views.status_text import Sentence, StatusFacts
from shared.clock import SHANGHAI
from shared.vocabulary import OPEN, CloseReason, RefusalGround, Status

NUMBER = "20261120051234567"
NOW = datetime(2026, 11, 23, 10, tzinfo=SHANGHAI)
PLAIN: dict[str, Any] = {
    "number": NUMBER,
    "now": NOW,
    "received_at": datetime(2026, 11, 20, 9, tzinfo=SHANGHAI),
    "accepted_at": datetime(2026, 11, 21, 9, tzinfo=SHANGHAI),
    "since": datetime(2026, 11, 22, 9, tzinfo=SHANGHAI),
    "due_at": datetime(2026, 12, 1, tzinfo=SHANGHAI),
    "total_due_at": datetime(2026, 12, 21, tzinfo=SHANGHAI),
    "bureau": "杭州市邮政管理局",
    "carrier": Sentence("中通快递", "ZTO Express"),
}


def facts_of(status: Status, **changes: Any) -> StatusFacts:
    return StatusFacts(**(PLAIN | {"status": status} | changes))


def zh(status: Status, **changes: Any) -> str:
    return status_text.sentence(facts_of(status, **changes)).zh


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.RECEIVED, "已于11月20日收到，杭州市邮政管理局正在审查是否受理，最迟11月30日作出决定。"),
        (Status.AWAITING_SUPPLEMENT, "需要您向杭州市邮政管理局补充材料，请最迟在11月30日补交。"),
        (Status.ACCEPTED, "已于11月21日受理，正在转交中通快递处理。"),
        (Status.FORWARDED, "已于11月21日受理，正在由中通快递处理，企业应最迟在11月30日答复。"),
        (Status.REPLIED, "已得到中通快递的答复，杭州市邮政管理局正在核实，会与您联系确认。"),
        (Status.REWORK, "的企业答复未通过核实，已退回中通快递重新处理，企业应最迟在11月30日再次答复。"),
        (Status.MEDIATING, "正在由杭州市邮政管理局组织调解。"),
        (Status.MEDIATION_PROPOSED, "的调解意见已由杭州市邮政管理局出具，请最迟在11月30日答复是否接受。"),
    ],
)
def test_an_open_case_says_where_it_is_and_until_when(status: Status, words: str) -> None:
    assert zh(status) == f"您的申诉（尾号4567）{words}我们最迟在12月20日答复您。"


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.RECEIVED, "原定11月30日作出的决定已经延误"),
        (Status.AWAITING_SUPPLEMENT, "补交期限11月30日已过，请尽快补交"),
        (Status.FORWARDED, "企业未在11月30日前按期答复，我们正在督促"),
        (Status.REWORK, "企业未在11月30日前按期再次答复，我们正在督促"),
        (Status.MEDIATION_PROPOSED, "答复期限11月30日已过"),
    ],
)
def test_a_deadline_that_ran_out_is_not_promised_any_more(status: Status, words: str) -> None:
    # the moment at which it ran out, and not a moment before
    assert words in zh(status, now=PLAIN["due_at"])
    assert words not in zh(status, now=PLAIN["due_at"] - timedelta(microseconds=1))
    late = zh(status, now=PLAIN["total_due_at"])
    assert "答复您的期限是12月20日，已经超过" in late
    assert "我们最迟" not in late


def test_a_deadline_that_stands_still_is_not_named() -> None:
    assert zh(Status.FORWARDED, due_at=None).startswith(
        "您的申诉（尾号4567）已于11月21日受理，正在由中通快递处理。"
    )


def test_a_case_that_waits_for_its_bureau_says_so() -> None:
    said = status_text.sentence(facts_of(Status.RECEIVED, bureau=None))
    assert "正在分派给负责的邮政管理部门" in said.zh
    assert "is being assigned" in said.en


def test_other_years_are_named() -> None:
    said = zh(Status.FORWARDED, now=datetime(2027, 1, 2, tzinfo=SHANGHAI))
    assert "已于2026年11月21日受理" in said
    assert "2026年11月30日" in said
    eve = {
        "due_at": datetime(2027, 1, 1, tzinfo=SHANGHAI),
        "now": datetime(2026, 12, 31, 23, tzinfo=SHANGHAI),
    }
    # the last day of a deadline that ends with the year lies in the old one
    assert "企业应最迟在12月31日答复" in zh(Status.FORWARDED, **eve)


@pytest.mark.parametrize("ground", list(RefusalGround))
def test_a_refusal_names_its_ground_and_what_can_be_done(ground: RefusalGround) -> None:
    name = Sentence("某项理由", "Some reason")
    said = status_text.sentence(facts_of(Status.REFUSED, ground=ground, ground_name=name))
    assert said.zh.startswith("您的申诉（尾号4567）已于11月22日经审查不予受理，原因是：某项理由。")
    assert said.zh.endswith(advice.AFTER_REFUSAL[ground].zh)
    assert "the reason: some reason." in said.en
    assert "我们最迟" not in said.zh


def test_every_way_to_an_end_says_how() -> None:
    failed = facts_of(
        Status.CLOSED,
        close_reason=CloseReason.MEDIATION_FAILED,
        close_name=Sentence("调解不成", "Mediation failed"),
    )
    assert status_text.sentence(failed).zh == (
        "您的申诉（尾号4567）已于11月22日答复结案，结果是：调解不成。您可以依法提起诉讼，或者按照仲裁协议申请仲裁。"
    )
    assert zh(Status.WITHDRAWN) == "您的申诉（尾号4567）已于11月22日按您的意愿撤回。"
    assert "已于11月22日转交12315，请向该部门查询" in zh(Status.TRANSFERRED, office="12315")
    assert "转交主管部门" in zh(Status.TRANSFERRED)


def test_a_merged_receipt_stays_its_own_and_tells_of_the_case_that_goes_on() -> None:
    other = facts_of(
        Status.FORWARDED, number="20261101059999999", total_due_at=datetime(2027, 1, 5, tzinfo=SHANGHAI)
    )
    said = status_text.sentence(facts_of(Status.MERGED, goes_on=other))
    assert said.zh.startswith("您的申诉（尾号4567）与同一事项的另一件申诉合并办理")
    assert "请继续使用本编号查询" in said.zh
    assert "合并后的申诉已于11月21日受理，正在由中通快递处理" in said.zh
    # this receipt's own 30 days, and nothing of the other number
    assert "我们最迟在12月20日答复您" in said.zh
    assert "9999" not in said.zh + said.en
    ended = facts_of(Status.CLOSED, number="20261101059999999", close_name=Sentence("和解", "Settled"))
    assert status_text.sentence(facts_of(Status.MERGED, goes_on=ended)).zh.endswith(
        "合并后的申诉已于11月22日答复结案，结果是：和解。"
    )
    assert "合并办理" in zh(Status.MERGED, goes_on=None)


MOMENTS = st.datetimes(datetime(2019, 1, 1), datetime(2030, 12, 31)).map(  # noqa: DTZ001 - made aware at once
    lambda moment: moment.replace(tzinfo=SHANGHAI)
)
TOLD = st.builds(
    StatusFacts,
    number=st.just(NUMBER),
    status=st.sampled_from(Status),
    now=MOMENTS,
    received_at=MOMENTS,
    total_due_at=MOMENTS,
    bureau=st.sampled_from(["杭州市邮政管理局", None]),
    carrier=st.sampled_from([Sentence("中通快递", "ZTO Express"), None]),
    since=MOMENTS | st.none(),
    accepted_at=MOMENTS | st.none(),
    due_at=MOMENTS | st.none(),
    ground=st.sampled_from([*RefusalGround, None]),
    ground_name=st.sampled_from([Sentence("未先向企业投诉", "Not complained first"), None]),
    close_reason=st.sampled_from([*CloseReason, None]),
    close_name=st.sampled_from([Sentence("和解", "Settled"), None]),
    office=st.sampled_from(["12315", None]),
    goes_on=st.builds(
        StatusFacts,
        number=st.just("20200101010000000"),
        status=st.sampled_from(Status),
        now=MOMENTS,
        received_at=MOMENTS,
        total_due_at=MOMENTS,
    )
    | st.none(),
)
_DATES_ZH = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}日")
_DATES_EN = re.compile(r"\d{1,2} [A-Z][a-z]+(?: \d{4})?")


@given(TOLD)
def test_whatever_the_state_it_can_be_read_out(facts: StatusFacts) -> None:
    said = status_text.sentence(facts)
    assert said.zh.startswith("您的申诉（尾号4567）")
    assert said.zh.endswith("。")
    assert said.en.startswith("Your complaint (number ending in 4567) ")
    assert said.en.endswith(".")
    for text in said:
        assert "None" not in text
        assert "{" not in text
        assert "。。" not in text
        assert ".." not in text
        assert "  " not in text
    # no figure but the receipt's tail, days, an office, and what an advice says
    left = _DATES_ZH.sub("", said.zh).replace("尾号4567", "").replace("12315", "")
    assert set(re.findall(r"\d+", left)) <= {"12345", "7"}
    left = _DATES_EN.sub("", said.en).replace("4567", "").replace("12315", "")
    assert set(re.findall(r"\d+", left)) <= {"12345", "7"}
    # an answer is promised, or its delay admitted, exactly while it is owed
    owed = facts.status in OPEN or (
        facts.status is Status.MERGED and facts.goes_on is not None and facts.goes_on.status in OPEN
    )
    assert ("答复您" in said.zh) is owed
