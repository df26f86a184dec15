"""Escalation of a running deadline near or after its end: whom it notifies, and how the level rises.

No official scheme was found (rulebook 8): all of it is a project rule [P] and configuration. A level only rises here;
lowering it takes a named supervisor. The machine raises and tells, it decides nothing about the case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import NamedTuple

from services.rules import levels
from services.rules.deadlines.calendar import SHANGHAI, WorkingCalendar
from services.rules.deadlines.counting import civil_day
from services.rules.facts import Jurisdictions
from shared.vocabulary import DeadlineKind, Level, Status, Step

HANDLING, SUPERVISING, PROVINCE, NATIONAL = "HANDLING", "SUPERVISING", "PROVINCE", "NATIONAL"
RECIPIENTS = (HANDLING, SUPERVISING, PROVINCE, NATIONAL)
"""Bureaus in relation to a case, as the policy names them."""
ANY = "*"
"""Stands in the policy for every deadline that is not named."""
OF_ENTERPRISE = frozenset({DeadlineKind.ENTERPRISE_REPLY, DeadlineKind.REWORK_REPLY})
"""The deadlines that the enterprise has to keep: it is reminded of them, and late when one has run out."""
_DAY = timedelta(days=1)


class StepEffect(NamedTuple):
    """The effect of a step: the least level of the case, and the notified bureaus."""

    level: Level | None
    notified: tuple[str, ...]


NOTHING = StepEffect(None, (HANDLING,))


@dataclass(frozen=True, slots=True)
class EscalationRules:
    """One version of the effects, by deadline (or `*`) and step; a step without an entry notifies the handling bureau."""

    version: str = "P1"
    effects: Mapping[str, Mapping[Step, StepEffect]] = field(
        default_factory=lambda: MappingProxyType({}), hash=False
    )

    def effect(self, key: str, step: Step) -> StepEffect:
        """Return what a step of a deadline brings."""
        for name in (key, ANY):
            effect = self.effects.get(name, {}).get(step)
            if effect is not None:
                return effect
        return NOTHING


@dataclass(frozen=True, slots=True)
class WatchdogRules:
    """How many working days a case may stay in a state before a report, whatever its deadlines are [P]."""

    version: str = "P1"
    workdays: Mapping[Status, int] = field(default_factory=lambda: MappingProxyType({}), hash=False)


class Seats(NamedTuple):
    """The bureaus that a case has: who handles it, who supervises it, and the region code of its province."""

    handling: str | None
    supervising: str | None
    province: str


class Escalated(NamedTuple):
    """The outcome of one step: the new level of the case, and the notified bureaus, each once."""

    level: Level
    notified_bureaus: tuple[str, ...]


def decide(
    key: str, step: Step, level: Level, seats: Seats, rules: EscalationRules, reference: Jurisdictions
) -> Escalated:
    """Return what a step brings to a case. A level only ever rises here.

    A level that rises brings its own copies with it: L2 to the province, L3 to the national centre (rulebook 8).
    """
    effect = rules.effect(key, step)
    risen = max(level, effect.level or level)
    names = (*effect.notified, *(levels.COPIES[risen] if risen > level else ()))
    return Escalated(risen, recipients(names, seats, reference))


def recipients(names: Sequence[str], seats: Seats, reference: Jurisdictions) -> tuple[str, ...]:
    """Return the bureaus behind the names of a policy, each once; for a case that nobody has, the national centre [P]."""
    codes = (_bureau(name, seats, reference) for name in names)
    return tuple(dict.fromkeys(code for code in codes if code is not None)) or (reference.national,)


def dwells_before(now: datetime, workdays: int, calendar: WorkingCalendar) -> datetime:
    """Return the moment before which a stay must have begun so that `days` whole working days of it have passed.

    The day on which the stay began is not counted, nor is today: both are not whole.
    """
    day = civil_day(now)
    while workdays:
        day -= _DAY
        workdays -= calendar.worked(day)[0]
    return datetime.combine(day, time.min, tzinfo=SHANGHAI)


def _bureau(name: str, seats: Seats, reference: Jurisdictions) -> str | None:
    if name == NATIONAL:
        return reference.national
    if name == PROVINCE:
        return reference.bureau_by_region.get(seats.province)
    return seats.handling if name == HANDLING else seats.supervising
