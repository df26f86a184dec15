"""The deadlines of a case: how long each is, when it starts, and what becomes of it when facts change.

Counting itself stands in `services.rules.deadlines.counting`, reminders in `services.rules.deadlines.reminders`.
The statutory 30 days (邮政法 art. 65) are moved by nothing: they do not roll, pause or follow the level.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from services.rules.deadlines import counting, reminders
from services.rules.deadlines.counting import UNITS, Count, Interval, Pause, Timetable
from services.rules.deadlines.reminders import Reminder
from shared.vocabulary import DeadlineKind, Level

STATUTORY_TOTAL_DAYS = 30
"""邮政法 art. 65: the administration answers within 30 days of receipt. No rule extends it."""
UNMOVABLE = frozenset({DeadlineKind.TOTAL})
"""Deadlines that no pause and no officer moves."""
OF_HOTLINE = frozenset({DeadlineKind.HOTLINE_SIGN, DeadlineKind.HOTLINE_ANSWER})
"""Deadlines that a hotline set: no pause of ours moves them, only its own word (a granted extension)."""
_WHOLE_DAYS = frozenset({"day", "workday"})
FIXED = "fixed"
"""The unit of a deadline whose moment somebody else set: it is taken as it is, and never computed."""


@dataclass(frozen=True, slots=True)
class DeadlineRules:
    """One version of the deadlines. `amounts` maps a rule (acceptance, total, first_contact_l2 …) to an amount and its unit.

    Units are day, workday, hour and office_hour. `roll_forward` moves a deadline in days that ends on a holiday to the
    next working day; the total deadline never moves. `sources` tells where each rule comes from.
    Raises ValueError for rules that cannot be computed, or that lengthen what the statute gives.
    """

    version: str
    amounts: Mapping[str, tuple[int, str]] = field(hash=False)
    roll_forward: bool
    sources: Mapping[str, str] = field(
        default_factory=lambda: MappingProxyType({}), hash=False, compare=False
    )

    def __post_init__(self) -> None:
        if missing := {"acceptance", "total"} - self.amounts.keys():
            raise ValueError(f"deadline rules {self.version} lack {', '.join(sorted(missing))}")
        for key, (amount, unit) in self.amounts.items():
            if unit not in UNITS or amount < 1:
                raise ValueError(f"deadline rule {key} of {self.version}: {amount} {unit} is no deadline")
        if self.amounts["acceptance"][1] not in _WHOLE_DAYS:
            raise ValueError(
                f"acceptance deadline of {self.version}: must be in days, as all deadlines of intake"
            )
        days, unit = self.amounts["total"]
        if unit != "day" or days > STATUTORY_TOTAL_DAYS:
            raise ValueError(f"total deadline of {self.version}: {days} {unit} is not within 30 days")


class StartedDeadline(NamedTuple):
    """A deadline that runs: by which rule it was started and counted, when it has run out, when to look at it next."""

    key: DeadlineKind
    rule: str
    amount: int
    unit: str
    started_at: datetime
    due_at: datetime
    next_check_at: datetime | None
    provisional: bool
    deadline_version: str
    calendar_version: str


class ComputedDeadline(NamedTuple):
    """A deadline that was counted, and its reminders."""

    counted: Count
    steps: tuple[Reminder, ...]


def start(
    key: DeadlineKind,
    started_at: datetime,
    timetable: Timetable,
    rules: DeadlineRules,
    *,
    rule: str | None = None,
) -> StartedDeadline | None:
    """Start the deadline of a rule (`rule`, by default the clock's own); None where this version has no such rule."""
    rule_amount = rules.amounts.get(rule or key)
    if rule_amount is None:
        return None
    amount, unit = rule_amount
    counted, steps = compute(started_at, key, amount, unit, timetable, rolls=rules.roll_forward)
    return StartedDeadline(
        key,
        rule or key,
        amount,
        unit,
        started_at,
        counted.due_at,
        steps[0].at,
        counted.provisional,
        rules.version,
        timetable.calendar.version,
    )


def compute(
    started_at: datetime,
    key: str,
    amount: int,
    unit: str,
    timetable: Timetable,
    *,
    rolls: bool,
    pauses: tuple[Pause, ...] = (),
) -> ComputedDeadline:
    """Count a deadline and place its reminders. The statutory total and a hotline's deadline neither roll nor pause."""
    if key in UNMOVABLE or key in OF_HOTLINE:
        rolls, pauses = False, ()
    counted = counting.count(started_at, amount, unit, timetable, rolls=rolls, pauses=pauses)
    begins = None if unit in _WHOLE_DAYS else started_at
    return ComputedDeadline(counted, reminders.reminders(begins, counted, timetable))


def fixed(started_at: datetime, due_at: datetime, timetable: Timetable) -> ComputedDeadline:
    """Take a deadline whose moment somebody else set as it is, and place its reminders."""
    whole = Count(due_at, provisional=False, intervals=(Interval(started_at, due_at),), skipped=())
    return ComputedDeadline(whole, reminders.reminders(started_at, whole, timetable))


@dataclass(frozen=True, slots=True)
class IntakeDeadlines:
    """The deadlines that a receipt starts. `provisional`: one of them rests on days that are not known yet."""

    acceptance: StartedDeadline
    total: StartedDeadline

    @property
    def provisional(self) -> bool:
        """Whether a deadline must be recalculated when the working-day table grows."""
        return self.acceptance.provisional or self.total.provisional


def intake_deadlines(received_at: datetime, timetable: Timetable, rules: DeadlineRules) -> IntakeDeadlines:
    """Return the deadlines that a receipt starts: the acceptance decision and the answer to the user.

    `received_at` must be aware; due moments are moments of Asia/Shanghai.
    """
    of_day = _deadlines_of_day(counting.civil_day(received_at), timetable, rules)
    return IntakeDeadlines(*(deadline._replace(started_at=received_at) for deadline in of_day))


@lru_cache(maxsize=2048)
def _deadlines_of_day(
    day: object, timetable: Timetable, rules: DeadlineRules
) -> tuple[StartedDeadline, StartedDeadline]:
    # every case of a civil day has the same deadlines, and a day has tens of thousands of cases
    noon = datetime.fromisoformat(f"{day}T12:00:00+08:00")
    acceptance = start(DeadlineKind.ACCEPTANCE, noon, timetable, rules)
    total = start(DeadlineKind.TOTAL, noon, timetable, rules)
    assert acceptance is not None  # noqa: S101 - rules without them are refused when they are made
    assert total is not None  # noqa: S101 - as above
    return acceptance, total


TARGETS = (DeadlineKind.FIRST_CONTACT, DeadlineKind.PROGRESS_REPORT, DeadlineKind.CLOSE_TARGET)
"""What the level asks for beside the law (rulebook 8 [P]); legal deadlines never follow it."""


def target_rule(key: DeadlineKind, level: Level) -> str:
    """Return the name of the rule that sets a target at a level, as in first_contact_l2."""
    return f"{key}_{level.lower()}"


def targets(
    level: Level, started_at: datetime, timetable: Timetable, rules: DeadlineRules
) -> dict[DeadlineKind, StartedDeadline]:
    """Return the targets of a level, started at a moment; a level without such a target has none."""
    by_key = {key: start(key, started_at, timetable, rules, rule=target_rule(key, level)) for key in TARGETS}
    return {key: started for key, started in by_key.items() if started is not None}


class Since(NamedTuple):
    """What a change of level is counted from: now, when the targets first began, which of them still run until when."""

    now: datetime
    began: datetime
    running: Mapping[str, datetime | None]


class Retargeted(NamedTuple):
    """What a new level does to the targets: which end (or never ran), which begin."""

    stops: tuple[DeadlineKind, ...]
    starts: list[StartedDeadline]


def retargeted(
    level: Level, since: Since, timetable: Timetable, rules: DeadlineRules, *, raised: bool
) -> Retargeted:
    """Return which targets a new level ends and starts (rulebook 8 [P]).

    Raised: they begin now, but one that runs already and ends no later runs on, so that raising a level lengthens
    nothing. Lowered: they are those of the lower level from the beginning. A first contact that was made is not asked
    for again.
    """
    target_deadlines = targets(level, since.now if raised else since.began, timetable, rules)
    if DeadlineKind.FIRST_CONTACT not in since.running:
        target_deadlines.pop(DeadlineKind.FIRST_CONTACT, None)
    kept = {
        key
        for key, deadline in target_deadlines.items()
        if raised and _is_sooner(since.running.get(key), deadline.due_at)
    }
    starts = [deadline for key, deadline in target_deadlines.items() if key not in kept]
    return Retargeted(tuple(key for key in TARGETS if key not in kept), starts)


def _is_sooner(due_at: datetime | None, than: datetime) -> bool:
    return due_at is not None and due_at <= than
