"""Examples of what those who file read: the models of the answers make them."""

from shared import serialisation
from shared.serialisation import Json

NUMBER = "20260301000000017"
_RECEIVED, _TOTAL = "2026-03-01T10:00:00+08:00", "2026-04-01T00:00:00+08:00"
_BUREAU = {"code": "C330100", "name": "杭州市邮政管理局"}
_PROVINCE = {"code": "P330000", "name": "浙江省邮政管理局"}
RECEIPT: Json = {
    "number": NUMBER,
    "external_ref": "CC-2026-000123",
    "status": "RECEIVED",
    "received_at": _RECEIVED,
    "accept_due_at": "2026-03-07T00:00:00+08:00",
    "total_due_at": _TOTAL,
    "due_provisional": False,
    "notices": [],
    "links": {
        "self": f"/v1/complaints/{NUMBER}",
        "explanation": f"/v1/complaints/{NUMBER}/explanation",
    },
}
BATCH: Json = {
    "stored": 1,
    "stored_before": 0,
    "refused": 0,
    "results": [{"row": 0, "status": 201, "receipt": RECEIPT}],
}
FILED_CASE: Json = {"number": NUMBER, "status": "RECEIVED", "version": 4}
_HEAD: Json = {
    "number": NUMBER,
    "external_ref": "CC-2026-000123",
    "scope": "live",
    "channel": "PHONE_12305",
    "status": "FORWARDED",
    "level": "L0",
    "business": "EXPRESS",
    "carrier_code": "ZTO",
    "issue_code": "DELIVERY_SERVICE",
    "received_at": _RECEIVED,
    "next_due_at": "2026-03-12T00:00:00+08:00",
    "total_due_at": _TOTAL,
    "triage": False,
    "routed_at": "2026-03-01T10:00:01+08:00",
    "closed_at": None,
}
LIST: Json = {"items": [_HEAD | {"handling_bureau": "C330100"}], "next": None}
CASE: Json = _HEAD | {
    "business_type": "EXPRESS",
    "issue_detail_code": "FALSE_SIGN",
    "role": "ADDRESSEE",
    "goods": "ORDINARY",
    "urgency": [],
    "dispute_region": None,
    "mailing_region": None,
    "delivery_region": "330106",
    "complainant_region": None,
    "declared_value_fen": None,
    "freight_fen": None,
    "requested_fen": 5_000,
    "mailed_on": "2026-02-20",
    "enterprise_outcome": "DISSATISFIED",
    "enterprise_complained_on": "2026-02-22",
    "other_procedure": "NONE",
    "outlet": None,
    "copied_to": [],
    "accepted_at": "2026-03-01T10:00:01+08:00",
    "refused_at": None,
    "refusal_ground": None,
    "forwarded_at": "2026-03-01T10:00:02+08:00",
    "replied_at": None,
    "close_reason": None,
    "responsibility": None,
    "responsible_unit": None,
    "failing_link": None,
    "overturned": False,
    "satisfied_administration": None,
    "satisfied_enterprise": None,
    "reply_overdue": False,
    "reply_untruthful": False,
    "recovered_fen": 0,
    "version": 4,
    "handling_bureau": _BUREAU,
    "supervising_bureau": _PROVINCE,
    "persons": {
        "complainant": {
            "name": "王**",
            "phone": "138******00",
            "other_phone": None,
            "address": None,
            "identity_card": None,
        },
        "agent": None,
        "sender": None,
        "addressee": None,
    },
    "waybill": "75********12",
}
_CHECK = {"rule": "A1", "outcome": "passed", "code": "IN_SCOPE", "values": {}, "text": "属于受理范围"}
EXPLANATION: Json = {
    "number": NUMBER,
    "status": "FORWARDED",
    "language": "zh",
    "routed": True,
    "summary": ["由杭州市邮政管理局办理、浙江省邮政管理局督导，依据规则R4：投递地：330106 西湖区。"],
    "deadlines": {
        "next_due_at": "2026-03-12T00:00:00+08:00",
        "answer_due_at": _TOTAL,
        "deadline_rules": "2020",
        "basis": "《邮政法》第六十五条：自接到申诉之日起三十日内作出答复",
        "counting": "收到当日不计。",
        "each": f"/v1/complaints/{NUMBER}/deadlines",
    },
    "history": [{"seq": 1, "kind": "RECEIVED", "by": "USER", "at": _RECEIVED}],
    "decided_at": "2026-03-01T10:00:01+08:00",
    "rulebook": "2020",
    "reference_version": 1,
    "facts": {"carrier_code": "ZTO", "issue_code": "DELIVERY_SERVICE", "delivery_region": "330106"},
    "assignment": {
        "handling": _BUREAU,
        "supervising": _PROVINCE,
        "rule": "R4",
        "reason": "投递地：330106 西湖区",
        "needs_triage": False,
        "rules_tried": [
            {
                "rule": "R4",
                "outcome": "matched",
                "code": "PLACE",
                "values": {"place": "DELIVERY", "region": "330106"},
                "text": "投递地：330106 西湖区",
            }
        ],
    },
    "level": None,
    "admission": {
        "passed": True,
        "accepted": True,
        "proposed_ground": None,
        "checks": [_CHECK],
        "version": "2020",
    },
}
DEADLINES: Json = {
    "number": NUMBER,
    "status": "FORWARDED",
    "at": "2026-03-02T09:30:00+08:00",
    "next_due_at": "2026-03-12T00:00:00+08:00",
    "counting": "Whole days of Asia/Shanghai, the start day not counted.",
    "deadlines": [],
}
SEARCH: Json = {"waybill": "75123456789012", "limit": 10}
SEARCH_PAGE: Json = {
    "items": [
        {
            "number": NUMBER,
            "external_ref": "CC-2026-000123",
            "status": "FORWARDED",
            "status_name": "已转办",
            "sentence": {
                "zh": "您的申诉已转中通快递处理。",
                "en": "Your complaint was forwarded to ZTO Express.",
            },
            "level": "L0",
            "channel": "PHONE_12305",
            "carrier": {"code": "ZTO", "name": "中通快递"},
            "issue": {"code": "DELIVERY_SERVICE", "name": "投递服务"},
            "handling_bureau": _BUREAU,
            "received_at": _RECEIVED,
            "next_due_at": "2026-03-12T00:00:00+08:00",
            "total_due_at": _TOTAL,
        }
    ],
    "next": None,
}
SUPPLEMENT: Json = {"request": "请企业赔偿并道歉。"}
WITHDRAWAL: Json = {"reason": "用户来电表示快件已找到，撤回申诉。"}
FILING: Json = {
    "channel": "PHONE_12305",
    "business": "EXPRESS",
    "carrier_code": "ZTO",
    "issue_code": "DELIVERY_SERVICE",
    "complainant": {"name": "王小明", "phone": "13800138000", "role": "ADDRESSEE"},
    "addressee": {"region_code": "330106"},
    "cause": "快件显示已签收，本人并未收到。",
    "request": "请企业赔偿并道歉。",
    "enterprise_complaint": {"outcome": "DISSATISFIED"},
}
HISTORICAL_FILING: Json = FILING | {
    "external_ref": "H-1",
    "received_at": "2021-03-05T10:00:00+08:00",
    "outcome": {
        "closed_at": "2021-03-20T10:00:00+08:00",
        "close_reason": "SETTLED",
        "responsibility": "ENTERPRISE",
    },
}
HISTORICAL_LINE = serialisation.to_text(HISTORICAL_FILING) + "\n"
REFERENCE_LISTS: Json = {"version": 1, "lists": {"regions": "/v1/reference/regions"}}
REFERENCE_LIST: Json = {"version": 1, "items": [{"code": "330106", "name": "西湖区"}]}
MANIFEST: Json = {
    "name": "2021-03",
    "rows": 1,
    "part_sha256": ["3a7bd3e2360a3d29eea436fcfb7e44c735d117c42d1c1835420b6b9942dd4f1b"],
    "sha256": "bd1c2b8b2c0b6d1a1fa2a5c5d8b5f8f5f6e5b8d2c0d9f1e5a9b8c7d6e5f4a3b2",
}
PROGRESS: Json = {
    "id": "01936f3e-7c1a-7000-8000-000000000001",
    "name": "2021-03",
    "rows": 1,
    "rows_received": 0,
    "parts": 1,
    "missing_parts": [0],
    "refused_rows": 0,
    "completed": False,
}
PART: Json = {"part": 0, "results": [{"row": 0, "status": 201, "number": NUMBER}]}
