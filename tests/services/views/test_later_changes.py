"""What changed a case after its decision is the latest event of each kind, with the causes that the reader may see."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from services.reference.data import ReferenceData
from services.rules.states.verbs import Actor
from services.views import later_changes
from services.views.language import Language
from services.views.rendering import Rendering
from shared.event_kinds import EventKind

AT = datetime(2026, 3, 2, 2, 30, tzinfo=UTC)
CASE = uuid.UUID(int=1)


@dataclass(frozen=True)
class StoredEvent:
    """An event as a row of `case_event` has it."""

    seq: int
    kind: EventKind
    actor: Actor = Actor.WORKER
    data: dict[str, Any] = field(default_factory=dict)
    at: datetime = AT
    complaint_id: uuid.UUID = CASE
    sealed: bytes | None = None


def _since(reference: ReferenceData, *history: Any, language: Language = Language.EN) -> Any:
    return later_changes.since(2, history, Rendering(language, reference), None)


def test_what_happened_before_the_decision_changes_nothing_of_it(reference: ReferenceData) -> None:
    later = _since(reference, StoredEvent(1, EventKind.LEVEL_RAISED), StoredEvent(2, EventKind.ROUTED))
    assert (later.bureau, later.level, later.acceptance, later.refusal) == (None, None, None, None)


def test_the_latest_change_counts(reference: ReferenceData) -> None:
    later = _since(
        reference,
        StoredEvent(3, EventKind.LEVEL_RAISED, Actor.WORKER),
        StoredEvent(4, EventKind.LEVEL_LOWERED, Actor.SUPERVISOR),
    )
    assert (later.level.kind, later.level.by_officer) == (EventKind.LEVEL_LOWERED, True)
    assert later.level.values(Language.ZH) == {"by": "主管人员", "at": "2026-03-02 10:30", "because": ""}


@pytest.mark.parametrize(
    ("data", "zh", "en"),
    [
        (
            {"trigger": "enterprise_reply", "step": "OVERDUE"},
            "（理由：时限“企业答复”将到或已过）",
            " (reason: the deadline “Reply of the enterprise” is near or has passed)",
        ),
        (
            {"because": "SUPERVISED", "order": "330100-1"},
            "（理由：上级督办）",
            " (reason: Supervised from above)",
        ),
        # these causes lie in other cases
        ({"trigger": "OUTLET_USERS", "surge": "1"}, "", ""),
        ({"because": "MERGED", "case": "20260301430000059"}, "", ""),
        ({}, "", ""),
    ],
)
def test_a_cause_is_named_where_it_lies_in_the_case_itself(
    data: dict[str, Any], zh: str, en: str, reference: ReferenceData
) -> None:
    event = StoredEvent(3, EventKind.LEVEL_RAISED, data=data)
    assert _since(reference, event, language=Language.ZH).level.values(Language.ZH)["because"] == zh
    assert _since(reference, event).level.values(Language.EN)["because"] == en


def test_each_actor_has_a_name_in_both_languages() -> None:
    assert later_changes.ACTORS.keys() == set(Actor)
