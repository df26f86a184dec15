"""What a user can do after a refusal or a closing, in words that an agent reads out. Project wording [P], law named.

The ways themselves come from the rules that the grounds stand in (rulebook 1.2, 1.3); nothing here promises a result.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from shared.vocabulary import CloseReason, RefusalGround


class Advice(NamedTuple):
    """The same in both languages."""

    zh: str
    en: str


ASK_THE_BUREAU = Advice(
    "如有疑问，可以向受理机关咨询。", "If you have questions, please ask the postal administration."
)
AFTER_REFUSAL: Mapping[RefusalGround, Advice] = MappingProxyType(
    {
        RefusalGround.OUT_OF_SCOPE: Advice(
            "该事项不属于邮政业用户申诉范围，请向主管部门反映，例如拨打12345。",
            "The matter lies outside postal and express service; please turn to the competent office, such as 12345.",
        ),
        RefusalGround.NOT_INTERESTED_PARTY: Advice(
            "可以由寄件人、收件人或者其委托的代理人提出申诉。",
            "The sender, the addressee or an agent authorised by them may complain.",
        ),
        RefusalGround.AGENT_NOT_AUTHORISED: Advice(
            "补齐委托书和代理人身份信息后，可以再次申诉。",
            "You may complain again with the authorisation and the agent's identity.",
        ),
        RefusalGround.NO_CLEAR_RESPONDENT: Advice(
            "明确被申诉的企业后，可以再次申诉。",
            "You may complain again once the enterprise concerned is clear.",
        ),
        RefusalGround.MISSING_ELEMENTS: Advice(
            "材料补齐后，可以再次申诉。", "You may complain again with what was missing."
        ),
        RefusalGround.NOT_COMPLAINED_TO_ENTERPRISE: Advice(
            "请先向企业投诉；对处理结果不满意，或者企业7日内未处理的，可以再次申诉。",
            "Please complain to the enterprise first; if you are dissatisfied, or it does nothing within 7 days, "
            "you may complain here again.",
        ),
        RefusalGround.ENTERPRISE_WINDOW_OPEN: Advice(
            "请等待企业处理；满7日仍未处理，或者对处理结果不满意的，可以再次申诉。",
            "Please wait for the enterprise; if it has done nothing after 7 days, or you are dissatisfied, "
            "you may complain here again.",
        ),
        RefusalGround.DUPLICATE: Advice(
            "同一事项正在或者已经由邮政管理部门处理，请用原编号查询；有新的对象或者新的事由，可以再次申诉。",
            "The same matter is or was handled already: please ask under the earlier number. With a new respondent or a new "
            "cause you may complain again.",
        ),
        RefusalGround.IN_OTHER_PROCEDURE: Advice(
            "请按已经进入的诉讼、仲裁或者其他程序处理。",
            "Please pursue the procedure that the matter is in already.",
        ),
        RefusalGround.TIME_BARRED: Advice(
            "超过申诉期限的，可以与企业协商，或者依法通过诉讼等途径解决。",
            "You may still settle it with the enterprise, or go to court as the law provides.",
        ),
        RefusalGround.FALSE_INFORMATION: Advice(
            "更正信息并提供依据后，可以再次申诉。",
            "You may complain again with corrected information and what it rests on.",
        ),
    }
)
AFTER_CLOSING: Mapping[CloseReason, Advice] = MappingProxyType(
    {
        CloseReason.MEDIATION_FAILED: Advice(
            "您可以依法提起诉讼，或者按照仲裁协议申请仲裁。",
            "You may go to court, or to arbitration where it was agreed.",
        ),
        CloseReason.UNREACHABLE: Advice(
            "我们曾联系您，但没有联系上；如需了解结果，请与我们联系。",
            "We tried to reach you and could not; please call us about the result.",
        ),
        CloseReason.IN_OTHER_PROCEDURE: Advice(
            "该事项按已经进入的诉讼、仲裁或者其他程序处理。",
            "The matter is decided in the procedure that it has entered.",
        ),
    }
)
