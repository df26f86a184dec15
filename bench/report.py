"""Results of a benchmark: lines with optional budgets, printed as a table and written as JSON."""

import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Budget:
    """The budget of a value: a minimum or a maximum."""

    bound: float
    at_least: bool
    text: str
    or_value: float | None = None
    """A value that meets the budget whatever its ratio to the limit."""

    def holds(self, value: float) -> bool:
        """Report whether a value meets the budget."""
        return value >= self.bound if self.at_least else value <= self.bound


@dataclass(frozen=True, slots=True)
class Line:
    """One measured value. With a `limit` of the same run, the budget applies to the ratio of the two."""

    what: str
    value: float
    unit: str
    limit: float | None = None
    budget: Budget | None = None
    rounds: Sequence[float] = ()
    limit_rounds: Sequence[float] = ()
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """Return the ratio of the value to its limit."""
        return self.value / self.limit if self.limit else None

    @property
    def met(self) -> bool | None:
        """Report whether the budget is met; None without a budget."""
        if self.budget is None:
            return None
        if self.budget.or_value is not None and self.value >= self.budget.or_value:
            return True
        return self.budget.holds(self.value if self.ratio is None else self.ratio)

    def as_json(self) -> dict[str, Any]:
        """Return the line as JSON."""
        return {
            "what": self.what,
            "value": self.value,
            "unit": self.unit,
            "limit": self.limit,
            "ratio": self.ratio,
            "budget": self.budget.text if self.budget else None,
            "met": self.met,
            "rounds": list(self.rounds),
            "limit_rounds": list(self.limit_rounds),
            **self.notes,
        }


def at_least(bound: float, text: str, *, or_value: float | None = None) -> Budget:
    """Return a budget that a value, or its ratio to a limit, must reach; `or_value` suffices whatever the ratio."""
    return Budget(bound, at_least=True, text=text, or_value=or_value)


def at_most(bound: float, text: str) -> Budget:
    """Return a budget that a value must not exceed."""
    return Budget(bound, at_least=False, text=text)


def against(
    what: str, unit: str, values: Sequence[float], limits: Sequence[float], budget: Budget | None
) -> Line:
    """Return the line of two alternating measurements: their medians, and the median ratio of the rounds in the notes."""
    ratios = [value / limit for value, limit in zip(values, limits, strict=True)]
    notes = {"median_of_ratios": statistics.median(ratios), "ratios": ratios}
    return Line(
        what, statistics.median(values), unit, statistics.median(limits), budget, values, limits, notes
    )


def percentile(values: Sequence[float], part: float) -> float:
    """Return the quantile of the values at `part` (0 to 1)."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)]


def machine() -> dict[str, Any]:
    """Return the properties of the machine that the results depend on."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "asyncpg": asyncpg.__version__,
        "load_average": [round(part, 2) for part in os.getloadavg()],
    }


def show(console: Console, name: str, lines: Sequence[Line], seconds: float, load: Sequence[float]) -> None:
    """Print one benchmark as a table."""
    table = Table(title=f"{name} ({seconds:.0f} s, load before {load[0]:.1f})", title_justify="left")
    for column in ("what", "measured", "limit", "ratio", "budget", "met"):
        table.add_column(column, justify="left" if column in {"what", "budget"} else "right")
    for line in lines:
        ratio = f"{line.ratio:.0%}" if line.ratio is not None else ""
        limit = _number(line.limit, line.unit) if line.limit is not None else ""
        budget = line.budget.text if line.budget else ""
        met = {True: "[green]yes[/]", False: "[red]no[/]", None: ""}[line.met]
        table.add_row(line.what, _number(line.value, line.unit), limit, ratio, budget, met)
    console.print(table)


def _number(value: float, unit: str) -> str:
    digits = 0 if value >= 100 else 1
    return f"{value:,.{digits}f} {unit}"
