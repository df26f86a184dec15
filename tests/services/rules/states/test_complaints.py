"""The state table: what may move, by whom, on which condition, and what is said when it may not."""

import itertools
from typing import cast

import pytest

from services.rules.states import facts, guards
from services.rules.states.complaints import CONSUMER_COMPLAINTS as TABLE
from services.rules.states.facts import FreeVerb, MoveFacts
from services.rules.states.table import ConditionsNotMetError, IllegalMoveError, Move
from services.rules.states.verbs import Actor, Verb
from shared.errors import ConflictError
from shared.vocabulary import (
    ENDED,
    OPEN,
    CloseReason,
    RefusalGround,
    Responsibility,
    ReworkGround,
    Status,
)

V, S = Verb, Status
SUFFICIENT: dict[Verb, MoveFacts] = {
    V.REQUEST_SUPPLEMENT: facts.SupplementRequestFacts(items=("request",)),
    V.REFUSE: facts.RefusalFacts(
        has_reason=True,
        ground=RefusalGround.TIME_BARRED,
        legal_basis="art. 9(6)",
        supplement_requested=False,
        supplement_overdue=False,
    ),
    V.FORWARD: facts.ForwardingFacts(respondent_in_scope=True),
    V.REPLY: facts.ReplyFacts(missing_fields=()),
    V.REWORK: facts.ReworkFacts(has_reason=True, ground=ReworkGround.ACCOUNT_DIFFERS),
    V.MEDIATE: facts.ConsentFacts(user_consents=True, enterprise_consents=True),
    V.PROPOSE: facts.OpinionFacts(has_opinion=True),
    V.CONCLUDE: facts.MediationFacts(
        user_answered=True,
        enterprise_answered=True,
        answer_deadline_passed=False,
        consent_withdrawn=True,
        user_reached=True,
        responsible_unit=None,
        close_reason=CloseReason.MEDIATION_FAILED,
        responsibility=Responsibility.NONE,
    ),
    V.CLOSE: facts.ClosingFacts(
        user_reached=True,
        unreachable=False,
        account_matches=True,
        settlement_lawful=True,
        close_reason=CloseReason.SETTLED,
        responsibility=Responsibility.ENTERPRISE,
        responsible_unit="杭州西湖网点",
    ),
    V.CLOSE_UNANSWERED: facts.UnansweredClosingFacts(
        enterprise_overdue=True,
        close_reason=CloseReason.OTHER,
        responsibility=Responsibility.UNDETERMINED,
        responsible_unit=None,
    ),
    V.CLOSE_OTHER_PROCEDURE: facts.OtherProcedureFacts(
        has_procedure=True,
        responsible_unit=None,
        close_reason=CloseReason.IN_OTHER_PROCEDURE,
        responsibility=Responsibility.UNDETERMINED,
    ),
    V.WITHDRAW: facts.WithdrawalFacts(has_reason=True),
    V.TRANSFER: facts.TransferFacts(has_reason=True, has_office=True),
    V.MERGE: facts.MergeFacts(has_reason=True, duplicate_evident=False),
    V.REDO: facts.RedoFacts(times_redone=0),
}
"""What a request has to say, by verb, so that its guard is content."""


def _step(move: Move) -> MoveFacts | FreeVerb:
    """Return what the guard of a row is content with; of a row without a guard its verb."""
    if move.verb is V.UNMERGE:
        return facts.UnmergeFacts(has_reason=True, status_before=move.target, target=move.target)
    if move.verb is V.REOPEN:
        return facts.ReopeningFacts(has_reason=True, reply_seq=int(move.target is S.REPLIED))
    return cast("FreeVerb", move.verb) if move.facts is None else SUFFICIENT[move.verb]


@pytest.mark.parametrize("move", TABLE.moves, ids=lambda move: f"{move.verb}-{move.source}-{move.target}")
def test_every_row_is_a_legal_move_with_a_reason(move: Move) -> None:
    for actor in move.actors:
        assert TABLE.check(_step(move), move.source, actor, target=move.target) is move
    assert move.reason


def test_what_is_not_in_the_table_is_refused() -> None:
    rows = {(move.verb, move.source, actor) for move in TABLE.moves for actor in move.actors}
    combinations = set(itertools.product(Verb, (None, *Status), Actor))
    for verb, source, actor in combinations - rows:
        with pytest.raises(IllegalMoveError):
            TABLE.check_status(verb, source, actor)
    keys = [(move.verb, move.source, move.target) for move in TABLE.moves]
    assert len(set(keys)) == len(keys)


def test_every_state_can_be_reached_and_every_open_one_left_to_an_end() -> None:
    reached: set[Status | None] = {None}
    while more := {move.target for move in TABLE.moves if move.source in reached} - reached:
        reached |= more
    assert reached == {None, *Status}
    for status in OPEN:
        assert any(move.target in ENDED for move in TABLE.allowed(status)), status


def test_the_machine_ends_no_case_on_its_own() -> None:
    ends = {move.verb for move in TABLE.moves if Actor.WORKER in move.actors and move.target in ENDED}
    assert ends == {V.MERGE}
    # and that only where the identity of the request is proven
    assert guards.merge_is_founded(facts.MergeFacts(has_reason=False, duplicate_evident=False)) != ()
    assert guards.merge_is_founded(facts.MergeFacts(has_reason=False, duplicate_evident=True)) == ()


def test_a_supervisor_may_do_what_an_officer_may() -> None:
    for move in TABLE.moves:
        assert Actor.REVIEWER not in move.actors or Actor.SUPERVISOR in move.actors
    alone = {move.verb for move in TABLE.moves if move.actors == {Actor.SUPERVISOR}}
    assert alone == {V.REOPEN}


def test_every_open_state_has_its_deadline() -> None:
    assert TABLE.deadlines.keys() == set(OPEN)


@pytest.mark.parametrize("source", [None, *Status])
def test_the_rows_of_a_status_are_those_of_the_table_in_its_order(source: Status | None) -> None:
    rows = tuple(move for move in TABLE.moves if move.source == source)
    assert TABLE.allowed(source) == rows
    for actor in Actor:
        assert TABLE.allowed(source, actor) == tuple(move for move in rows if actor in move.actors)


def test_the_refusal_says_what_is_allowed() -> None:
    with pytest.raises(ConflictError) as refusal:
        TABLE.check_status(V.REPLY, S.MEDIATING, Actor.ENTERPRISE)
    assert refusal.value.detail == (
        "The case is MEDIATING: reply is not possible now. As ENTERPRISE you may: nothing at present."
    )
    assert refusal.value.members["case_status"] == "MEDIATING"
    assert {"verb": "propose", "to": "MEDIATION_PROPOSED", "by": ["REVIEWER", "SUPERVISOR"]} in (
        refusal.value.members["allowed"]
    )
    with pytest.raises(ConflictError, match=r"The case is WITHDRAWN: .* you may: nothing at present"):
        TABLE.check(V.ACCEPT, S.WITHDRAWN, Actor.REVIEWER)
    with pytest.raises(ConflictError, match=r"As REVIEWER you may: nothing"):
        TABLE.check_status(V.REOPEN, S.CLOSED, Actor.REVIEWER)
    with pytest.raises(ConflictError, match=r"CLOSED: that is for SUPERVISOR"):
        TABLE.check_status(V.REOPEN, S.CLOSED, Actor.REVIEWER)
    with pytest.raises(ConflictError, match=r"not received: accept is not possible now"):
        TABLE.check(V.ACCEPT, None, Actor.WORKER)


def test_the_conflicts_are_409() -> None:
    assert IllegalMoveError.status == 409
    assert ConditionsNotMetError.status == 409


def test_a_reopening_goes_where_the_case_had_come() -> None:
    with_reply, without = (facts.ReopeningFacts(has_reason=True, reply_seq=count) for count in (2, 0))
    assert TABLE.check(with_reply, S.CLOSED, Actor.SUPERVISOR).target is S.REPLIED
    assert TABLE.check(without, S.CLOSED, Actor.SUPERVISOR).target is S.ACCEPTED


def test_an_undone_merge_goes_back_to_where_the_case_stood_and_nowhere_else() -> None:
    same = facts.UnmergeFacts(has_reason=True, status_before=S.ACCEPTED, target=S.ACCEPTED)
    assert TABLE.check(same, S.MERGED, Actor.REVIEWER, target=S.ACCEPTED).target is S.ACCEPTED
    other = facts.UnmergeFacts(has_reason=True, status_before=S.ACCEPTED, target=S.REPLIED)
    with pytest.raises(ConditionsNotMetError):
        TABLE.check(other, S.MERGED, Actor.REVIEWER, target=S.REPLIED)
