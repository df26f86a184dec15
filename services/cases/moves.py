"""Whether a case may move: the state table of its kind, asked for the state that it is in."""

from services.cases.case_row import CaseHead
from services.rules import kinds
from services.rules.states.facts import FreeVerb, MoveFacts
from services.rules.states.table import Move
from services.rules.states.verbs import Actor, Verb
from shared.vocabulary import Status


def check(case: CaseHead, step: MoveFacts | FreeVerb, actor: Actor, *, target: Status | None = None) -> Move:
    """Return the move of a case by an actor. Raises IllegalMoveError or ConditionsNotMetError."""
    return kinds.states_of(case.kind).check(step, Status(case.status), actor, target=target)


def check_status(case: CaseHead, verb: Verb, actor: Actor) -> None:
    """Raise IllegalMoveError where the status of a case does not allow a verb to an actor, whatever the facts are."""
    kinds.states_of(case.kind).check_status(verb, Status(case.status), actor)


def allowed(case: CaseHead, actor: Actor) -> list[Verb]:
    """Return the verbs by which an actor may move a case now, in the order of the table."""
    rows = kinds.states_of(case.kind).allowed(Status(case.status), actor)
    return list(dict.fromkeys(move.verb for move in rows))
