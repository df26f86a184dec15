"""The texts of a decision, Chinese and English: one for each reason that a rule gives, completed when it is read.

Wording is the project's own [P]; the law behind a rule stands with the rule and in docs/rules.md.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from services.reference.data import ReferenceData
from services.rules.admission import AdmissionReason as Admission
from services.rules.jurisdiction.bureau_choice import ChoiceReason as Choice
from services.rules.jurisdiction.bureau_choice import DecidingPlace
from services.rules.levels import Trigger
from services.rules.tracking import TraceState
from services.views.language import Language, Text
from services.views.trace_texts import LINKS, STATES
from shared.vocabulary import OtherProcedure

ANOTHER_FILING = "ANOTHER_FILING"
"""Replaces the number of a case that the reader may not see."""
SEVERAL = "SEVERAL"
"""Replaces a count that includes cases which the reader may not see."""
OF_OTHERS: Mapping[str, str] = MappingProxyType({"number": ANOTHER_FILING, "provinces": SEVERAL})
"""Values of reasons that other cases tell, with what a reader gets in their place who may not see those cases."""
NOT_SHOWN = "NOT_SHOWN"
"""Replaces the code of a trigger in cases which the reader may not see."""

CHOICE: Mapping[Choice, Text] = MappingProxyType(
    {
        Choice.ASSIGNED_FROM_ABOVE: Text("上级指定：{bureau}", "assigned from above: {bureau}"),
        Choice.NOT_ASSIGNED_FROM_ABOVE: Text("无上级指定", "no upper administration named a bureau"),
        Choice.ASSIGNED_BUREAU_UNKNOWN: Text(
            "上级指定的机构不在名录中", "the bureau named from above is not known here"
        ),
        Choice.PLACE: Text("{place}：{region}", "{place}: {region}"),
        Choice.PLACE_NOT_GIVEN: Text("未提供{place}", "the {place} is not given"),
        Choice.PLACE_NOT_SERVED: Text(
            "{place}不在内地邮政管理机构辖区",
            "the {place} lies outside the area of the mainland's postal administrations",
        ),
        Choice.NOT_AT_POSTING: Text("非收寄环节问题", "the issue is not one of posting"),
        Choice.NOT_AT_DELIVERY: Text("非投递环节问题", "the issue is not one of delivery"),
        Choice.NOT_ON_THE_WAY: Text("非延误、丢失短少、损毁问题", "the issue is not delay, loss or damage"),
        Choice.NEITHER_SENDER_NOR_ADDRESSEE: Text(
            "申诉人非寄件人或收件人", "the complainant is neither sender nor addressee"
        ),
        Choice.LEGS_NOT_BOTH_GIVEN: Text(
            "寄递地、投递地不全", "places of mailing and delivery are not both given"
        ),
        Choice.NOT_ONE_LEG_ABROAD: Text("非一端在境外", "not exactly one end lies in the mainland"),
        Choice.NETWORK_STOPPAGE: Text(
            "网络阻断涉及{provinces}个省：国家局牵头，各省协助",
            "network stoppage in {provinces} provinces: the national centre leads, the provinces assist",
        ),
        Choice.NO_NETWORK_STOPPAGE: Text("非跨省网络阻断", "no network stoppage over several provinces"),
        Choice.TRIAGE_BY_PROVINCE: Text(
            "申诉人所在省人工分派：{bureau}", "triage by the complainant's province: {bureau}"
        ),
        Choice.TRIAGE_BY_NATIONAL_CENTRE: Text(
            "地点不明：国家局人工分派", "no place is known: triage by the national centre"
        ),
        Choice.NO_RULE_ANSWERED: Text(
            "无规则适用：国家局人工分派", "no rule answered: triage by the national centre"
        ),
        Choice.SENT_BACK_TOO_OFTEN: Text(
            "退单达上限，共同上级决定", "sent back as often as is allowed: the common superior decides"
        ),
        Choice.RULE_FAILED: Text(
            "规则执行出错（{error}），已跳过", "the rule failed ({error}) and was passed over"
        ),
    }
)
ADMISSION: Mapping[Admission, Text] = MappingProxyType(
    {
        Admission.IN_SCOPE: Text(
            "属于受理范围", "a postal or express service of an enterprise that the administration supervises"
        ),
        Admission.ENTERPRISE_NOT_NAMED_YET: Text(
            "尚未指明企业，由第三项审查",
            "no enterprise is named yet, so none is shown to be outside; check A3 asks for it",
        ),
        Admission.NOT_SUPERVISED: Text(
            "企业或服务不属于邮政管理范围",
            "the enterprise or service is not one that postal administrations supervise",
        ),
        Admission.USER_OF_THE_SERVICE: Text(
            "申诉人为寄件人、收件人或其他用户", "the complainant is sender, addressee or another user"
        ),
        Admission.AGENT_AUTHORISED: Text("委托手续齐全", "the agent is authorised"),
        Admission.AGENT_NOT_AUTHORISED: Text(
            "委托手续不全", "an agent files, and no authorisation was given"
        ),
        Admission.CLEAR_MATTER: Text(
            "有明确的申诉对象、理由和请求", "respondent, cause and request are named"
        ),
        Admission.NO_ENTERPRISE_NAMED: Text("无明确申诉对象", "no enterprise is named"),
        Admission.CAUSE_OR_REQUEST_MISSING: Text(
            "材料要素不全，先通知补正", "cause or request is missing; ask the user to supplement first"
        ),
        Admission.DISSATISFIED: Text(
            "已向企业投诉，对处理结果不满意", "complained to the enterprise, and dissatisfied with its answer"
        ),
        Admission.CHANNEL_BLOCKED: Text("企业投诉渠道不畅", "the enterprise's complaint channel was blocked"),
        Admission.ENTERPRISE_WINDOW_PASSED: Text(
            "已向企业投诉，企业逾期未处理", "complained to the enterprise, and its time to answer has run out"
        ),
        Admission.NO_COMPLAINT_TO_ENTERPRISE: Text(
            "未先向企业投诉", "no complaint to the enterprise came first"
        ),
        Admission.DAY_OF_COMPLAINT_UNKNOWN: Text(
            "向企业投诉的日期不明，请向用户核实",
            "the day of the complaint to the enterprise is not known; ask the user",
        ),
        Admission.ENTERPRISE_WINDOW_OPEN: Text(
            "向企业投诉仅{days}日，未满{window}日",
            "{days} days since the complaint to the enterprise, not more than {window}",
        ),
        Admission.NOT_A_REPETITION: Text("非重复申诉", "no administration has the same matter"),
        Admission.SAME_MATTER: Text(
            "与申诉{number}运单、企业、事由相同", "same waybill, enterprise and cause as {number}"
        ),
        Admission.NO_OTHER_PROCEDURE: Text("未进入其他法定程序", "no other procedure has the matter"),
        Admission.OTHER_PROCEDURE: Text(
            "已进入其他程序：{procedure}", "the matter is in another procedure: {procedure}"
        ),
        Admission.IN_TIME: Text("未超过时限", "within the time bar, counted from posting"),
        Admission.DAY_OF_POSTING_UNKNOWN: Text(
            "寄递日期不明，未证明超过时限", "the day of posting is not known: not shown to be out of time"
        ),
        Admission.TIME_BARRED: Text(
            "{posted}寄出，时限至{last}", "posted on {posted}; the time ended with {last}"
        ),
        Admission.NOT_SHOWN_FALSE: Text(
            "未证明信息虚假；仅可由经办人凭证据认定",
            "not shown to be false; only an officer with evidence may decide so",
        ),
    }
)
PLACES: Mapping[DecidingPlace, Text] = MappingProxyType(
    {
        DecidingPlace.DISPUTE: Text("争议发生地", "place of the dispute"),
        DecidingPlace.MAILING: Text("寄递地", "place of mailing"),
        DecidingPlace.DELIVERY: Text("投递地", "place of delivery"),
        DecidingPlace.FAILING_LINK: Text("失责环节所在地", "place of the failing link"),
    }
)
TRIGGERS: Mapping[str, Text] = MappingProxyType(
    {
        Trigger.AMOUNT: Text("请求金额较大", "a large amount is asked for"),
        Trigger.REPEATED: Text("同一运单有其他在办申诉", "other open cases are about the same item"),
        Trigger.INITIAL_LEVEL: Text("分派前已为此级别", "the case had this level before it was routed"),
    }
)
"""Triggers of the rules of levels; the names of urgency and goods are reference data."""
OUTSIDE = Text("本件以外的原因", "a reason that lies outside this case")
"""The text of a trigger that is not shown."""
PROCEDURES: Mapping[OtherProcedure, Text] = MappingProxyType(
    {
        OtherProcedure.LITIGATION: Text("诉讼", "litigation"),
        OtherProcedure.ARBITRATION: Text("仲裁", "arbitration"),
        OtherProcedure.ADMINISTRATIVE_RULING: Text("行政裁决", "administrative ruling"),
        OtherProcedure.PEOPLES_MEDIATION: Text("人民调解", "people's mediation"),
        OtherProcedure.CRIMINAL_INVESTIGATION: Text("刑事侦查", "criminal investigation"),
        OtherProcedure.ADMINISTRATIVE_PUNISHMENT: Text("行政处罚", "administrative punishment"),
    }
)
_REASONS: Mapping[str, Text] = MappingProxyType(
    dict[str, Text](CHOICE.items()) | dict[str, Text](ADMISSION.items()) | dict[str, Text](LINKS.items())
)


def _bureau(code: str, _language: Language, reference: ReferenceData) -> str:
    bureau = reference.jurisdictions.bureaus.get(code)
    return bureau.name if bureau is not None else code


def _region(code: str, _language: Language, reference: ReferenceData) -> str:
    region = reference.regions.get(code)
    return f"{code} {region.name}" if region is not None else code


def _number(number: str, language: Language, _reference: ReferenceData) -> str:
    if number == ANOTHER_FILING:
        return "另一件" if language is Language.ZH else "another filing"
    return number if language is Language.ZH else f"case {number}"


def _provinces(provinces: str | int, language: Language, _reference: ReferenceData) -> str:
    if provinces == SEVERAL:
        return "多" if language is Language.ZH else "several"
    return str(provinces)


def _place(place: str, language: Language, _reference: ReferenceData) -> str:
    return PLACES[DecidingPlace(place)].in_language(language)


def _procedure(procedure: str, language: Language, _reference: ReferenceData) -> str:
    return PROCEDURES[OtherProcedure(procedure)].in_language(language)


def _state(state: str, language: Language, _reference: ReferenceData) -> str:
    return STATES[TraceState(state)].in_language(language)


_VALUES: Mapping[str, Callable[[str, Language, ReferenceData], str]] = MappingProxyType(
    {
        "bureau": _bureau,
        "region": _region,
        "number": _number,
        "provinces": _provinces,
        "place": _place,
        "procedure": _procedure,
        "state": _state,
        "next_state": _state,
    }
)


def reason(code: str, values: Mapping[str, Any], language: Language, reference: ReferenceData) -> str:
    """Return the text of a reason. A code that no longer exists is its own text."""
    text = _REASONS.get(code)
    if text is None:
        return code
    rendered = {
        name: _VALUES[name](value, language, reference) if name in _VALUES else value
        for name, value in values.items()
    }
    return text.in_language(language, **rendered)
