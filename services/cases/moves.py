"""Whether a case may move: the state table of its kind, asked for the state that it is in."""

from collections.abc import Mapping
from typing import Any

from services.cases.case_row import CaseHead
from services.rules import kinds
from services.rules.states.facts import FreeVerb, MoveFacts
from services.rules.states.table import IllegalMoveError, Move
from services.rules.states.verbs import Actor, Verb
from shared.vocabulary import Status


def check(case: CaseHead, step: MoveFacts | FreeVerb, actor: Actor, *, target: Status | None = None) -> Move:
    """Return the move of a case by an actor. Raises IllegalMoveError or ConditionsNotMetError."""
    return kinds.states_of(case.kind).check(step, Status(case.status), actor, target=target)


def check_status(case: CaseHead, verb: Verb, actor: Actor) -> None:
    """Raise IllegalMoveError where the status of a case does not allow a verb to an actor, whatever the facts are."""
    kinds.states_of(case.kind).check_status(verb, Status(case.status), actor)


def illegal(case: CaseHead, actor: Actor, why: str) -> IllegalMoveError:
    """Return the refusal of a step that is no move and that the status does not allow either."""
    return kinds.states_of(case.kind).illegal(Status(case.status), actor, why)


def advice(case: CaseHead, actor: Actor, why: str) -> str:
    """Return the detail of a refusal: status, why, and what the actor may do instead."""
    return kinds.states_of(case.kind).advice(Status(case.status), actor, why)


def position(case: CaseHead) -> Mapping[str, Any]:
    """Return the members of a refusal: the status of the case, and every move that leads on from it."""
    return kinds.states_of(case.kind).position(Status(case.status))


def allowed(case: CaseHead, actor: Actor) -> list[Verb]:
    """Return the verbs by which an actor may move a case now, in the order of the table."""
    rows = kinds.states_of(case.kind).allowed(Status(case.status), actor)
    return list(dict.fromkeys(move.verb for move in rows))
