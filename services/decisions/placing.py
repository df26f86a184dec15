"""Places history: its bureau and its province, for the figures, as it comes in. Nobody works it, so nothing else is decided.

Other cases (a repetition, a network stoppage over provinces) decide no place and are not read.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.cases.new_case import PlaceColumns
from services.decisions import alarms, decide, document, facts
from services.decisions.decide import CaseDecision
from services.decisions.document import DecisionDocument
from services.reference.data import ReferenceData


def place(
    case: Mapping[str, object], urgency: Sequence[str], reference: ReferenceData, at: datetime
) -> tuple[PlaceColumns, DecisionDocument]:
    """Return the columns that a place sets, and the document of the decision for the case's event."""
    case_facts = facts.facts(facts.of_mapping({**case, "urgency": urgency}), reference)
    placed = decide.place(case_facts, reference)
    alarms.report(placed, None)
    columns: PlaceColumns = {
        "handling_bureau": placed.handling,
        "supervising_bureau": placed.supervising,
        "province": placed.province,
        "routed_at": at,
    }
    return columns, document.build(case_facts, CaseDecision(placed=placed), reference)
