"""Places history: its bureau and its province, for the figures, as it comes in. Nobody works it, so nothing else is decided.

What other cases tell (repetition, a network stoppage over provinces) decides no place and is not asked.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.decisions import alarms, decide, facts
from services.reference.data import ReferenceData


def place(
    case: Mapping[str, Any], urgency: Sequence[str], reference: ReferenceData, at: datetime
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the columns that a place sets, and the record of the decision for the case's event."""
    known = facts.facts(facts.of_mapping({**case, "urgency": urgency}), reference)
    placed = decide.decide(known, reference, live=False)
    alarms.tell(placed.jurisdiction, None)
    columns = {
        "handling_bureau": placed.jurisdiction.handling,
        "supervising_bureau": placed.jurisdiction.supervising,
        "province": placed.jurisdiction.province,
        "routed_at": at,
    }
    return columns, decide.as_record(known, placed, reference)
