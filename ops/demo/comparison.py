"""Compares our circular with the published one, figure by figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ops.demo.margins import PUBLISHED, Line


@dataclass(frozen=True, slots=True)
class Compared:
    """One line: a published figure and ours."""

    name: str
    published: float | str
    ours: float | str | None

    @property
    def equal(self) -> bool:
        """Whether both figures are equal, to the digit."""
        return self.ours == self.published


def compare(month: str, circular: Mapping[str, Any]) -> list[Compared]:
    """Return a line for each published figure of a month."""
    return [Compared(line.name, line.published, _ours(line, circular)) for line in PUBLISHED[month]]


def _ours(line: Line, circular: Mapping[str, Any]) -> float | str | None:
    table, _, carrier = line.path.partition(".")
    if table == "T2":
        return _late(circular["tables"]["T2"], carrier)
    value: Any = circular
    for step in line.path.split("."):
        value = value[step]
    return value if isinstance(value, int | float) else None


def _late(table: Mapping[str, Any], carrier: str) -> str | None:
    """Return a row of table T2, or its column totals, as text: province by province, and the total."""
    if not carrier:
        return _margin(table["provinces"], table["total"])
    row = next((row for row in table["rows"] if row["carrier"] == carrier), None)
    return None if row is None else _margin(row["provinces"], row["count"])


def _margin(provinces: list[dict[str, Any]], total: int) -> str:
    names = (f"{province['name'].removesuffix('省')}{province['count']}" for province in provinces)
    short = " ".join(names).replace("宁夏回族自治区", "宁夏")
    return f"{short} 合计{total}"
