"""One decision of the machine on a case: jurisdiction, level and admission from the same facts. Pure."""

from dataclasses import dataclass

from services.reference.data import ReferenceData
from services.rules import admission, levels
from services.rules.admission import Admission
from services.rules.facts import CaseFacts
from services.rules.jurisdiction import bureau_choice
from services.rules.jurisdiction.bureau_choice import BureauChoice
from services.rules.levels import LevelDecision


@dataclass(frozen=True, slots=True)
class CaseLevel:
    """The level of a case with its triggers, and the bureaus that get a copy at it."""

    decision: LevelDecision
    copied_to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseDecision:
    """The decision on one case, in the parts that it has.

    History is only placed: it has no level and no admission. A re-evaluation after a supplement has an admission alone.
    """

    placed: BureauChoice | None = None
    level: CaseLevel | None = None
    admission: Admission | None = None


@dataclass(frozen=True, slots=True)
class RoutingDecision(CaseDecision):
    """The decision that routes a live case: all three parts."""

    placed: BureauChoice
    level: CaseLevel
    admission: Admission

    @property
    def admits(self) -> bool:
        """Tell whether every check of admission passed and the place is certain."""
        return self.admission.passed and not self.placed.triage


def route(facts: CaseFacts, reference: ReferenceData) -> RoutingDecision:
    """Decide who handles a live case, at which level, and whether it may be accepted (受理)."""
    placed = bureau_choice.decide(facts, reference.jurisdictions)
    level = levels.decide(facts, reference.levels)
    copied_to = levels.copied_bureaus(level.level, placed.handling, placed.province, reference.jurisdictions)
    checks = admission.check(facts, reference.admission)
    return RoutingDecision(placed, CaseLevel(level, copied_to), checks)


def place(facts: CaseFacts, reference: ReferenceData) -> BureauChoice:
    """Decide where a case of history belongs; nobody works it, so nothing else is decided."""
    return bureau_choice.decide(facts, reference.jurisdictions)


def readmit(facts: CaseFacts, reference: ReferenceData) -> Admission:
    """Re-evaluate the conditions of admission, after the user supplied something."""
    return admission.check(facts, reference.admission)
