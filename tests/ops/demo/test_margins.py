"""Margins: the complaints of a month add up to what was published."""

from collections import Counter
from typing import Any

from ops.demo import margins
from ops.demo.margins import Margins

# as published (rulebook 7, G2), written down here once more: month, all, postal, express, valid, postal, express,
# satisfied with the administration, the postal enterprise, the express enterprises, late replies
PUBLISHED = {
    "2021-02": (18715, 711, 18004, 2026, 62, 1964, "97.7", "95.2", "96.4", 3),
    "2021-03": (26605, 727, 25878, 2554, 58, 2496, "97.8", "93.1", "96.0", 4),
}


def _percent(part: list[dict[str, Any]], name: str) -> str:
    satisfied = sum(row["outcome"].get(name) is True for row in part)
    return f"{satisfied / len(part):.1%}".removesuffix("%")


def test_margins_are_those_that_were_published(month: Margins, rows: list[dict[str, Any]]) -> None:
    valid = [row for row in rows if row["outcome"]["responsibility"] == "ENTERPRISE"]
    business = Counter(row["business"] for row in rows)
    valid_business = Counter(row["business"] for row in valid)
    counted = (
        len(rows),
        business["POSTAL"],
        business["EXPRESS"],
        len(valid),
        valid_business["POSTAL"],
        valid_business["EXPRESS"],
        _percent(valid, "satisfied_administration"),
        _percent([row for row in valid if row["business"] == "POSTAL"], "satisfied_enterprise"),
        _percent([row for row in valid if row["business"] == "EXPRESS"], "satisfied_enterprise"),
        sum(row["outcome"].get("reply_overdue", False) for row in rows),
    )
    assert counted == PUBLISHED[month.name]


def test_the_published_lines_agree_with_the_margins() -> None:
    for month in margins.MONTHS:
        lines = {line.path: line.published for line in margins.PUBLISHED[month.name]}
        assert lines["summary.complaints.total.count"] == month.total
        assert lines["summary.valid.total.count"] == month.valid
        assert lines["summary.reply_overdue"] == len(month.overdue)
