"""What the interface's description says beyond signatures: meaning, examples, how a refusal looks."""

from typing import Any

from services.figures.query import Period, combinations
from shared.http.openapi import PROBLEM_REFERENCE
from shared.http.problems import MEDIA_TYPE
from shared.problems import TYPE_BASE

TITLE = "Shensu analytics API"
_BY_DAY = "; or ".join(combinations(Period.DAY))
_BY_MONTH = "; or ".join(combinations(Period.MONTH))
ABOUT = (
    "Figures on complaints (申诉) about postal and express service. Every answer carries the "
    "definition it was made by, its unit, the version and the moment (`as_of`) of the facts, and "
    "what was withheld (`suppressed`). Percentages are rounded half up to one decimal, as the "
    "published circulars do; null means that there is nothing to compare with. Days and months "
    "are those of Asia/Shanghai. Send the ETag back as If-None-Match to be told (304) that "
    "nothing changed."
)
VOLUME = (
    "Counts by day, month, quarter or year. `totals` has every period; `rows` has each cell that "
    "has a case, with its share of the period's total, the change from the period before and from "
    f"the same period of last year. These dimensions are counted together. By day: {_BY_DAY}. By month, "
    f"quarter and year: {_BY_MONTH}. Other combinations, unknown parameters and unknown codes are refused "
    "(422)."
)
CIRCULAR = (
    "Summary (T1: totals, valid, shares, changes, three satisfactions, late and untruthful "
    "replies, money recovered in 万元), late and untruthful replies by enterprise and province (T2, "
    "T3), postal issues by business type (T4, valid T5), express issues (T6, valid T6_valid), and "
    "the paragraph in Chinese. Valid complaints (有效申诉) always count on the day of closing."
)
_PERIOD = {"pattern": "^[0-9]{4}(-(0[1-9]|1[0-2])(-[0-3][0-9])?|-Q[1-4])?$"}
PARAMETERS: dict[str, dict[str, Any]] = {
    "from": _PERIOD,
    "to": _PERIOD,
    "by": {"pattern": "^[a-z_, ]*$"},
    "period": {"pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"},
}
VOLUME_EXAMPLE: dict[str, Any] = {
    "figure": "volume",
    "basis": "closed",
    "unit": "case",
    "version": 7,
    "as_of": "2026-11-23T01:00:00+00:00",
    "suppressed": [],
    "definition": {"closed": {"key": "closed", "version": "1", "zh": "处理申诉"}},
    "period": "month",
    "from": "2021-03",
    "to": "2021-03",
    "by": ["business"],
    "filters": {},
    "names": {"business": {"EXPRESS": "快递", "POSTAL": "邮政"}},
    "totals": [{"period": "2021-03", "count": 26605, "period_on_period": 42.2, "year_on_year": None}],
    "rows": [
        {
            "period": "2021-03",
            "business": "EXPRESS",
            "count": 25878,
            "share": 97.3,
            "period_on_period": 43.7,
            "year_on_year": None,
        },
    ],
}
CIRCULAR_EXAMPLE: dict[str, Any] = {
    "figure": "circular",
    "period": "2021-03",
    "basis": "closed",
    "unit": "case",
    "version": 7,
    "as_of": "2026-11-23T01:00:00+00:00",
    "suppressed": [],
    "summary": {"complaints": {"total": {"count": 26605, "month_on_month": 42.2, "year_on_year": None}}},
    "text": "2021年3月，邮政管理部门共处理用户申诉26605件，环比增长42.2%。",
}
TAGS = {
    "operation": "Whether the process runs, and what it measures; needs no key.",
    "figures": "Figures by period and dimension.",
    "circulars": "The monthly circular (通告).",
}
_RETRYABLE = {429, 503}
_REFUSALS = {
    401: ("unauthenticated", "No valid API key was sent"),
    403: ("forbidden", "The key does not carry the scope analytics:read"),
    422: (
        "invalid-input",
        "A parameter is unknown, or cannot be answered; `detail` and `errors` say what to change",
    ),
    429: ("rate-limited", "More than was agreed with this client; Retry-After says how long to wait"),
    503: ("unavailable", "The database does not answer now; the same request may be sent again"),
}


def responses(example: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    """Return an operation's answers as described: the good one by example, not modified, the refusals."""
    described: dict[int | str, dict[str, Any]] = {
        200: {
            "description": "The figures",
            "content": {"application/json": {"schema": {"type": "object"}, "example": example}},
            "headers": {"ETag": {"description": "Changes when the facts do.", "schema": {"type": "string"}}},
        },
        304: {"description": "Your copy, named by If-None-Match, still holds"},
    }
    for status, (code, description) in _REFUSALS.items():
        sample = {
            "type": TYPE_BASE + code,
            "title": description,
            "status": status,
            "detail": description,
            "code": code,
            "retryable": status in _RETRYABLE,
        }
        described[status] = {
            "description": description,
            "content": {MEDIA_TYPE: {"schema": PROBLEM_REFERENCE, "example": sample}},
        }
    return described
