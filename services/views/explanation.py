"""The explanation of a case as it is answered: the decision with its codes and their texts. Models only."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from services.views.language import Language


class NamedBureau(BaseModel):
    """A postal administration: code and name."""

    code: str
    name: str


class TriedRule(BaseModel):
    """A rule or check that was tried, in the order of trying."""

    rule: str = Field(description="R1-R9 for the bureau, A1-A8 for admission.", examples=["R2"])
    outcome: str = Field(
        description="matched, passed_over or error for a rule; passed or failed for a check.",
        examples=["matched"],
    )
    code: str = Field(description="The reason, as a code that never changes.", examples=["PLACE"])
    values: dict[str, str | int] = Field(
        description="The values in the text.", examples=[{"region": "330106"}]
    )
    text: str = Field(description="The reason in the language of the answer.")


class Assignment(BaseModel):
    """Who handles the case by the decision, by which rule, and why. A later reassignment stands in the summary."""

    handling: NamedBureau
    supervising: NamedBureau
    rule: str = Field(examples=["R2"])
    reason: str = Field(description="The text of the rule that decided.")
    needs_triage: bool = Field(description="Whether an officer has to confirm the place.")
    rules_tried: list[TriedRule]


class RaisedBy(BaseModel):
    """A trigger of the level: code and text."""

    code: str
    text: str


class ExplainedLevel(BaseModel):
    """The level that the decision gave, what raised it, who got a copy. A later level stands in the summary."""

    level: str = Field(examples=["L1"])
    name: str = Field(
        description="The name of the level in the language of the answer.", examples=["Attention"]
    )
    triggers: list[RaisedBy]
    copied_to: list[NamedBureau]
    version: str = Field(description="Version of the level rules, a project rule.")


class ExplainedAdmission(BaseModel):
    """The eight conditions of admission (受理), as they were evaluated last."""

    passed: bool
    accepted: bool = Field(description="Whether the case is accepted (受理).")
    proposed_ground: str | None = Field(
        description="The ground of refusal that the first failed check proposes."
    )
    checks: list[TriedRule]
    version: str = Field(description="Version of the admission rules.")


class DeadlineSummary(BaseModel):
    """When the case is due next, when the user is answered at the latest, and on which basis."""

    next_due_at: datetime | None
    answer_due_at: datetime
    deadline_rules: str = Field(
        description="Version of the deadline rules under which the case was received."
    )
    basis: str
    counting: str
    each: str = Field(description="Address of the explanation of every deadline, day by day.")


class ExplainedEvent(BaseModel):
    """An event of the case: its kind, the kind of actor, the moment."""

    seq: int
    kind: str
    by: str
    at: datetime


class Explanation(BaseModel):
    """Why a case went where it went. Parts are null until the case is routed, and where history was only placed."""

    number: str
    status: str
    language: Language
    routed: bool
    summary: list[str] = Field(
        description="The case in a few sentences: what it is now, and what the decision had given where that differs."
    )
    deadlines: DeadlineSummary | None
    history: list[ExplainedEvent]
    decided_at: datetime | None = None
    rulebook: str | None = Field(default=None, description="Version of the rules that decided.")
    reference_version: int | None = Field(
        default=None, description="Version of the reference data that decided."
    )
    facts: dict[str, Any] | None = Field(default=None, description="The facts that the rules decided on.")
    assignment: Assignment | None = None
    level: ExplainedLevel | None = None
    admission: ExplainedAdmission | None = None
