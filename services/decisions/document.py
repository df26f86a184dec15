"""The document of a decision: facts, versions, every rule that was tried, the outcome, as codes.

One document is stored with the case, shown by its explanation, and compared by a replay. It holds no sentence: the texts
are rendered when they are read (`services.views.decision_texts`). It is short, for it is stored with every case: facts
with their usual value are left out; a rule that was tried is `[rule, outcome, reason]`, with a fourth part where the
reason has values.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, NotRequired, TypedDict

from services.decisions.decide import CaseDecision, CaseLevel
from services.reference.data import ReferenceData
from services.rules.admission import Admission
from services.rules.facts import CaseFacts, Tried
from services.rules.jurisdiction.bureau_choice import BureauChoice
from shared.serialisation import Json
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

TriedRow = Sequence[Any]
"""`[rule, outcome, reason]` or `[rule, outcome, reason, values]`."""


class PlacedDocument(TypedDict):
    """Who handles the case, by which rule."""

    handling: str
    supervising: str
    province: str
    rule: str
    triage: bool
    tried: Sequence[TriedRow]


class LevelDocument(TypedDict):
    """The level, its triggers, its copies, and the version of the level rules."""

    level: str
    triggers: Sequence[str]
    copied_to: Sequence[str]
    version: str


class AdmissionDocument(TypedDict):
    """The eight checks, the ground of refusal that they propose, and the version of the admission rules."""

    passed: bool
    proposed_ground: str | None
    checks: Sequence[TriedRow]
    version: str


class DecisionDocument(TypedDict):
    """The whole document; a part is there where it was decided."""

    rulebook: str
    reference: int
    facts: Json
    jurisdiction: NotRequired[PlacedDocument]
    level: NotRequired[LevelDocument]
    admission: NotRequired[AdmissionDocument]


def build(facts: CaseFacts, decision: CaseDecision, reference: ReferenceData) -> DecisionDocument:
    """Return the document of a decision: the one builder of all documents."""
    document = DecisionDocument(
        rulebook=RULEBOOK_VERSION, reference=reference.version, facts=facts_as_json(facts)
    )
    if decision.placed is not None:
        document["jurisdiction"] = _placed(decision.placed)
    if decision.level is not None:
        document["level"] = _level(decision.level, reference)
    if decision.admission is not None:
        document["admission"] = _admission(decision.admission, reference)
    return document


def _placed(placed: BureauChoice) -> PlacedDocument:
    return PlacedDocument(
        handling=placed.handling,
        supervising=placed.supervising,
        province=placed.province,
        rule=placed.rule,
        triage=placed.triage,
        tried=_rows(placed.tried),
    )


def _level(level: CaseLevel, reference: ReferenceData) -> LevelDocument:
    return LevelDocument(
        level=level.decision.level,
        triggers=level.decision.triggers,
        copied_to=level.copied_to,
        version=reference.levels.version,
    )


def _admission(admission: Admission, reference: ReferenceData) -> AdmissionDocument:
    return AdmissionDocument(
        passed=admission.passed,
        proposed_ground=admission.proposed_ground,
        checks=_rows(admission.checks),
        version=reference.admission.version,
    )


def _rows(tried: Sequence[Tried]) -> list[TriedRow]:
    return [
        (rule.rule, rule.outcome, rule.reason, *((dict(rule.params),) if rule.params else ()))
        for rule in tried
    ]


_USUAL: Mapping[str, Any] = MappingProxyType(
    {field.name: field.default for field in dataclasses.fields(CaseFacts)}
)
"""The usual value of each fact, MISSING where there is none: what is usual is left out of the document."""
_READERS: Mapping[str, Callable[[Any], Any]] = {
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
    """Return the facts that differ from the usual values, as JSON is written from them."""
    return {name: value for name, usual in _USUAL.items() if (value := getattr(facts, name)) != usual}


def facts_from_json(stored: Mapping[str, Any]) -> CaseFacts:
    """Return the facts of a stored decision. Raises TypeError if it lacks a fact that every case has."""
    return CaseFacts(
        **{name: _READERS[name](value) if name in _READERS else value for name, value in stored.items()}
    )


def shown_facts(stored: Mapping[str, Any]) -> Json:
    """Return the facts of a stored decision with the usual values, without those that are not known."""
    usual = {
        name: value
        for name, value in _USUAL.items()
        if value is not None and value is not dataclasses.MISSING
    }
    return usual | dict(stored)
