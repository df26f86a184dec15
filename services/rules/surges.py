"""When complaints against an enterprise rise suddenly: by city, by outlet, by users of one outlet, over provinces.

2014 text: a sudden rise or anomaly is reported promptly [V3]; 66号文 asks for early warning [V2]. The figures are project
rules [P]: a week above mean + 3 standard deviations of the eight weeks before and at least 10 cases; five users of one
outlet in seven days; a network stoppage in three provinces in seven days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class SurgeRules:
    """One version of the thresholds."""

    version: str = "P1"
    weeks: int = 8
    deviations: int = 3
    least: int = 10
    users: int = 5
    users_days: int = 7
    stoppage_provinces: int = 3
    stoppage_days: int = 7


class WeekComparison(NamedTuple):
    """What a week is compared with, and whether it stands out."""

    cases: int
    mean: float
    deviation: float
    stands_out: bool


def compare(count: int, before: Sequence[int], rules: SurgeRules) -> WeekComparison:
    """Compare a week's cases with the weeks before (their number is `rules.weeks`; missing ones count as none).

    The deviation is that of the population: these eight weeks are all that is looked at.
    """
    weeks = [*before, *([0] * (rules.weeks - len(before)))]
    mean = sum(weeks) / len(weeks)
    deviation = sqrt(sum((week - mean) ** 2 for week in weeks) / len(weeks))
    stands_out = count >= rules.least and count > mean + rules.deviations * deviation
    return WeekComparison(count, mean, deviation, stands_out)


def users_stand_out(users: int, rules: SurgeRules) -> bool:
    """Tell whether so many different users of one outlet in the window are a group (rulebook 8, L2)."""
    return users >= rules.users


def is_stoppage(provinces: int, rules: SurgeRules) -> bool:
    """Tell whether stoppage complaints in so many provinces concern the national centre (rulebook 4, R8)."""
    return provinces >= rules.stoppage_provinces
