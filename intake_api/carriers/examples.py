"""Examples of what carriers send and read: forms take the requests, and the types of the answers have the others."""

from shared.serialisation import Json

NUMBER = "20260301000000017"
_AT, _DUE = "2026-03-02T09:30:00+08:00", "2026-03-12T00:00:00+08:00"
_MESSAGE = f"{NUMBER}:carrier:ZTO:4"
CURSOR = "WzMsIjAxOWNhZTRlLTAwMDAtNzAwMC04MDAwLTAwMDAwMDAwMDAwMSIsNF0="
FEED: Json = {
    "items": [
        {
            "specversion": "1.0",
            "id": _MESSAGE,
            "source": "urn:shensu",
            "type": "case.forwarded",
            "subject": NUMBER,
            "time": _AT,
            "sequence": "0000000004",
            "datacontenttype": "application/json",
            "data": {"number": NUMBER, "status": "FORWARDED", "reply_due_at": _DUE},
        }
    ],
    "next": CURSOR,
}
REPLY: Json = {
    "reply_ref": "ZTO-2026-0001",
    "responsibility_admitted": True,
    "responsible_unit": "杭州西湖网点",
    "responsible_link": "DELIVERY",
    "facts": "快递员未经同意将快件放在门口。",
    "action": "已找回快件并当面交付，网点已教育快递员。",
    "compensation_fen": 0,
    "contact_log": "3月3日10:20电话联系用户，用户接受。",
}
_STORED_REPLY: Json = {
    "reply_seq": 1,
    "received_at": _AT,
    "reply_ref": "ZTO-2026-0001",
    "complete": True,
    "missing": [],
    "late": False,
    "untruthful": False,
    "responsibility_admitted": True,
    "responsible_unit": "杭州西湖网点",
    "responsible_link": "DELIVERY",
    "compensation_fen": 0,
    "paid_on": None,
    "other_procedure": "NONE",
    "facts": REPLY["facts"],
    "action": REPLY["action"],
    "contact_log": REPLY["contact_log"],
    "attachments": [],
}
REPLIES: Json = {"replies": [_STORED_REPLY]}
RECEIPT: Json = {
    "number": NUMBER,
    "reply_ref": "ZTO-2026-0001",
    "reply_seq": 1,
    "received_at": _AT,
    "complete": True,
    "missing": [],
    "late": False,
}
INCOMPLETE: Json = RECEIPT | {"complete": False, "missing": ["contact_log"]}
CASE: Json = {
    "number": NUMBER,
    "status": "FORWARDED",
    "level": "L0",
    "business": "EXPRESS",
    "business_type": "EXPRESS",
    "issue_code": "DELIVERY_SERVICE",
    "issue_detail_code": None,
    "goods": "ORDINARY",
    "outlet": None,
    "mailed_on": "2026-02-20",
    "declared_value_fen": None,
    "freight_fen": 1200,
    "requested_fen": None,
    "received_at": "2026-03-01T10:00:00+08:00",
    "total_due_at": "2026-04-01T00:00:00+08:00",
    "forwarded_at": _AT,
    "acknowledged_at": None,
    "replied_at": None,
    "reply_overdue": False,
    "reply_untruthful": False,
    "closed_at": None,
    "close_reason": None,
    "responsibility": None,
    "responsible_unit": None,
    "failing_link": None,
    "recovered_fen": 0,
    "confidential": False,
    "waybill": "75123456789012",
    "cause": "快件显示已签收，本人并未收到。",
    "request": "请企业找回快件。",
    "role": "ADDRESSEE",
    "persons": {"complainant": {"name": "王小明", "phone": "+8613800138000"}},
    "deadlines": [{"key": "enterprise_reply", "due_at": _DUE, "state": "RUNNING"}],
    "messages": [
        {
            "message": _MESSAGE,
            "type": "case.forwarded",
            "at": _AT,
            "text": "请核实签收情况并答复。",
            "reply_due_at": _DUE,
        }
    ],
    "replies": [],
}
ACKNOWLEDGEMENT: Json = {"number": NUMBER, "status": "FORWARDED", "acknowledged_at": _AT}
DELIVERIES: Json = {
    "items": [
        {
            "id": "019cae4e-0000-7000-8000-000000000001",
            "message": _MESSAGE,
            "type": "case.forwarded",
            "number": NUMBER,
            "state": "DEAD",
            "attempts": 12,
            "last_status": 503,
            "last_error": "status 503",
            "next_try_at": None,
            "created_at": _AT,
            "tried_at": "2026-03-05T09:30:00+08:00",
            "delivered_at": None,
        }
    ],
    "next": None,
}
REPLAY: Json = {"ids": ["019cae4e-0000-7000-8000-000000000001"]}
REPLAYED: Json = {"replayed": 1}
SCAN: Json = {
    "event_id": "ZTO-75123456789012-7",
    "waybill": "75123456789012",
    "system": "SHENSU",
    "code": "SIGNED",
    "occurred_at": "2026-02-22T15:40:00+08:00",
    "region_code": "330106",
}
SCAN_RESULT: Json = {"row": 0, "status": 201, "state": "SIGNED"}
SCAN_RESULTS: Json = {
    "stored": 1,
    "stored_before": 0,
    "unknown": 0,
    "no_case": 0,
    "refused": 0,
    "results": [SCAN_RESULT],
}
