"""The published figures of 2021-02 and 2021-03 (golden figures of rulebook 7, G2 and G3), which the demo must meet.

Only the figures in this module were published. All other data of the demo's complaints are fictitious.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

HEILONGJIANG, GUANGDONG, NINGXIA = "230000", "440000", "640000"
CHINA_POST, SINOTRANS_AIR = "YZPY", "SINOAIRINEX"


@dataclass(frozen=True, slots=True)
class Margins:
    """Counts of one month: all, valid (有效), and of the valid, how many were satisfied with whom.

    `overdue` names enterprise and province of each late reply.
    """

    month: date
    postal: int
    express: int
    valid_postal: int
    valid_express: int
    satisfied_administration: int
    satisfied_postal: int
    satisfied_express: int
    overdue: tuple[tuple[str, str], ...]

    @property
    def total(self) -> int:
        """All complaints of the month."""
        return self.postal + self.express

    @property
    def valid(self) -> int:
        """All valid complaints of the month."""
        return self.valid_postal + self.valid_express

    @property
    def name(self) -> str:
        """The month as `YYYY-MM`."""
        return f"{self.month:%Y-%m}"


# the counts of the satisfied were not published: these give the published percentages
FEBRUARY = Margins(
    month=date(2021, 2, 1),
    postal=711,
    express=18004,
    valid_postal=62,
    valid_express=1964,
    satisfied_administration=1979,
    satisfied_postal=59,
    satisfied_express=1893,
    # three late replies were published, without their enterprises
    overdue=((CHINA_POST, HEILONGJIANG), (CHINA_POST, NINGXIA), (SINOTRANS_AIR, GUANGDONG)),
)
MARCH = Margins(
    month=date(2021, 3, 1),
    postal=727,
    express=25878,
    valid_postal=58,
    valid_express=2496,
    satisfied_administration=2498,
    satisfied_postal=54,
    satisfied_express=2396,
    overdue=(
        (CHINA_POST, HEILONGJIANG),
        (CHINA_POST, HEILONGJIANG),
        (CHINA_POST, NINGXIA),
        (SINOTRANS_AIR, GUANGDONG),
    ),
)
MONTHS = (FEBRUARY, MARCH)


def _kinds(parts: str, zh: str, rows: Mapping[str, tuple[int, float | None, float | None]]) -> list["Line"]:
    """Return the lines of total, postal and express: count, share, change from the month before."""
    lines = []
    for kind, (count, share, change) in rows.items():
        of = {"total": zh, "postal": f"{zh}·邮政", "express": f"{zh}·快递"}[kind]
        lines.append(Line(f"{of} 件", f"summary.{parts}.{kind}.count", count))
        if share is not None:
            lines.append(Line(f"{of} 占比 %", f"summary.{parts}.{kind}.share", share))
        if change is not None:
            lines.append(Line(f"{of} 环比 %", f"summary.{parts}.{kind}.period_on_period", change))
    return lines


@dataclass(frozen=True, slots=True)
class Line:
    """One published figure: its name, its place in our circular, and its published value."""

    name: str
    path: str
    published: float | str


def _satisfaction(administration: float, postal: float, express: float) -> list[Line]:
    return [
        Line("满意率·邮政管理部门 %", "summary.satisfaction_administration.percent", administration),
        Line("满意率·邮政企业 %", "summary.satisfaction_enterprise_postal.percent", postal),
        Line("满意率·快递企业 %", "summary.satisfaction_enterprise_express.percent", express),
    ]


PUBLISHED: Mapping[str, tuple[Line, ...]] = {
    "2021-02": (
        *_kinds(
            "complaints",
            "申诉",
            {"total": (18715, None, None), "postal": (711, 3.8, None), "express": (18004, 96.2, None)},
        ),
        *_kinds(
            "valid",
            "有效申诉",
            {"total": (2026, None, None), "postal": (62, 3.1, None), "express": (1964, 96.9, None)},
        ),
        *_satisfaction(97.7, 95.2, 96.4),
        Line("企业逾期 件", "summary.reply_overdue", 3),
    ),
    "2021-03": (
        *_kinds(
            "complaints",
            "申诉",
            {"total": (26605, None, 42.2), "postal": (727, 2.7, 2.3), "express": (25878, 97.3, 43.7)},
        ),
        *_kinds(
            "valid",
            "有效申诉",
            {"total": (2554, None, 26.1), "postal": (58, 2.3, -6.5), "express": (2496, 97.7, 27.1)},
        ),
        *_satisfaction(97.8, 93.1, 96.0),
        Line("企业逾期 件", "summary.reply_overdue", 4),
        Line("企业逾期·中国邮政", f"T2.{CHINA_POST}", "黑龙江2 宁夏1 合计3"),
        Line("企业逾期·中外运-空运", f"T2.{SINOTRANS_AIR}", "广东1 合计1"),
        Line("企业逾期·各省合计", "T2", "黑龙江2 广东1 宁夏1 合计4"),
    ),
}
"""Every figure of these two circulars in rulebook 7."""
