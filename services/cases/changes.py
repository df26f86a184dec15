"""What a use case says of a change: the case, who acts, the events, the transition, columns and deadlines."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from services.cases.case_row import CaseHead
from services.reference.data import ReferenceData
from services.rules.deadlines.schedule import StartedDeadline
from services.rules.states.table import Move
from services.rules.states.verbs import Actor
from shared.event_kinds import EventKind
from shared.privacy.keyring import KeyRing
from shared.vocabulary import DeadlineKind, Status

_NONE: Mapping[str, Any] = MappingProxyType({})


class NewEvent(NamedTuple):
    """One event of a change: its kind, the codes that explain it, the words that somebody wrote."""

    kind: EventKind
    data: Mapping[str, Any] = _NONE
    words: Mapping[str, str] = _NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChange:
    """What becomes of one case in one transaction: what happened, by whom, where it moves, which columns and limits."""

    case: CaseHead
    actor: Actor
    by: str | None = None
    new_events: Sequence[NewEvent]
    move: Move | None = None
    columns: Mapping[str, Any] = field(default_factory=dict)
    stops: Sequence[DeadlineKind] = ()
    starts: Sequence[StartedDeadline] = ()
    days: Collection[date] = ()

    @property
    def status(self) -> Status:
        """The status after the change."""
        return self.move.target if self.move is not None else Status(self.case.status)

    @property
    def bureau(self) -> str | None:
        """The handling bureau after the change."""
        bureau: str | None = self.columns.get("handling_bureau", self.case.handling_bureau)
        return bureau


@dataclass(frozen=True, slots=True)
class WriteContext:
    """What every change of one transaction is written with. Without a key ring no words can be kept."""

    reference: ReferenceData = field(repr=False)
    ring: KeyRing | None = field(repr=False)
