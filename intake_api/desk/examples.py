"""Examples of what the desk reads: the models make them."""

from shared.serialisation import Json

NUMBER = "20260301000000017"
_AT, _DUE = "2026-03-02T09:30:00+08:00", "2026-03-04T00:00:00+08:00"
_BUREAU = {"code": "C330100", "name": "杭州市邮政管理局"}
_PROVINCE = {"code": "P330000", "name": "浙江省邮政管理局"}
_CARRIER = {"code": "ZTO", "name": "中通快递"}
_ISSUE = {"code": "DELIVERY_SERVICE", "name": "投递服务·虚假签收", "detail": "FALSE_SIGN"}
UNMASK: Json = {"purpose": "CONTACT", "fields": ["name", "phone"]}
UNMASKED: Json = {
    "number": NUMBER,
    "persons": {"complainant": {"name": "王小明", "phone": "+8613800138000"}},
}
WORKLIST: Json = {
    "queue": "bureau",
    "items": [
        {
            "number": NUMBER,
            "status": "REPLIED",
            "status_name": "企业已答复",
            "level": "L0",
            "version": 7,
            "channel": "PHONE_12305",
            "carrier": _CARRIER,
            "issue": _ISSUE,
            "received_at": "2026-03-01T10:00:00+08:00",
            "next_due_at": _DUE,
            "next_deadline": "return_visit",
            "total_due_at": "2026-04-01T00:00:00+08:00",
            "overdue": False,
            "claimed_by": "C330100/li.na",
            "handling_bureau": _BUREAU,
            "confidential": False,
            "what_next": "VERIFY_REPLY",
        }
    ],
    "next": None,
}
_DEADLINE: Json = {
    "key": "return_visit",
    "name": "回访核实",
    "round": 1,
    "state": "RUNNING",
    "started_at": _AT,
    "due_at": _DUE,
    "provisional": False,
    "movable": True,
}
DEADLINES: Json = {
    "number": NUMBER,
    "status": "REPLIED",
    "at": _AT,
    "next_due_at": _DUE,
    "counting": "Whole days of Asia/Shanghai, the start day not counted.",
    "deadlines": [
        _DEADLINE
        | {
            "rule": "return_visit",
            "amount": 1,
            "unit": "workday",
            "source": "project",
            "deadline_rules": "1",
            "calendar": "2026",
            "stopped_at": None,
            "pauses": [],
            "counted": [{"from": "2026-03-03T00:00:00+08:00", "to": _DUE}],
            "skipped": [],
            "reminders": [{"step": "LAST_DAY", "at": "2026-03-03T09:00:00+08:00"}],
        }
    ],
}
_CHECK = {"rule": "A1", "outcome": "passed", "code": "IN_SCOPE", "values": {}, "text": "within the scope"}
_ADMISSION: Json = {
    "passed": True,
    "accepted": True,
    "proposed_ground": None,
    "checks": [_CHECK],
    "version": "1",
}
_RULE = {
    "rule": "R2",
    "outcome": "matched",
    "code": "PLACE",
    "values": {"region": "330106"},
    "text": "the place of the dispute is 330106",
}
EXPLANATION: Json = {
    "number": NUMBER,
    "status": "REPLIED",
    "language": "en",
    "routed": True,
    "deadlines": {
        "next_due_at": _DUE,
        "answer_due_at": "2026-04-01T00:00:00+08:00",
        "deadline_rules": "1",
        "basis": "邮政法 art. 65: the administration answers within 30 days of receipt",
        "counting": "The day of receipt is not counted.",
        "each": f"/v1/desk/cases/{NUMBER}/deadlines",
    },
    "history": [{"seq": 1, "kind": "RECEIVED", "by": "CLIENT", "at": "2026-03-01T10:00:00+08:00"}],
    "summary": ["杭州市邮政管理局 handles the case and 浙江省邮政管理局 supervises it, by rule R2."],
    "decided_at": "2026-03-01T10:00:01+08:00",
    "rulebook": "1",
    "reference_version": 12,
    "assignment": {
        "handling": _BUREAU,
        "supervising": _PROVINCE,
        "rule": "R2",
        "reason": "the place of the dispute is 330106",
        "needs_triage": False,
        "rules_tried": [_RULE],
    },
    "facts": {"business": "EXPRESS", "issue_code": "DELIVERY_SERVICE", "delivery_region": "330106"},
    "level": {"level": "L0", "name": "一般", "triggers": [], "copied_to": [], "version": "1"},
    "admission": _ADMISSION,
}
_SURGE: Json = {
    "id": "019564a0-7d3c-7b6e-9f00-3c5a1d2e4f60",
    "kind": "CITY",
    "week": "2026-03-02",
    "count": 12,
    "level": "L1",
    "national": False,
    "opened_at": _AT,
    "updated_at": _AT,
    "carrier": _CARRIER,
    "place": {"code": "330100", "name": "杭州市"},
    "province": "330000",
    "mean": 2.5,
    "deviation": 1.2,
    "members": 12,
}
WARNINGS: Json = {"items": [_SURGE], "next": None}
WARNING: Json = _SURGE | {
    "cases": [
        {
            "number": NUMBER,
            "status": "REPLIED",
            "level": "L0",
            "handling_bureau": "C330100",
            "received_at": "2026-03-01T10:00:00+08:00",
        }
    ]
}
ESCALATIONS: Json = {
    "items": [
        {
            "at": _AT,
            "number": NUMBER,
            "kind": "DEADLINE_REMINDER",
            "deadline": {"key": "return_visit", "name": "回访核实"},
            "step": "LAST_DAY",
            "due_at": _DUE,
            "level_before": "L0",
            "level_after": "L0",
            "notified_bureaus": ["C330100"],
            "status": "REPLIED",
            "level": "L0",
        }
    ],
    "next": None,
}
WHOLE_CASE: Json = {
    "number": NUMBER,
    "external_ref": None,
    "cites": None,
    "scope": "live",
    "channel": "PHONE_12305",
    "status": "REPLIED",
    "status_name": "企业已答复",
    "status_since": _AT,
    "level": "L0",
    "level_name": "一般",
    "version": 7,
    "business": "EXPRESS",
    "business_type": "EXPRESS",
    "carrier_code": "ZTO",
    "carrier": _CARRIER,
    "issue_code": "DELIVERY_SERVICE",
    "issue_detail_code": "FALSE_SIGN",
    "issue": _ISSUE,
    "role": "ADDRESSEE",
    "goods": "ORDINARY",
    "urgency": [],
    "confidential": False,
    "dispute_region": None,
    "mailing_region": None,
    "delivery_region": "330106",
    "complainant_region": None,
    "declared_value_fen": None,
    "freight_fen": 1200,
    "requested_fen": 5000,
    "mailed_on": "2026-02-20",
    "enterprise_outcome": "DISSATISFIED",
    "enterprise_complained_on": "2026-02-24",
    "other_procedure": "NONE",
    "outlet": None,
    "received_at": "2026-03-01T10:00:00+08:00",
    "next_due_at": _DUE,
    "total_due_at": "2026-04-01T00:00:00+08:00",
    "triage": False,
    "bounces": 0,
    "claimed_by": "C330100/li.na",
    "claimed_at": _AT,
    "contacted_at": None,
    "routed_at": "2026-03-01T10:00:01+08:00",
    "accepted_at": "2026-03-01T10:00:01+08:00",
    "refused_at": None,
    "refusal_ground": None,
    "forwarded_at": "2026-03-01T10:00:02+08:00",
    "acknowledged_at": None,
    "replied_at": _AT,
    "reply_seq": 1,
    "redone": 0,
    "escalated_at": None,
    "overdue_total": False,
    "suspected_violation": False,
    "hotline_orders": 0,
    "closed_at": None,
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
    "handling_bureau": _BUREAU,
    "supervising_bureau": _PROVINCE,
    "copied_to": [],
    "allowed": ["close", "rework", "mediate"],
    "sentence": {
        "zh": "您的申诉已得到中通快递的答复，正在核实。",
        "en": "The enterprise replied; the bureau verifies it.",
    },
    "persons": {"complainant": {"name": "王**", "phone": "138******00"}},
    "waybill": "**********8901",
    "cause": "快件显示已签收，本人并未收到。",
    "request": "请企业赔偿并道歉。",
    "enterprise_complaint": {"outcome": "DISSATISFIED"},
    "dispute_address": None,
    "deadlines": [_DEADLINE],
    "admission": _ADMISSION,
    "history": [
        {
            "seq": 7,
            "kind": "NOTE",
            "actor": "REVIEWER",
            "by": "C330100/li.na",
            "at": _AT,
            "data": {"progress": False, "contact": True},
            "texts": {"note": "用户来电催办。"},
        }
    ],
    "replies": [],
    "visits": [],
    "remedies": [],
    "reviews": [],
    "duplicates": [],
    "merged": {"into": None, "children": []},
    "evidence": [],
    "orders": [],
    "trace": None,
}
