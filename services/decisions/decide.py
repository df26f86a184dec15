"""One routing decision: the rules applied to one case's facts, and the record that explains and replays it. Pure."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.reference.data import ReferenceData
from services.rules import admission, levels
from services.rules.admission import Admission
from services.rules.facts import CaseFacts, Tried
from services.rules.jurisdiction import bureau_choice
from services.rules.jurisdiction.bureau_choice import Decision
from services.rules.levels import LevelDecision
from shared.vocabulary import (
    RULEBOOK_VERSION,
    Business,
    EnterpriseOutcome,
    Goods,
    Level,
    OtherProcedure,
    Role,
    Urgency,
)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Routed:
    """What the rules say of one case. History is only placed: it has no level to raise and nothing to admit."""

    jurisdiction: Decision
    level: LevelDecision | None
    admission: Admission | None
    copied_to: tuple[str, ...]

    @property
    def admits(self) -> bool:
        """Tell whether every check of admission passed and the place is certain."""
        return self.admission is not None and self.admission.passed and not self.jurisdiction.triage


def decide(facts: CaseFacts, reference: ReferenceData, *, live: bool) -> Routed:
    """Apply jurisdiction, level and admission to the facts of one case."""
    placed = bureau_choice.decide(facts, reference.jurisdictions)
    if not live:
        return Routed(placed, None, None, ())
    level = levels.decide(facts, reference.levels)
    return Routed(
        placed,
        level,
        admission.check(facts, reference.admission),
        levels.copied_bureaus(level.level, placed.handling, placed.province, reference.jurisdictions),
    )


def as_record(facts: CaseFacts, routed: Routed, reference: ReferenceData) -> Json:
    """Return the decision to be stored: what it was made from, by which versions, every rule tried, the outcome.

    Kept short, for it is stored with every case: unknown facts are left out, a rule is [id, outcome, note].
    """
    record: Json = {
        "rulebook": RULEBOOK_VERSION,
        "reference": reference.version,
        "facts": facts_as_json(facts),
        "jurisdiction": _jurisdiction(routed.jurisdiction),
    }
    if routed.level is not None:
        record["level"] = {
            "level": routed.level.level,
            "triggers": routed.level.triggers,
            "copied_to": routed.copied_to,
            "version": reference.levels.version,
        }
    if routed.admission is not None:
        record["admission"] = admission_record(routed.admission, reference)
    return record


def admission_record(weighed: Admission, reference: ReferenceData) -> Json:
    """Return what is stored of the eight checks."""
    return {
        "passed": weighed.passed,
        "proposed_ground": weighed.proposed_ground,
        "checks": _triples(weighed.checks),
        "version": reference.admission.version,
    }


def _jurisdiction(placed: Decision) -> Json:
    return {
        "handling": placed.handling,
        "supervising": placed.supervising,
        "province": placed.province,
        "rule": placed.rule,
        "triage": placed.triage,
        "tried": _triples(placed.tried),
    }


def _triples(tried: Sequence[Tried]) -> list[tuple[str, str, str]]:
    return [(one.rule, one.outcome, one.note) for one in tried]


_FACTS = tuple(field.name for field in dataclasses.fields(CaseFacts))
_OPTIONAL = frozenset(
    {
        "issue_detail_code",
        "dispute_region",
        "mailing_region",
        "delivery_region",
        "complainant_region",
        "upper_assignment",
        "failing_link_region",
        "requested_fen",
        "mailed_on",
        "enterprise_outcome",
        "enterprise_complained_on",
        "same_matter_number",
    }
)
_READ: Mapping[str, Callable[[Any], Any]] = {
    "received_at": datetime.fromisoformat,
    "mailed_on": date.fromisoformat,
    "enterprise_complained_on": date.fromisoformat,
    "business": Business,
    "role": Role,
    "goods": Goods,
    "enterprise_outcome": EnterpriseOutcome,
    "other_procedure": OtherProcedure,
    "initial_level": Level,
    "urgency": lambda flags: tuple(Urgency(flag) for flag in flags),
}


def facts_as_json(facts: CaseFacts) -> Json:
    """Return the facts that are known, as JSON is written from them."""
    return {name: value for name in _FACTS if (value := getattr(facts, name)) is not None}


def facts_from_json(stored: Mapping[str, Any]) -> CaseFacts:
    """Return the facts of a stored decision. Raises TypeError if it lacks a fact that every case has."""
    read = {name: _READ[name](value) if name in _READ else value for name, value in stored.items()}
    unknown: Json = dict.fromkeys(_OPTIONAL - read.keys())
    return CaseFacts(**read, **unknown)
