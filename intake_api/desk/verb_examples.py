"""An example of the form and of the answer of each verb: the forms take them, and the models make them."""

from collections.abc import Mapping
from types import MappingProxyType

from shared.serialisation import Json

NUMBER, OTHER = "20260301000000017", "20260228000000025"
_AT, _DUE = "2026-03-02T09:30:00+08:00", "2026-03-04T00:00:00+08:00"
_REASON = {"reason": "用户来电说明，已记录。"}
_CONSENT = {"consented_at": _AT, "means": "PHONE"}
FORMS: Mapping[str, Json] = MappingProxyType(
    {
        "claim": {"officer": "wang.wei"},
        "release": _REASON,
        "accept": {"forward": True},
        "refuse": {
            "ground": "OUT_OF_SCOPE",
            "legal_basis": "邮政业用户申诉处理办法 第十条",
            "reason": "所诉事项不属于邮政管理部门职责。",
            "informed_by": "PHONE",
        },
        "request-supplement": {"items": ["REQUEST"], "message": "请补充您的诉求。"},
        "supplement": {"request": "请企业赔偿并道歉。"},
        "forward": {"instruction": "请核实投递经过。"},
        "follow-up": {"message": "请提供签收照片。", "answer_by": "2026-03-03T17:30:00+08:00"},
        "rework": {"ground": "ACCOUNT_DIFFERS", "reason": "用户否认企业所述的投递经过。"},
        "mediate": {"user_consent": _CONSENT, "enterprise_consent": _CONSENT},
        "propose": {"opinion": "企业退还运费并赔偿五十元。"},
        "answer": {"party": "USER", "accepts": True},
        "conclude": {"close_reason": "MEDIATED", "responsibility": "NONE", "answer": "双方已达成一致。"},
        "close": {
            "close_reason": "SETTLED",
            "responsibility": "ENTERPRISE",
            "responsible_unit": "文三路网点",
            "failing_link": "DELIVERY",
            "settlement_lawful": True,
            "answer": "企业已赔偿五十元。",
        },
        "close-unanswered": {
            "close_reason": "OTHER",
            "responsibility": "ENTERPRISE",
            "responsible_unit": "文三路网点",
            "answer": "企业逾期未答复，认定其责任。",
        },
        "close-other-procedure": {"procedure": "LITIGATION", "answer": "该纠纷已由法院受理。"},
        "visit": {"reached": True, "account_matches": True, "solved": True, "satisfied_administration": True},
        "remedy": {"kind": "COMPENSATION", "amount_fen": 5000, "paid_on": "2026-03-02"},
        "reverse-remedy": {"entry": 1, "reason": "金额录入有误。"},
        "set-failing-link": {"failing_link": "DELIVERY"},
        "note": {"note": "用户来电催办。", "contact": True},
        "share-evidence": {"evidence": "019564a0-7d3c-7b6e-9f00-3c5a1d2e4f60"},
        "pause": {"deadline": "return_visit", "basis": "FORCE_MAJEURE", "reason": "台风，网点停业。"},
        "resume": {"deadline": "return_visit", "reason": "网点已恢复营业。"},
        "reassign": {"bureau": "C330200", "reason": "争议发生在宁波。"},
        "level": {"level": "L1", "reason": "媒体关注。"},
        "merge": {"into": OTHER, "reason": "同一快件。"},
        "unmerge": _REASON,
        "dismiss-duplicate": {"other": OTHER, "reason": "两件不同的快件。"},
        "withdraw": _REASON,
        "transfer": {"office": "市场监督管理局", "reason": "涉及商品质量。"},
        "reopen": _REASON,
        "overturn": {"responsibility": "USER", "reason": "用户提供的地址有误。"},
        "hotline-sign": {},
        "hotline-return": {"return_reason": "NOT_OURS", "reason": "不属于邮政管理部门职责。"},
        "hotline-extension": {"extend_to": "2026-03-09T17:30:00+08:00", "reason": "需向企业调取监控。"},
        "hotline-interim": {"answer": "已转企业核查，将尽快答复。"},
    }
)
"""A form of each verb."""
_STATE: Json = {
    "number": NUMBER,
    "status": "REPLIED",
    "level": "L0",
    "version": 8,
    "handling_bureau": "C330100",
    "claimed_by": "C330100/li.na",
    "next_due_at": _DUE,
    "allowed": ["close", "rework", "mediate"],
}
_OWN_PART: Mapping[str, Json] = MappingProxyType(
    {
        "merge": {"merged_into": OTHER},
        "visit": {"visit": 1},
        "reassign": {"assigned_to": "C330200"},
        "remedy": {"entry": 1, "recovered_fen": 5000},
        "reverse-remedy": {"entry": 2, "recovered_fen": 0},
        "overturn": {"review": 1},
    }
)


def answer(verb: str) -> Json:
    """Return an answer to a verb."""
    return _STATE | _OWN_PART.get(verb, {})


BULK: Json = {"verb": "note", "form": FORMS["note"], "items": [{"number": NUMBER, "version": 7}]}
BULK_RESULTS: Json = {
    "done": 1,
    "refused": 0,
    "results": [{"number": NUMBER, "status": 200, "case": _STATE}],
}
