"""What a use case asks the writer to change: the case, who acts, the events, the move, columns and deadlines."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from services.cases import words
from services.cases.case_row import CaseHead
from services.cases.case_update import CaseUpdate
from services.cases.words import Words
from services.reference.data import ReferenceData
from services.rules.deadlines.schedule import StartedDeadline
from services.rules.states.table import Move
from services.rules.states.verbs import Actor
from shared.event_kinds import EventKind
from shared.privacy.keyring import KeyRing
from shared.vocabulary import DeadlineKind, Status

EventData = Mapping[str, object]
"""The codes that explain an event, by name: whatever JSON can hold, and moments and days."""
_NONE: EventData = MappingProxyType({})


class NewEvent(NamedTuple):
    """One event of a change: its kind, the codes that explain it, the words that somebody wrote.

    Words come from a `KeyedContext`: without keys there are none.
    """

    kind: EventKind
    data: EventData = _NONE
    words: Words | None = None

    @property
    def orders(self) -> list[str] | None:
        """The hotline's orders that the event names; None where it names none, and concerns all of the case."""
        names = self.data.get("orders")
        return [str(name) for name in names] if isinstance(names, list | tuple) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChange:
    """One case in one transaction: what happened, by whom, where it moves, which columns and deadlines change."""

    case: CaseHead
    actor: Actor
    by: str | None = None
    new_events: Sequence[NewEvent]
    move: Move | None = None
    columns: CaseUpdate = field(default_factory=CaseUpdate)
    stops: Sequence[DeadlineKind] = ()
    starts: Sequence[StartedDeadline] = ()
    days: Collection[date] = ()
    keeps_deadlines: bool = False
    """Nothing else in the transaction moves a deadline of the case: unless this change does, its nearest one stays."""

    @property
    def status(self) -> Status:
        """The status after the change."""
        return self.move.target if self.move is not None else Status(self.case.status)

    @property
    def bureau(self) -> str | None:
        """The handling bureau after the change."""
        return self.columns.get("handling_bureau", self.case.handling_bureau)


@dataclass(frozen=True, slots=True)
class WorkerContext:
    """What every change of one transaction is written with. It has no keys: no words can be written with it."""

    reference: ReferenceData = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeyedContext(WorkerContext):
    """The context of a process that holds the keys: it seals words, and opens sealed records."""

    ring: KeyRing = field(repr=False)

    def words(self, **texts: str | None) -> Words | None:
        """Return words by name, to be written with an event; None where there are none."""
        return words.make(texts, self.ring)
