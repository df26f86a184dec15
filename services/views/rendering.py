"""Codes of a decision rendered as texts: one language, the names in force, and what the reader may see of other cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.decisions.document import TriedRow
from services.reference.data import ReferenceData
from services.views import decision_texts
from services.views.explanation import NamedBureau, TriedRule
from services.views.language import Language


@dataclass(frozen=True, slots=True)
class Rendering:
    """How codes become texts: the language, the names in force, and whether other cases may be named.

    `sees_repetition` tells whether the reader may know that another case is about the same item.
    """

    language: Language
    reference: ReferenceData
    sees_others: bool = True
    sees_repetition: bool = True

    def bureau(self, code: str) -> NamedBureau:
        """Return code and name of a bureau."""
        bureau = self.reference.jurisdictions.bureaus.get(code)
        return NamedBureau(code=code, name=bureau.name if bureau is not None else code)

    def name(self, kind: str, code: str) -> str:
        """Return the name of a code of some kind (level, urgency, …); a code that is no longer loaded is its own name."""
        entry = self.reference.codes.get(kind, {}).get(code)
        if entry is None:
            return code
        return entry.name_zh if self.language is Language.ZH else entry.name_en

    def reason(self, code: str, values: Mapping[str, str | int]) -> str:
        """Return the text of a reason."""
        return decision_texts.reason(code, values, self.language, self.reference)

    def tried(self, rows: Sequence[TriedRow]) -> list[TriedRule]:
        """Return the rules of a document that were tried, each with the text of its reason."""
        return [self.tried_rule(*row) for row in rows]

    def tried_rule(
        self, rule: str, outcome: str, code: str, values: Mapping[str, str | int] | None = None
    ) -> TriedRule:
        """Return one rule that was tried, with the text of its reason."""
        shown = dict(values or {})
        if not self.sees_others:
            shown |= {name: text for name, text in decision_texts.OF_OTHERS.items() if name in shown}
        return TriedRule(rule=rule, outcome=outcome, code=code, values=shown, text=self.reason(code, shown))
