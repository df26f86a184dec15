"""Whether a case may move: the table of its kind is asked for the status that it is stored with."""

import pytest

from services.cases import moves
from services.rules.states.facts import WithdrawalFacts
from services.rules.states.table import ConditionsNotMetError, IllegalMoveError
from services.rules.states.verbs import Actor, Verb
from shared.vocabulary import Status
from tests.services.case_rows import head


def test_a_case_moves_as_its_table_says() -> None:
    move = moves.check(head(status="RECEIVED"), Verb.ACCEPT, Actor.WORKER)
    assert (move.source, move.target) == (Status.RECEIVED, Status.ACCEPTED)
    with pytest.raises(IllegalMoveError, match="The case is CLOSED"):
        moves.check(head(status="CLOSED"), Verb.ACCEPT, Actor.WORKER)
    with pytest.raises(ConditionsNotMetError):
        moves.check(head(), WithdrawalFacts(has_reason=False), Actor.REVIEWER)


def test_a_verb_may_be_checked_before_its_facts_are_known() -> None:
    moves.check_status(head(status="REPLIED"), Verb.CLOSE, Actor.REVIEWER)
    with pytest.raises(IllegalMoveError):
        moves.check_status(head(status="RECEIVED"), Verb.CLOSE, Actor.REVIEWER)


def test_allowed_verbs_are_named_once_each_in_the_order_of_the_table() -> None:
    verbs = moves.allowed(head(status="REPLIED"), Actor.REVIEWER)
    assert verbs[:3] == [Verb.REWORK, Verb.MEDIATE, Verb.CONCLUDE]
    assert Verb.REPLY not in verbs
    # several rows lead back from a merge
    assert moves.allowed(head(status="MERGED"), Actor.REVIEWER) == [Verb.UNMERGE]
    assert moves.allowed(head(status="WITHDRAWN"), Actor.REVIEWER) == []


def test_a_kind_of_case_that_has_no_table_moves_nowhere() -> None:
    with pytest.raises(KeyError):
        moves.allowed(head(kind="COURIER_DISPUTE"), Actor.REVIEWER)
