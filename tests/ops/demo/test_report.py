"""The report of the demo: each published figure beside ours, and a last line that says whether all are equal."""

from typing import Any

import pytest

from ops.demo import report
from ops.demo.comparison import Compared
from ops.demo.life import Lived
from ops.demo.live import LiveComplaint

BUREAU = {"code": "C330100", "name": "杭州市邮政管理局"}
WAY = LiveComplaint(
    "20261124000000017",
    3.2,
    41.0,
    {"handling_bureau": BUREAU, "supervising_bureau": None},
    {"summary": ["R1: the place [red]330102[/red]"]},
)
CASE: dict[str, Any] = {
    "cause": "未经同意投入快递柜。",
    "request": "请送货上门。",
    "replies": [{"facts": "快件投入快递柜。", "action": "已送货上门。"}],
    "history": [
        {"at": "2026-11-24T09:00:00+08:00", "kind": "REPLIED", "by": None, "actor": "CARRIER", "texts": {}},
    ],
    "trace": {"proposal": {"failing_link": "STATION_LOCKER", "confidence": 90}},
    "failing_link": "STATION_LOCKER",
    "recovered_fen": 5_000,
    "sentence": {"zh": "您的申诉已办结。"},
}
DEADLINE = {
    "name": "受理",
    "amount": 5,
    "unit": "day",
    "due_at": "2026-11-29T00:00:00+08:00",
    "state": "MET",
    "source": "办法 [V1]",
}


def _shown(capsys: pytest.CaptureFixture[str], *lines: Compared) -> str:
    lived = Lived(CASE, [DEADLINE])
    report.show(WAY, lived, {"2021-03": {"text": "三月通告 [全文]"}}, {"2021-03": list(lines)})
    return capsys.readouterr().out


def test_equal_figures_end_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    text = _shown(capsys, Compared("all", 26605, 26605), Compared("share", "97.3", "97.3"))
    assert text.rstrip().endswith("All 2 published figures are equal.")
    assert "杭州市邮政管理局 (C330100), under nobody" in text
    assert "50.00 yuan" in text
    # what stands in brackets is text, and no markup of the console
    assert "[red]330102[/red]" in text
    assert "三月通告 [全文]" in text


def test_a_figure_that_differs_is_marked_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    text = _shown(capsys, Compared("all", 26605, 26604), Compared("late", 4, None), Compared("valid", 1, 1))
    assert text.count("NOT EQUAL") == 2
    assert text.rstrip().endswith("2 of 3 published figures differ.")
