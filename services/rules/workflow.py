"""The states of a case and the moves between them: one table, with the reason beside each row (rulebook 2).

A move that is not in the table does not happen. The assignment to a bureau is an attribute with its event,
not a state. `services.cases` alone assigns a status, and asks here first.
"""

from enum import StrEnum
from typing import NamedTuple

from shared.errors import ConflictError
from shared.vocabulary import Status


class Actor(StrEnum):
    """Who moves a case."""

    INTAKE = "INTAKE"
    WORKER = "WORKER"
    REVIEWER = "REVIEWER"
    IMPORT = "IMPORT"


class Move(NamedTuple):
    """One row: from (None: not here yet) to, by whom, and why; the reason names the caller's guard."""

    source: Status | None
    target: Status
    actor: Actor
    reason: str


class IllegalMoveError(ConflictError):
    """The case's status does not allow this move, or not to this actor."""

    code = "illegal-move"
    title = "The status of the case does not allow this"


MOVES: tuple[Move, ...] = (
    Move(None, Status.RECEIVED, Actor.INTAKE, "a complaint came in; its limits start (邮政法 art. 65)"),
    Move(None, Status.CLOSED, Actor.IMPORT, "history of an older system arrives with its outcome"),
    Move(
        Status.RECEIVED,
        Status.ACCEPTED,
        Actor.WORKER,
        "all eight checks passed, and the bureau lets the worker",
    ),
    Move(Status.RECEIVED, Status.ACCEPTED, Actor.REVIEWER, "an officer found that the conditions are met"),
)


def allowed(source: Status | None) -> tuple[Status, ...]:
    """Return the statuses that a case of this status may move to, in the order of the table, each once."""
    return tuple(dict.fromkeys(move.target for move in MOVES if move.source == source))


def check_move(source: Status | None, target: Status, actor: Actor) -> Move:
    """Return the row that allows this actor this move, or raise `IllegalMoveError` naming what is allowed."""
    for move in MOVES:
        if move.source == source and move.target == target and move.actor == actor:
            return move
    options = ", ".join(f"{move.target} by {move.actor}" for move in MOVES if move.source == source)
    raise IllegalMoveError(
        f"status {source or 'none'}; allowed: {options or 'nothing'}; asked: {target} by {actor}"
    )
