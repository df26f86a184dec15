"""The policies of the reference data, as the rules use them: each with its version; all are project rules [P]."""

from collections.abc import Mapping
from types import MappingProxyType

from services.reference.records import PolicyValue
from services.rules.admission import AdmissionRules
from services.rules.deadlines.escalation import RECIPIENTS, EscalationRules, StepEffect, WatchdogRules
from services.rules.duplicates import DuplicateRules
from services.rules.failing_link.custody import HELD_BY, LinkRules
from services.rules.levels import LevelRules
from services.rules.surges import SurgeRules
from services.rules.tracking import TraceState
from shared.vocabulary import OPEN, Goods, Level, Status, Step, Urgency

Policies = Mapping[str, tuple[str, PolicyValue]]
"""Version and value by name."""

FORMS: Mapping[str, Mapping[str, type]] = {
    "routing": {"national": str, "max_bounces": int, "national_lead_provinces": int},
    "deadlines": {"version": str, "roll_forward": bool},
    "admission": {"enterprise_window_days": int, "time_bar_years": int},
    "levels": {"amount_fen": int, "repeat_cases": int, "by_goods": dict, "by_urgency": dict},
    "escalation": {"effects": dict},
    "watchdog": {"workdays": dict},
    "surges": {
        "weeks": int,
        "deviations": int,
        "least": int,
        "users": int,
        "users_days": int,
        "stoppage_provinces": int,
        "stoppage_days": int,
    },
    "duplicates": {"window_days": int},
    "failing_link": {"usual_hours": dict, "routing_confidence": int},
}
"""The keys of each policy; numbers are whole and above zero."""


def levels(policies: Policies) -> LevelRules:
    """Return the triggers of the handling levels."""
    version, value = policies["levels"]
    return LevelRules(
        version=version,
        by_urgency=MappingProxyType({Urgency(flag): Level(to) for flag, to in value["by_urgency"].items()}),
        by_goods=MappingProxyType({Goods(kind): Level(to) for kind, to in value["by_goods"].items()}),
        amount_fen=value["amount_fen"],
        repeat_cases=value["repeat_cases"],
    )


def admission(policies: Policies) -> AdmissionRules:
    """Return the limits of admission."""
    version, value = policies["admission"]
    return AdmissionRules(version, **value)


def escalation(policies: Policies) -> EscalationRules:
    """Return the effects of each step of a deadline. Raises ValueError for an unknown step, level or recipient."""
    version, value = policies["escalation"]
    effects = {
        key: MappingProxyType({Step(step): _effect(effect) for step, effect in steps.items()})
        for key, steps in value["effects"].items()
    }
    return EscalationRules(version, MappingProxyType(effects))


def _effect(effect: PolicyValue) -> StepEffect:
    if unknown := set(effect) - {"level", "notified"}:
        raise ValueError(f"an effect has level and notified, not {', '.join(sorted(unknown))}")
    if strangers := set(effect["notified"]) - set(RECIPIENTS):
        raise ValueError(f"no recipient {', '.join(sorted(strangers))}; there are {', '.join(RECIPIENTS)}")
    level = effect.get("level")
    return StepEffect(Level(level) if level is not None else None, tuple(effect["notified"]))


def watchdog(policies: Policies) -> WatchdogRules:
    """Return how long a case may stay in each open state. Raises ValueError if an open state has no maximum."""
    version, value = policies["watchdog"]
    workdays = {Status(status): int(days) for status, days in value["workdays"].items()}
    if set(workdays) != set(OPEN) or min(workdays.values()) < 1:
        raise ValueError(f"watchdog names every open state with its working days: {', '.join(OPEN)}")
    return WatchdogRules(version, MappingProxyType(workdays))


def surges(policies: Policies) -> SurgeRules:
    """Return the thresholds of the surge warning."""
    version, value = policies["surges"]
    return SurgeRules(version, **value)


def duplicates(policies: Policies) -> DuplicateRules:
    """Return the time window in which two filings can be one matter."""
    version, value = policies["duplicates"]
    return DuplicateRules(version, **value)


def failing_link(policies: Policies) -> LinkRules:
    """Return the usual hours between two scans. Raises ValueError for a state without a link, or for wrong hours."""
    version, value = policies["failing_link"]
    hours = {TraceState(state): int(amount) for state, amount in value["usual_hours"].items()}
    if not hours.keys() <= HELD_BY.keys() or min(hours.values(), default=1) < 1:
        raise ValueError(f"failing_link gives hours above zero for states of {', '.join(HELD_BY)}")
    return LinkRules(version, MappingProxyType(hours), value["routing_confidence"])
