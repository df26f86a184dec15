"""The state table of one kind of case: its rows, and the check that a move passes (rulebook 2).

A move that is not in the table does not happen. The assignment to a bureau is an attribute with its event,
not a state. `services.cases.writer` alone assigns a status. Where a row has a guard, it returns what is
still missing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from services.rules.states.facts import FreeVerb, MoveFacts
from services.rules.states.guards import GuardFaults
from services.rules.states.verbs import Actor, Verb
from shared.errors import ConflictError
from shared.event_kinds import EventKind
from shared.vocabulary import DeadlineKind, Status

F = TypeVar("F", bound=MoveFacts)


class Move(NamedTuple):
    """One row: what is done, from (None: not here yet) to, by whom, on which condition, and why."""

    verb: Verb
    source: Status | None
    target: Status
    actors: frozenset[Actor]
    facts: type[MoveFacts] | None
    guard: Callable[[Any], GuardFaults] | None
    reason: str


class IllegalMoveError(ConflictError):
    """The case's status does not allow this move, or not to this actor."""

    code = "illegal-move"
    title = "The status of the case does not allow this"


class ConditionsNotMetError(ConflictError):
    """The status allows the move, but what it depends on has not been done."""

    code = "conditions-not-met"
    title = "A condition of this step is not met"


def by(*actors: Actor) -> frozenset[Actor]:
    """Return the actors of a row. Whatever an officer may do, the officer's supervisor may."""
    return frozenset({*actors, Actor.SUPERVISOR}) if Actor.REVIEWER in actors else frozenset(actors)


def free(
    verb: FreeVerb, source: Status | None, target: Status, actors: frozenset[Actor], reason: str
) -> Move:
    """Return a row without a guard."""
    return Move(verb, source, target, actors, None, None, reason)


def guarded(
    facts: type[F],
    source: Status,
    target: Status,
    actors: frozenset[Actor],
    guard: Callable[[F], GuardFaults],
    reason: str,
) -> Move:
    """Return a row with a guard, and the facts that the guard decides on."""
    return Move(facts.verb, source, target, actors, facts, guard, reason)


def each(
    facts: type[F],
    sources: tuple[Status, ...],
    target: Status,
    actors: frozenset[Actor],
    guard: Callable[[F], GuardFaults],
    reason: str,
) -> tuple[Move, ...]:
    """Return one guarded row for each of several sources."""
    return tuple(guarded(facts, source, target, actors, guard, reason) for source in sources)


@dataclass(frozen=True, slots=True)
class StateTable:
    """The states of one kind of case: its moves, the deadline of each state, the events after which an officer acts."""

    moves: tuple[Move, ...]
    deadlines: Mapping[Status, DeadlineKind]
    """The deadline that a state starts when it is entered and ends when it is left; `total` runs beside them all."""
    awaiting_officer: Mapping[EventKind, frozenset[Status]]
    """After which events, in which states, a case waits for an officer: one that has none gets a deadline to be claimed."""
    _by_source: Mapping[Status | None, tuple[Move, ...]] = field(init=False, repr=False, compare=False)
    """The rows by the status that they lead on from, in the order of the table."""

    def __post_init__(self) -> None:
        by_source: dict[Status | None, list[Move]] = {}
        for move in self.moves:
            by_source.setdefault(move.source, []).append(move)
        object.__setattr__(self, "_by_source", {source: tuple(rows) for source, rows in by_source.items()})

    def allowed(self, source: Status | None, actor: Actor | None = None) -> tuple[Move, ...]:
        """Return the rows that lead on from a status, in the order of the table; of one actor only, if named."""
        rows = self._by_source.get(source, ())
        return rows if actor is None else tuple(move for move in rows if actor in move.actors)

    def check_status(self, verb: Verb, source: Status | None, actor: Actor) -> tuple[Move, ...]:
        """Return the rows that allow this actor this verb, whatever their guards say. Raises IllegalMoveError."""
        rows = tuple(move for move in self.allowed(source, actor) if move.verb == verb)
        if not rows:
            raise self._illegal(verb, source, actor)
        return rows

    def check(
        self,
        step: MoveFacts | FreeVerb,
        source: Status | None,
        actor: Actor,
        *,
        target: Status | None = None,
    ) -> Move:
        """Return the row that allows this actor this move: a verb without a guard, or the facts of one that has a guard.

        Raises IllegalMoveError naming what is allowed, or ConditionsNotMetError naming what is missing. `target`
        chooses among rows that differ in where they lead; without it the first whose guard is met is taken.
        """
        verb = step.verb if isinstance(step, MoveFacts) else step
        rows = [move for move in self.check_status(verb, source, actor) if target in {None, move.target}]
        if not rows:
            raise self._illegal(verb, source, actor)
        faults: list[GuardFaults] = []
        for move in rows:
            missing = move.guard(step) if move.guard is not None else ()
            if not missing:
                return move
            faults.append(missing)
        messages = "; ".join(fault.message for fault in faults[0])
        raise ConditionsNotMetError(f"{verb} of a case that is {source} needs more: {messages}", faults[0])

    def illegal(self, source: Status | None, actor: Actor, why: str) -> IllegalMoveError:
        """Return the refusal of a step that a status does not allow: why, and what this actor may do instead."""
        return IllegalMoveError(self.advice(source, actor, why), members=self.position(source))

    def advice(self, source: Status | None, actor: Actor, why: str) -> str:
        """Return the detail of a refusal: the status, why it does not allow the step, what the actor may do instead."""
        mine, supervisors = self._verbs(source, actor), self._verbs(source, Actor.SUPERVISOR)
        detail = f"The case is {source or 'not received'}: {why}. As {actor} you may: {mine or 'nothing at present'}."
        if actor is Actor.REVIEWER and supervisors and not mine:
            return f"{detail} A supervisor may: {supervisors}."
        return detail

    def _verbs(self, source: Status | None, actor: Actor) -> str:
        return ", ".join(dict.fromkeys(move.verb for move in self.allowed(source, actor)))

    def position(self, source: Status | None) -> Mapping[str, Any]:
        """Return the members of a refusal: the status of the case, and every move that leads on from it."""
        return {
            "case_status": source,
            "allowed": [
                {"verb": move.verb, "to": move.target, "by": sorted(move.actors)}
                for move in self.allowed(source)
            ],
        }

    def _illegal(self, verb: Verb, source: Status | None, actor: Actor) -> IllegalMoveError:
        others = {other for move in self.allowed(source) if move.verb == verb for other in move.actors}
        why = f"that is for {' or '.join(sorted(others))}" if others else f"{verb} is not possible now"
        return self.illegal(source, actor, why)
