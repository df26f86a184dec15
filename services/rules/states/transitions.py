"""The states of a case and the moves between them: one table, with the reason beside each row (rulebook 2).

A move that is not in the table does not happen. The assignment to a bureau is an attribute with its event,
not a state. `services.cases.writer` alone assigns a status, and asks here first. Where a row has a guard,
`services.rules.states.guards` says what is still missing.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from services.rules.states import closing_guards, guards
from services.rules.states.guards import Guard, Known
from shared.errors import ConflictError, FieldError
from shared.vocabulary import OPEN, DeadlineKind, Status


class Actor(StrEnum):
    """Who moves a case. A supervisor may do what a reviewer may."""

    INTAKE = "INTAKE"
    WORKER = "WORKER"
    REVIEWER = "REVIEWER"
    SUPERVISOR = "SUPERVISOR"
    ENTERPRISE = "ENTERPRISE"
    USER = "USER"
    HOTLINE = "HOTLINE"
    IMPORT = "IMPORT"


class Verb(StrEnum):
    """What is done to a case that changes its state."""

    RECEIVE = "receive"
    IMPORT = "import"
    ACCEPT = "accept"
    ASK_SUPPLEMENT = "ask-supplement"
    SUPPLEMENT = "supplement"
    REFUSE = "refuse"
    FORWARD = "forward"
    REPLY = "reply"
    REWORK = "rework"
    MEDIATE = "mediate"
    PROPOSE = "propose"
    CONCLUDE = "conclude"
    CLOSE = "close"
    CLOSE_UNANSWERED = "close-unanswered"
    CLOSE_OTHER_PROCEDURE = "close-other-procedure"
    WITHDRAW = "withdraw"
    TRANSFER = "transfer"
    MERGE = "merge"
    UNMERGE = "unmerge"
    REOPEN = "reopen"
    REDO = "redo"


class Move(NamedTuple):
    """One row: what is done, from (None: not here yet) to, by whom, on which condition, and why."""

    verb: Verb
    source: Status | None
    target: Status
    actors: frozenset[Actor]
    guard: Guard | None
    reason: str


class IllegalMoveError(ConflictError):
    """The case's status does not allow this move, or not to this actor."""

    code = "illegal-move"
    title = "The status of the case does not allow this"


class ConditionsNotMetError(ConflictError):
    """The status allows the move, but what it depends on has not been done."""

    code = "conditions-not-met"
    title = "A condition of this step is not met"


def _by(*actors: Actor) -> frozenset[Actor]:
    # whatever an officer may do, the officer's supervisor may
    return frozenset({*actors, Actor.SUPERVISOR}) if Actor.REVIEWER in actors else frozenset(actors)


_OFFICER = _by(Actor.REVIEWER)
_SUPERVISOR = _by(Actor.SUPERVISOR)
_FROM_OPEN = OPEN


def _each(
    verb: Verb,
    sources: tuple[Status, ...],
    target: Status,
    actors: frozenset[Actor],
    guard: Guard | None,
    reason: str,
) -> tuple[Move, ...]:
    return tuple(Move(verb, source, target, actors, guard, reason) for source in sources)


S, V = Status, Verb
MOVES: tuple[Move, ...] = (
    Move(
        V.RECEIVE,
        None,
        S.RECEIVED,
        _by(Actor.INTAKE),
        None,
        "a complaint came in; its limits start (邮政法 art. 65)",
    ),
    Move(
        V.IMPORT,
        None,
        S.CLOSED,
        _by(Actor.IMPORT),
        None,
        "history of an older system arrives with its outcome",
    ),
    Move(
        V.ACCEPT,
        S.RECEIVED,
        S.ACCEPTED,
        _by(Actor.WORKER, Actor.REVIEWER),
        None,
        "the eight checks passed and the bureau lets the worker, or an officer found them met (2020 arts 8-10)",
    ),
    Move(
        V.ASK_SUPPLEMENT,
        S.RECEIVED,
        S.AWAITING_SUPPLEMENT,
        _OFFICER,
        guards.something_is_asked,
        "elements are missing: the user is asked first (2014 art. 9(3))",
    ),
    Move(
        V.SUPPLEMENT,
        S.AWAITING_SUPPLEMENT,
        S.RECEIVED,
        _by(Actor.USER, Actor.HOTLINE, Actor.REVIEWER),
        None,
        "what was asked for came, or is no longer needed: the conditions are weighed anew",
    ),
    Move(
        V.REFUSE,
        S.RECEIVED,
        S.REFUSED,
        _OFFICER,
        guards.elements_were_asked_for,
        "a condition of admission is not met; the user is told ground and basis (2014 art. 10)",
    ),
    Move(
        V.REFUSE,
        S.AWAITING_SUPPLEMENT,
        S.REFUSED,
        _OFFICER,
        guards.supplement_did_not_come,
        "the elements were not supplied within the limit; an officer, never the machine, refuses [P]",
    ),
    Move(
        V.FORWARD,
        S.ACCEPTED,
        S.FORWARDED,
        _by(Actor.WORKER, Actor.REVIEWER),
        guards.respondent_is_known,
        "the enterprise must handle what the bureau hands on (快递市场管理办法 art. 30)",
    ),
    *_each(
        V.REPLY,
        (S.FORWARDED, S.REWORK),
        S.REPLIED,
        _by(Actor.ENTERPRISE),
        guards.reply_is_complete,
        "the enterprise told in writing what it did (2020 text, article not seen)",
    ),
    Move(
        V.REWORK,
        S.REPLIED,
        S.REWORK,
        _OFFICER,
        guards.rework_has_ground,
        "the treatment breaks agreement or rules, or the user's account differs (old art. 22)",
    ),
    Move(
        V.MEDIATE,
        S.REPLIED,
        S.MEDIATING,
        _OFFICER,
        guards.both_consent,
        "no settlement, and both parties agree to mediation (快递市场管理办法 art. 30)",
    ),
    Move(
        V.PROPOSE,
        S.MEDIATING,
        S.MEDIATION_PROPOSED,
        _OFFICER,
        guards.opinion_is_written,
        "the bureau issued its opinion; the parties answer within their limit",
    ),
    Move(
        V.CONCLUDE,
        S.MEDIATION_PROPOSED,
        S.CLOSED,
        _OFFICER,
        closing_guards.mediation_ended,
        "both answered, or the limit passed: mediated, or failed with the way to court shown",
    ),
    Move(
        V.CONCLUDE,
        S.MEDIATING,
        S.CLOSED,
        _OFFICER,
        closing_guards.consent_was_withdrawn,
        "a party no longer consents: mediation fails before an opinion [P]",
    ),
    Move(
        V.CONCLUDE,
        S.REPLIED,
        S.CLOSED,
        _OFFICER,
        closing_guards.consent_was_refused,
        "a party does not agree to mediation: it fails before it begins, with the way to court shown [P]",
    ),
    Move(
        V.CLOSE,
        S.REPLIED,
        S.CLOSED,
        _OFFICER,
        closing_guards.closing_is_due,
        "settled lawfully, the reply matches the user's account, the responsible unit is clear (2014 closing conditions)",
    ),
    *_each(
        V.CLOSE_UNANSWERED,
        (S.FORWARDED, S.REWORK),
        S.CLOSED,
        _OFFICER,
        closing_guards.enterprise_is_late,
        "the enterprise stays silent beyond its limit: the user still gets an answer within 30 days [P, 邮政法 art. 65]",
    ),
    *_each(
        V.CLOSE_OTHER_PROCEDURE,
        _FROM_OPEN,
        S.CLOSED,
        _OFFICER,
        closing_guards.other_procedure_is_named,
        "the matter entered litigation, arbitration or another procedure (2020 art. 9(4))",
    ),
    *_each(
        V.WITHDRAW,
        _FROM_OPEN,
        S.WITHDRAWN,
        _by(Actor.USER, Actor.HOTLINE, Actor.REVIEWER),
        guards.user_wishes_it,
        "the user takes the complaint back",
    ),
    *_each(
        V.TRANSFER,
        _FROM_OPEN,
        S.TRANSFERRED,
        _OFFICER,
        guards.other_office_is_named,
        "another office is competent (12315, 110, market supervision) [P after 66号文]",
    ),
    *_each(
        V.MERGE,
        _FROM_OPEN,
        S.MERGED,
        _by(Actor.WORKER, Actor.REVIEWER),
        guards.merge_is_founded,
        "repeated demands are handled as one (66号文: 重复诉求原则上并单处理)",
    ),
    *(
        Move(
            V.UNMERGE,
            S.MERGED,
            status,
            _OFFICER,
            guards.stood_there_before_merging,
            "the merge was wrong: the case stands where it stood",
        )
        for status in _FROM_OPEN
    ),
    Move(
        V.REOPEN,
        S.REFUSED,
        S.RECEIVED,
        _SUPERVISOR,
        guards.reopening_is_reasoned,
        "a supervisor finds that the refusal does not hold",
    ),
    Move(
        V.REOPEN,
        S.CLOSED,
        S.REPLIED,
        _SUPERVISOR,
        guards.there_was_a_reply,
        "a supervisor reopens: the enterprise's reply is verified anew",
    ),
    Move(
        V.REOPEN,
        S.CLOSED,
        S.ACCEPTED,
        _SUPERVISOR,
        guards.there_was_no_reply,
        "a supervisor reopens a case that was closed without a reply: it is forwarded anew",
    ),
    Move(
        V.REDO,
        S.CLOSED,
        S.REWORK,
        _by(Actor.HOTLINE),
        guards.not_redone_before,
        "the hotline's user is not satisfied: the enterprise answers once more, once (rulebook 11.3)",
    ),
)

STATE_DEADLINES: Mapping[Status, DeadlineKind] = MappingProxyType(
    {
        Status.RECEIVED: DeadlineKind.ACCEPTANCE,
        Status.AWAITING_SUPPLEMENT: DeadlineKind.SUPPLEMENT,
        Status.ACCEPTED: DeadlineKind.FORWARD,
        Status.FORWARDED: DeadlineKind.ENTERPRISE_REPLY,
        Status.REPLIED: DeadlineKind.RETURN_VISIT,
        Status.REWORK: DeadlineKind.REWORK_REPLY,
        Status.MEDIATING: DeadlineKind.MEDIATION,
        Status.MEDIATION_PROPOSED: DeadlineKind.MEDIATION_ANSWER,
    }
)
"""The limit that a state starts when it is entered and ends when it is left; `total` runs beside them all."""


def allowed(source: Status | None, actor: Actor | None = None) -> tuple[Move, ...]:
    """Return the rows that lead on from a status, in the order of the table; of one actor, if given."""
    return tuple(move for move in MOVES if move.source == source and (actor is None or actor in move.actors))


def check(
    verb: Verb,
    source: Status | None,
    actor: Actor,
    known: Known | None = None,
    *,
    target: Status | None = None,
) -> Move:
    """Return the row that allows this actor this move.

    Raises IllegalMoveError naming what is allowed, or ConditionsNotMetError naming what is missing. `target`
    chooses among rows that differ in where they lead; without it the first whose guard is met is taken.
    """
    rows = [
        move
        for move in MOVES
        if move.verb == verb
        and move.source == source
        and actor in move.actors
        and target in {None, move.target}
    ]
    if not rows:
        raise _illegal(verb, source, actor)
    missing: list[tuple[FieldError, ...]] = []
    for move in rows:
        found = move.guard(known or Known()) if move.guard is not None else ()
        if not found:
            return move
        missing.append(found)
    named = "; ".join(fault.message for fault in missing[0])
    raise ConditionsNotMetError(f"{verb} of a case that is {source} needs more: {named}", missing[0])


def _illegal(verb: Verb, source: Status | None, actor: Actor) -> IllegalMoveError:
    rows = allowed(source)
    others = {one for move in rows if move.verb == verb for one in move.actors}
    mine = dict.fromkeys(move.verb for move in rows if actor in move.actors)
    why = f"that is for {' or '.join(sorted(others))}" if others else f"{verb} is not possible now"
    return IllegalMoveError(
        f"The case is {source or 'not received'}: {why}. As {actor} you may: {', '.join(mine) or 'nothing at present'}.",
        members={
            "case_status": source,
            "allowed": [{"verb": move.verb, "to": move.target, "by": sorted(move.actors)} for move in rows],
        },
    )
