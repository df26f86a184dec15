"""A state table: a move that is not in it does not happen, and a refusal says what is allowed and what is missing."""

from types import MappingProxyType

import pytest

from services.rules.states import guards
from services.rules.states.facts import TransferFacts, WithdrawalFacts
from services.rules.states.table import (
    ConditionsNotMetError,
    IllegalMoveError,
    StateTable,
    by,
    each,
    free,
    guarded,
)
from services.rules.states.verbs import Actor, Verb
from shared.vocabulary import Status

WISHED, UNWISHED = WithdrawalFacts(has_reason=True), WithdrawalFacts(has_reason=False)
TABLE = StateTable(
    moves=(
        free(Verb.ACCEPT, Status.RECEIVED, Status.ACCEPTED, by(Actor.REVIEWER, Actor.WORKER), "complete"),
        free(Verb.ACCEPT, Status.RECEIVED, Status.FORWARDED, by(Actor.REVIEWER), "at once"),
        *each(
            WithdrawalFacts,
            (Status.RECEIVED, Status.ACCEPTED),
            Status.WITHDRAWN,
            by(Actor.USER),
            guards.user_wishes_it,
            "the user takes it back",
        ),
        guarded(
            WithdrawalFacts,
            Status.FORWARDED,
            Status.WITHDRAWN,
            by(Actor.USER),
            guards.user_wishes_it,
            "the user takes it back",
        ),
    ),
    deadlines=MappingProxyType({}),
    awaiting_officer=MappingProxyType({}),
)


def test_whatever_an_officer_may_do_the_supervisor_may() -> None:
    assert by(Actor.REVIEWER) == {Actor.REVIEWER, Actor.SUPERVISOR}
    assert by(Actor.WORKER) == {Actor.WORKER}
    assert TABLE.check(Verb.ACCEPT, Status.RECEIVED, Actor.SUPERVISOR).target is Status.ACCEPTED


def test_a_move_that_is_not_in_the_table_does_not_happen() -> None:
    with pytest.raises(IllegalMoveError, match="accept is not possible now") as refused:
        TABLE.check(Verb.ACCEPT, Status.ACCEPTED, Actor.REVIEWER)
    assert refused.value.members == {
        "case_status": Status.ACCEPTED,
        "allowed": [{"verb": Verb.WITHDRAW, "to": Status.WITHDRAWN, "by": [Actor.USER]}],
    }
    with pytest.raises(IllegalMoveError, match="As REVIEWER you may: accept"):
        TABLE.check(TransferFacts(has_reason=True, has_office=True), Status.RECEIVED, Actor.REVIEWER)


def test_a_move_of_somebody_else_says_whose_it_is() -> None:
    with pytest.raises(IllegalMoveError, match="that is for USER"):
        TABLE.check(WISHED, Status.RECEIVED, Actor.REVIEWER)
    with pytest.raises(IllegalMoveError, match=r"not received.*nothing at present"):
        TABLE.check(Verb.ACCEPT, None, Actor.USER)


def test_a_guard_that_is_not_met_names_what_is_missing() -> None:
    assert TABLE.check(WISHED, Status.ACCEPTED, Actor.USER).source is Status.ACCEPTED
    with pytest.raises(ConditionsNotMetError, match="of a case that is RECEIVED needs more") as refused:
        TABLE.check(UNWISHED, Status.RECEIVED, Actor.USER)
    assert [fault.pointer for fault in refused.value.errors] == ["/reason"]
    # the status alone allows it, whatever the guard says
    assert len(TABLE.check_status(Verb.WITHDRAW, Status.RECEIVED, Actor.USER)) == 1


def test_a_target_chooses_among_rows_of_one_verb() -> None:
    assert (
        TABLE.check(Verb.ACCEPT, Status.RECEIVED, Actor.REVIEWER, target=Status.FORWARDED).target
        is Status.FORWARDED
    )
    with pytest.raises(IllegalMoveError):
        TABLE.check(Verb.ACCEPT, Status.RECEIVED, Actor.WORKER, target=Status.FORWARDED)
    assert [move.target for move in TABLE.allowed(Status.RECEIVED, Actor.WORKER)] == [Status.ACCEPTED]
