"""Equal is equal to the digit; anything else, or nothing at all, is not."""

import copy
from typing import Any

from ops.demo import comparison

CIRCULAR: dict[str, Any] = {
    "summary": {
        "complaints": {
            "total": {"count": 26605, "period_on_period": 42.2},
            "postal": {"count": 727, "share": 2.7, "period_on_period": 2.3},
            "express": {"count": 25878, "share": 97.3, "period_on_period": 43.7},
        },
        "valid": {
            "total": {"count": 2554, "period_on_period": 26.1},
            "postal": {"count": 58, "share": 2.3, "period_on_period": -6.5},
            "express": {"count": 2496, "share": 97.7, "period_on_period": 27.1},
        },
        "satisfaction_administration": {"percent": 97.8},
        "satisfaction_enterprise_postal": {"percent": 93.1},
        "satisfaction_enterprise_express": {"percent": 96.0},
        "reply_overdue": 4,
    },
    "tables": {
        "T2": {
            "total": 4,
            "provinces": [
                {"name": "黑龙江省", "count": 2},
                {"name": "广东省", "count": 1},
                {"name": "宁夏回族自治区", "count": 1},
            ],
            "rows": [
                {
                    "carrier": "YZPY",
                    "count": 3,
                    "provinces": [{"name": "黑龙江省", "count": 2}, {"name": "宁夏回族自治区", "count": 1}],
                },
                {"carrier": "SINOAIRINEX", "count": 1, "provinces": [{"name": "广东省", "count": 1}]},
            ],
        }
    },
}


def test_the_published_circular_is_equal_in_every_line() -> None:
    lines = comparison.compare("2021-03", CIRCULAR)
    assert len(lines) > 20
    assert all(line.equal for line in lines)


def test_a_difference_is_seen_and_named() -> None:
    other = copy.deepcopy(CIRCULAR)
    other["summary"]["valid"]["postal"]["period_on_period"] = -6.4
    other["summary"]["complaints"]["total"]["period_on_period"] = None
    other["tables"]["T2"]["rows"].pop()
    different = [(line.name, line.ours) for line in comparison.compare("2021-03", other) if not line.equal]
    assert different == [
        ("申诉 环比 %", None),
        ("有效申诉·邮政 环比 %", -6.4),
        ("企业逾期·中外运-空运", None),
    ]
