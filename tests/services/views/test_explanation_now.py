"""The summary of an explanation says what the case is now; what the decision gave is kept as history."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import pytest

from services.access.clients import Caller
from services.cases.changes import KeyedContext
from services.casework.session import DeskSession
from services.intake.preparation import IntakeContext, Prepared
from services.views import decision_explained
from services.views.decision_explained import Audience
from services.views.explanation import Explanation
from services.views.language import Language
from shared.database import Database

Make = Callable[..., str]
Desk = Callable[..., DeskSession]
Explain = Callable[..., Explanation]
REASON = "用户为孕妇，情况特殊"
NEVER_COMPLAINED = {"enterprise_complaint": None}


@pytest.fixture
def explain(
    db: Database, run: Callable[[Coroutine[Any, Any, Any]], Any], context: KeyedContext, desk: Desk
) -> Explain:
    """Return a function that explains a case to a client, or else to the desk of a bureau."""

    def _explain(
        number: str,
        language: Language = Language.EN,
        *,
        client: Caller | None = None,
        bureau: str = "C330100",
    ) -> Explanation:
        audience = (
            Audience.of_client(client)
            if client is not None
            else Audience.of_bureau(desk(bureau).bureau, context.ring)
        )
        explained: Explanation = run(
            decision_explained.explain(
                db, number, audience=audience, reference=context.reference, language=language
            )
        )
        return explained

    return _explain


def test_a_level_that_an_officer_set_is_the_level_of_the_summary(
    forwarded: Make, act: Any, explain: Explain, intake_context: IntakeContext
) -> None:
    number = forwarded()
    assert "Its level is L0 Normal: nothing raises it." in explain(number).summary
    act(number, "level", level="L2", reason=REASON)
    explanation = explain(number)
    at = explanation.history[-1].at.strftime("%Y-%m-%d %H:%M")
    assert explanation.summary[1:3] == [
        f"Its level is L2 Key now: an officer raised it on {at} (reason: {REASON}); 浙江省邮政管理局 got a copy.",
        "The decision had given L0 Normal: nothing raised it.",
    ]
    assert explain(number, Language.ZH).summary[1:3] == [
        f"现级别为L2 重点：经办人于{at}提级（理由：{REASON}）；已抄送浙江省邮政管理局。",
        "分派决定所定级别为L0 一般，无提级因素。",
    ]
    # the stored decision stays what it was
    assert explanation.level is not None
    assert explanation.level.level == "L0"
    to_its_client = explain(number, client=intake_context.caller).summary
    assert (
        f"Its level is L2 Key now: an officer raised it on {at}; 浙江省邮政管理局 got a copy."
        in to_its_client
    )
    assert REASON not in str(to_its_client)


def test_a_level_that_a_supervisor_lowered_again_is_told_with_its_history(
    forwarded: Make, act: Any, desk: Desk, explain: Explain
) -> None:
    number = forwarded(urgency=["ELDERLY"])
    act(number, "level", level="L2", reason=REASON)
    act(number, "level", level="L0", reason="已核实", by=desk(officer="wang.fang", supervisor=True))
    summary = explain(number).summary
    assert summary[1].startswith("Its level is L0 Normal now: a supervisor lowered it on ")
    assert summary[1].endswith(" (reason: 已核实).")
    assert summary[2] == "The decision had given L1 Attention, raised by: Elderly."


def test_an_officer_who_accepts_in_spite_of_an_open_condition_is_named(
    received: Make, act: Any, explain: Explain
) -> None:
    number = received(**NEVER_COMPLAINED)
    assert any("An officer decides whether it is accepted." in line for line in explain(number).summary)
    act(number, "accept", note="企业渠道不畅，已电话核实")
    explanation = explain(number)
    assert explanation.admission is not None
    assert (explanation.admission.passed, explanation.admission.accepted) == (False, True)
    at = explanation.history[-1].at.strftime("%Y-%m-%d %H:%M")
    assert explanation.summary[-1] == (
        f"An officer accepted the case (受理) on {at} although not all conditions were met"
        " (reason: 企业渠道不畅，已电话核实): A4: no complaint to the enterprise came first."
    )
    assert explain(number, Language.ZH).summary[-1] == (
        f"经办人于{at}受理（理由：企业渠道不畅，已电话核实），当时未符合的条件：A4：未先向企业投诉。"
    )
    assert "All eight conditions" not in str(explanation.summary)


def test_an_officer_who_accepts_what_passed_is_named(received: Make, act: Any, explain: Explain) -> None:
    number = received()
    act(number, "accept")
    assert (
        explain(number)
        .summary[-1]
        .startswith("All eight conditions are met: an officer accepted the case (受理) on ")
    )
    assert explain(number, Language.ZH).summary[-1].startswith("八项条件均符合：经办人于")


def test_the_machine_that_accepts_is_told_as_before(forwarded: Make, explain: Explain) -> None:
    assert explain(forwarded()).summary[-1] == (
        "All eight conditions are met: the case was accepted (受理) and goes to the enterprise."
    )


def test_nobody_still_decides_about_a_case_that_was_refused_or_withdrawn(
    received: Make, act: Any, explain: Explain
) -> None:
    refused, withdrawn = received(**NEVER_COMPLAINED), received(**NEVER_COMPLAINED)
    act(
        refused,
        "refuse",
        ground="NOT_COMPLAINED_TO_ENTERPRISE",
        legal_basis="《邮政业用户申诉处理办法》第九条",
        informed_by="PHONE",
        reason="请先向企业投诉",
    )
    act(withdrawn, "withdraw", reason="用户撤回")
    line = explain(refused).summary[-1]
    assert line.startswith("An officer refused the case (不予受理) on ")
    assert "(NOT_COMPLAINED_TO_ENTERPRISE)" in line
    assert "请先向企业投诉" in line
    assert (
        explain(withdrawn).summary[-1]
        == "The case ended before it was accepted (受理): Withdrawn by the user."
    )
    assert explain(withdrawn, Language.ZH).summary[-1].startswith("申诉在受理前已终结：")


def test_the_bureau_that_handles_a_reassigned_case_is_named_first(
    received: Make, act: Any, explain: Explain
) -> None:
    number = received()
    act(number, "reassign", bureau="P330000", reason="跨市")
    summary = explain(number, bureau="P330000").summary
    assert summary[0].startswith("浙江省邮政管理局 handles the case now and ")
    assert summary[0].endswith(" (reason: 跨市).")
    assert summary[1].startswith("The decision had named 杭州市邮政管理局, by rule R4: ")


WAYBILL = {"waybill": "75312345678901"}
OTHER_PERSON = {"name": "李小红", "phone": "13900139000", "role": "ADDRESSEE"}


def _triggers(explanation: Explanation) -> list[str]:
    assert explanation.level is not None
    return [trigger.code for trigger in explanation.level.triggers]


@pytest.mark.parametrize("own", ["client", "complainant"])
def test_a_client_learns_of_a_repetition_that_is_its_own_or_its_complainants(
    own: str,
    prepare: Callable[..., Prepared],
    store: Callable[[Sequence[Prepared]], list[str]],
    work: Callable[[], None],
    new_context: Callable[..., IntakeContext],
    intake_context: IntakeContext,
    explain: Explain,
) -> None:
    other = new_context("complaint:write", "complaint:read")
    changes: dict[str, Any] = {"complainant": OTHER_PERSON} if own == "client" else {"of": other}
    store([prepare(item=WAYBILL, issue_code="DELAY", **changes)])
    [number] = store([prepare(item=WAYBILL)])
    work()
    assert _triggers(explain(number, client=intake_context.caller)) == ["REPEATED"]


def test_a_client_learns_nothing_of_another_clients_case_of_another_person(
    prepare: Callable[..., Prepared],
    store: Callable[[Sequence[Prepared]], list[str]],
    work: Callable[[], None],
    new_context: Callable[..., IntakeContext],
    intake_context: IntakeContext,
    explain: Explain,
    act: Any,
) -> None:
    other = new_context("complaint:write", "complaint:read")
    [first] = store([prepare(item=WAYBILL, issue_code="DELAY", complainant=OTHER_PERSON, of=other)])
    [number] = store([prepare(item=WAYBILL)])
    work()
    to_its_client = explain(number, client=intake_context.caller)
    assert _triggers(to_its_client) == ["NOT_SHOWN"]
    assert (
        "Its level is L1 Attention, raised by: a reason that lies outside this case." in to_its_client.summary
    )
    assert "同一运单" not in str(explain(number, Language.ZH, client=intake_context.caller))
    # the desk sees the reason
    assert _triggers(explain(number)) == ["REPEATED"]
    # that another case was merged into it is the desk's knowledge too
    act(first, "merge", into=number, reason="同一快件")
    assert "TOOK_OVER" in {event.kind for event in explain(number).history}
    kinds = [event.kind for event in explain(number, client=intake_context.caller).history]
    assert {"DUPLICATE_PROPOSED", "TOOK_OVER"}.isdisjoint(kinds)
    assert kinds[:2] == ["RECEIVED", "ROUTED"]


def test_a_client_learns_of_a_stoppage_but_not_in_how_many_provinces_others_complained(
    prepare: Callable[..., Prepared],
    store: Callable[[Sequence[Prepared]], list[str]],
    work: Callable[[], None],
    new_context: Callable[..., IntakeContext],
    explain: Explain,
) -> None:
    other = new_context("complaint:write", "complaint:read")
    stoppage = {"urgency": ["NETWORK_STOPPAGE"], "carrier_code": "YTO", "issue_code": "DELAY"}
    for region in ("330106", "320102", "440305"):
        store([prepare(addressee={"region_code": region}, of=other, **stoppage)])
    own = new_context("complaint:write", "complaint:read")
    [number] = store([prepare(addressee={}, of=own, **stoppage)])
    work()
    to_its_client = explain(number, client=own.caller)
    assert to_its_client.assignment is not None
    assert (
        to_its_client.assignment.reason
        == "network stoppage in several provinces: the national centre leads, the provinces assist"
    )
    [rule] = [rule for rule in to_its_client.assignment.rules_tried if rule.rule == "R8"]
    assert rule.values == {"provinces": "SEVERAL"}
    assert to_its_client.facts is not None
    assert "provinces_hit" not in to_its_client.facts
    in_chinese = explain(number, Language.ZH, client=own.caller)
    assert "网络阻断涉及多个省：" in in_chinese.summary[0]
    to_the_centre = explain(number, bureau="N000000").assignment
    assert to_the_centre is not None
    [rule] = [rule for rule in to_the_centre.rules_tried if rule.rule == "R8"]
    assert rule.values == {"provinces": 3}
