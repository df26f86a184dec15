"""The check of planted counts: it compares what the analytics API says with what was planted, and names a difference."""

from typing import Any

import pytest

from bench import planted, usps, year

TOTAL = 20_000


class _Answers:
    """Answers as an analytics API that counted right, but for the changes."""

    def __init__(self, changes: dict[int, int] | None = None) -> None:
        self.changes = changes or {}

    def __call__(self, _stack: object, **question: str) -> dict[str, Any]:
        if "by" not in question:
            months = {month: planted.received_in(month, TOTAL) for month in range(1, 13)} | self.changes
            return {
                "totals": [
                    {"period": f"{planted.YEAR}-{month:02d}", "count": n} for month, n in months.items()
                ]
            }
        return {
            "rows": [
                {
                    "period": f"{planted.YEAR}-{cell.month:02d}",
                    "province": cell.province,
                    "count": cell.count,
                }
                for cell in planted.cells(TOTAL)
                if (cell.carrier, cell.issue) == (question["carrier"], question["issue"])
            ]
        }


def _check(monkeypatch: pytest.MonkeyPatch, answers: Any) -> int:
    monkeypatch.setattr(year, "volume", answers)
    stack: Any = None
    return usps.check(stack, TOTAL)


def test_right_counts_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _check(monkeypatch, _Answers()) == 12 + 2 * 24


def test_a_wrong_month_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RuntimeError, match=r"received are wrong: 3: 1 for \d+"):
        _check(monkeypatch, _Answers({3: 1}))


def test_a_case_more_in_another_province_is_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    right = _Answers()

    def _answer(stack: object, **question: str) -> dict[str, Any]:
        answer = right(stack, **question)
        if question["basis" if "basis" in question else "period"] == "closed":
            answer["rows"].append({"period": f"{planted.YEAR}-01", "province": "990000", "count": 1})
        return answer

    with pytest.raises(RuntimeError, match=r"closed of .* are wrong: \(1, '990000'\): 1 for None"):
        _check(monkeypatch, _answer)
