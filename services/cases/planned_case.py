"""One case as a transaction writes it: the change that a use case asks for, and what the consequences add to it."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from services.cases import case_row
from services.cases.case_row import CaseHead
from services.cases.case_update import CaseUpdate
from services.cases.changes import CaseChange, NewEvent
from services.cases.outbox import OutboxEntry
from services.cases.stored_deadlines import MET, MOOT
from services.cases.work_orders import Orders, Stamp
from services.rules.deadlines.schedule import StartedDeadline
from services.rules.kinds import KINDS, KindRules, Kinds
from services.rules.states.table import Move
from shared.event_kinds import EventKind
from shared.vocabulary import DeadlineKind, Status

_HEAD = frozenset(case_row.names(CaseHead))


@dataclass(slots=True)
class PlannedCase:
    """What is written of one case. Consequences add events, columns, deadlines, messages; the writer writes them."""

    change: CaseChange
    orders: Orders
    """The hotline's orders that follow the case."""
    rules: KindRules
    new_events: list[NewEvent]
    columns: CaseUpdate
    starts: list[StartedDeadline]
    stops: dict[DeadlineKind, str]
    """Outcome by kind of the deadlines that the change ends; the first one holds."""
    days: set[date]
    restarted: set[DeadlineKind] = field(default_factory=set)
    shown: dict[str, datetime] = field(default_factory=dict)
    """Moments that messages show."""
    messages: list[OutboxEntry] = field(default_factory=list)
    order_stamp: Stamp | None = None

    @property
    def case(self) -> CaseHead:
        """The row as it was locked."""
        return self.change.case

    @property
    def move(self) -> Move | None:
        """The move from another state; None where the case stays, or begins here."""
        move = self.change.move
        return move if move is not None and move.source is not None else None

    @property
    def status(self) -> Status:
        """The status after the change."""
        return self.change.status

    @property
    def deadline_version(self) -> str:
        """The version of the deadline rules under which the case was received."""
        return self.case.deadline_version

    @property
    def handling_bureau(self) -> str | None:
        """The handling bureau after the change."""
        return self.change.bureau

    @property
    def claimed_by(self) -> str | None:
        """The officer who has the case after the change."""
        return self.columns.get("claimed_by", self.case.claimed_by)

    @property
    def outcomes(self) -> dict[DeadlineKind, str]:
        """Outcome by kind of all deadlines that end; a round that only makes way for the next one is moot."""
        return dict.fromkeys(self.restarted, MOOT) | self.stops

    def head_after(self) -> CaseHead:
        """Return the row as it is after the change."""
        columns: dict[str, Any] = {name: value for name, value in self.columns.items() if name in _HEAD}
        return replace(self.case, **columns, version=self.case.version + len(self.new_events))

    def orders_after(self) -> Orders:
        """Return the orders of hotlines as they are after the change."""
        return self.order_stamp.stamped() if self.order_stamp is not None else self.orders

    def extend(self, later: "PlannedCase") -> None:
        """Take over what a later change of the same moment plans, so that both are written at once.

        A deadline that the later change ends as soon as it began measures nothing, and is not written.
        """
        for key, outcome in later.outcomes.items():
            # a round before it was ended by this change
            if key not in self.restarted:
                self.stop(key, outcome)
        self.starts = [begun for begun in self.starts if begun.key not in later.outcomes] + later.starts
        self.columns |= later.columns
        self.new_events += later.new_events
        self.messages += later.messages
        self.days |= later.days
        if later.order_stamp is not None:
            stamp = self.order_stamp
            self.order_stamp = later.order_stamp if stamp is None else stamp.followed_by(later.order_stamp)

    @property
    def keeps_deadlines(self) -> bool:
        """Whether no deadline of the case moves, and the nearest is as it was."""
        return self.change.keeps_deadlines and not (self.starts or self.outcomes)

    def happens(self, kind: EventKind) -> bool:
        """Tell whether an event of a kind is among the new ones."""
        return any(event.kind is kind for event in self.new_events)

    def stop(self, key: DeadlineKind, outcome: str = MET) -> None:
        """End a deadline; the first outcome holds. One that does not run is left alone."""
        self.stops.setdefault(key, outcome)

    def restart(self, started: StartedDeadline | None) -> None:
        """Start a deadline, and end its round before; None (a version without such a rule) starts nothing."""
        if started is not None:
            self.starts.append(started)
            self.restarted.add(started.key)

    def start(self, started: StartedDeadline | None) -> None:
        """Start a deadline that does not run; one that runs already is not put back."""
        if started is not None:
            self.starts.append(started)


def plan(change: CaseChange, orders: Orders, kinds: Kinds = KINDS) -> PlannedCase:
    """Return a change as a plan to which nothing was added yet."""
    planned = PlannedCase(
        change,
        orders,
        kinds[change.case.kind],
        list(change.new_events),
        change.columns.copy(),
        [],
        dict.fromkeys(change.stops, MET),
        set(change.days),
    )
    for started in change.starts:
        planned.restart(started)
    return planned
