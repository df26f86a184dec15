"""Examples of what hotlines send and read: forms take the requests, and the types of the answers have the others."""

from collections.abc import Mapping
from types import MappingProxyType

from shared.serialisation import Json

NUMBER, ORDER_NO = "20260301000000017", "HZ-2026-000123"
_AT, _ANSWER_DUE = "2026-03-01T10:00:00+08:00", "2026-03-16T00:00:00+08:00"
_SIGN_DUE, _TOTAL_DUE = "2026-03-03T00:00:00+08:00", "2026-04-01T00:00:00+08:00"
_WAITING, _HANDLING = {"code": "WAITING", "name": "待签收"}, {"code": "HANDLING", "name": "办理中"}
ORDER: Json = {
    "order_no": ORDER_NO,
    "source": "PHONE",
    "kind": "COMPLAIN",
    "title": "快件显示签收但未收到",
    "content": "来电人反映快件显示已签收，本人并未收到，联系网点无果。",
    "urgency": "NORMAL",
    "caller": {"name": "王小明", "phone": "13800138000", "role": "ADDRESSEE"},
    "company_name": "中通快递",
    "waybill": "75123456789012",
    "place": {"region_code": "330106"},
    "dispatched_at": _AT,
    "handle_days": 10,
    "handle_unit": "workday",
}
RECEIPT: Json = {
    "number": NUMBER,
    "external_ref": ORDER_NO,
    "status": "RECEIVED",
    "received_at": _AT,
    "notices": [
        {
            "code": "company-unknown",
            "pointer": "/company_name",
            "message": "the enterprise is not certain: an officer of ours names it",
        }
    ],
    "accept_due_at": "2026-03-10T00:00:00+08:00",
    "total_due_at": _TOTAL_DUE,
    "due_provisional": False,
    "order_no": ORDER_NO,
    "region": "330100",
    "state": _WAITING,
    "hotline_deadlines": [
        {"key": "hotline_sign", "rule": "hotline_sign", "due_at": _SIGN_DUE, "provisional": False},
        {"key": "hotline_answer", "rule": "order", "due_at": _ANSWER_DUE, "provisional": False},
    ],
    "links": {"self": f"/v1/hotline/orders/{ORDER_NO}"},
}
BATCH: Json = {
    "stored": 1,
    "stored_before": 0,
    "refused": 0,
    "results": [{"row": 0, "status": 201, "receipt": RECEIPT}],
}
STEP: Json = {
    "order_no": ORDER_NO,
    "region": "330100",
    "state": _HANDLING,
    "number": NUMBER,
    "status": "FORWARDED",
    "level": "L0",
}
READ: Json = {
    "order_no": ORDER_NO,
    "region": "330100",
    "parent_order_no": None,
    "kind": "COMPLAIN",
    "state": _HANDLING,
    "number": NUMBER,
    "handled_as": NUMBER,
    "status": {"code": "FORWARDED", "name": "已转办企业"},
    "level": "L0",
    "handling_bureau": {"code": "C330100", "name": "杭州市邮政管理局"},
    "carrier_code": "ZTO",
    "deadlines": {
        "sign_due_at": _SIGN_DUE,
        "answer_due_at": _ANSWER_DUE,
        "extension": None,
        "extension_requested_to": None,
        "total_due_at": _TOTAL_DUE,
    },
    "moments": {
        "received_at": _AT,
        "signed_at": "2026-03-02T09:30:00+08:00",
        "returned_at": None,
        "interim_at": None,
        "answered_at": None,
        "finished_at": None,
        "withdrawn_at": None,
        "urged_at": None,
        "supervised_at": None,
    },
    "urged": 0,
    "redone": 0,
    "return_reason": None,
    "refusal_ground": None,
    "finding": None,
    "messages": [],
    "persons": {"complainant": {"name": "王**", "phone": "138****8000"}},
    "version": 5,
}
CHANGES: Json = {
    "items": [
        {
            "specversion": "1.0",
            "id": f"{NUMBER}:hotline:330100:3",
            "source": "urn:shensu",
            "type": "order.accepted",
            "subject": NUMBER,
            "time": "2026-03-02T09:30:00+08:00",
            "sequence": "0000000003",
            "datacontenttype": "application/json",
            "data": {"number": NUMBER, "status": "ACCEPTED", "orders": [ORDER_NO]},
        }
    ],
    "next": "WzMsIjAxOWNhZTRlLTAwMDAtNzAwMC04MDAwLTAwMDAwMDAwMDAwMSIsM10=",
}
FORMS: Mapping[str, Json] = MappingProxyType(
    {
        "urge": {"note": "来电人再次来电催办。"},
        "supervise": {"note": "市领导批示督办。"},
        "supplement": {"waybill": "75123456789012"},
        "withdraw": {"reason": "来电人表示已解决，要求撤单。"},
        "extension": {"decision": "GRANTED", "due_at": "2026-03-23T00:00:00+08:00"},
        "visit": {"result": "SATISFIED", "solved": True},
        "redo": {"reason": "来电人对答复不满意，认为未核实签收人。"},
        "finish": {"note": "已办结。"},
    }
)
"""By step of the hotline."""
