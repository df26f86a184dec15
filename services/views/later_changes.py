"""What changed a case after its decision: who gave it another bureau or level, who accepted or refused it, when and why.

The decision is history once an officer, the hotline or the machine has changed what it gave; a reader learns both.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from pydantic import JsonValue

from services.cases import events
from services.cases.events import StoredEvent
from services.rules.states.verbs import Actor
from services.views.language import Language, Text
from services.views.rendering import Rendering
from shared.clock import SHANGHAI
from shared.event_kinds import EventKind
from shared.privacy.keyring import KeyRing
from shared.vocabulary import DeadlineKind, Urgency

LEVEL_CHANGES = (EventKind.LEVEL_RAISED, EventKind.LEVEL_LOWERED)
ACTORS: Mapping[Actor, Text] = MappingProxyType(
    {
        Actor.INTAKE: Text("接收系统", "the intake"),
        Actor.WORKER: Text("系统", "the machine"),
        Actor.REVIEWER: Text("经办人", "an officer"),
        Actor.SUPERVISOR: Text("主管人员", "a supervisor"),
        Actor.ENTERPRISE: Text("企业", "the enterprise"),
        Actor.USER: Text("用户", "the user"),
        Actor.HOTLINE: Text("热线", "the hotline"),
        Actor.IMPORT: Text("历史数据导入", "the import"),
    }
)
_REASON = Text("（理由：{reason}）", " (reason: {reason})")
_DEADLINE = Text("时限“{deadline}”将到或已过", "the deadline “{deadline}” is near or has passed")
_DEADLINES = frozenset(DeadlineKind)


@dataclass(frozen=True, slots=True)
class LaterChange:
    """A change after the decision. `reason` is None where nobody wrote one, or the reader may not see it."""

    kind: EventKind
    actor: Actor
    at: datetime
    reason: str | None

    @property
    def by_officer(self) -> bool:
        """Whether an officer or a supervisor made the change."""
        return self.actor in (Actor.REVIEWER, Actor.SUPERVISOR)

    def values(self, language: Language) -> dict[str, str]:
        """Return what texts on the change are completed with: `by`, `at` (time of China), `because`."""
        return {
            "by": ACTORS[self.actor].in_language(language),
            "at": f"{self.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
            "because": _REASON.in_language(language, reason=self.reason) if self.reason else "",
        }


@dataclass(frozen=True, slots=True)
class LaterChanges:
    """The latest change of each thing that a decision gives; None where it stands as it was decided."""

    bureau: LaterChange | None
    level: LaterChange | None
    acceptance: LaterChange | None
    refusal: LaterChange | None


def since(
    decided_seq: int, history: Sequence[StoredEvent], rendering: Rendering, ring: KeyRing | None
) -> LaterChanges:
    """Return what changed a case after the event with this number; without a key ring, no written reason is read."""
    later = [event for event in history if event.seq > decided_seq]

    def latest(*kinds: EventKind) -> LaterChange | None:
        return _latest(later, kinds, rendering, ring)

    return LaterChanges(
        bureau=latest(EventKind.REASSIGNED),
        level=latest(*LEVEL_CHANGES),
        acceptance=latest(EventKind.ACCEPTED),
        refusal=latest(EventKind.REFUSED),
    )


def _latest(
    history: Sequence[StoredEvent], kinds: Collection[EventKind], rendering: Rendering, ring: KeyRing | None
) -> LaterChange | None:
    event = next((event for event in reversed(history) if event.kind in kinds), None)
    if event is None:
        return None
    reason = _cause(event.data, rendering) or _written(event, ring)
    return LaterChange(EventKind(event.kind), Actor(event.actor), event.at, reason)


def _written(event: StoredEvent, ring: KeyRing | None) -> str | None:
    """Return what the officer wrote with the event: the reason of a step, or the note of an acceptance."""
    if ring is None:
        return None
    texts = events.read_words(event.sealed, ring, complaint_id=event.complaint_id, seq=event.seq)
    return texts.get("reason") or texts.get("note")


def _cause(data: Mapping[str, JsonValue], rendering: Rendering) -> str | None:
    """Return why the machine or a hotline changed a level, where the cause lies in the case itself and not in others."""
    code = data.get("trigger") or data.get("because")
    if not isinstance(code, str):
        return None
    if code in _DEADLINES:
        name = rendering.name("deadline", DeadlineKind(code).name)
        return _DEADLINE.in_language(rendering.language, deadline=name)
    return rendering.name("urgency", code) if code == Urgency.SUPERVISED else None
