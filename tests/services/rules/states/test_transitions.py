"""The state table: what may move, by whom, on which condition, and what is said when it may not."""

import itertools

import pytest

from services.rules.states import guards, transitions
from services.rules.states.guards import Known
from services.rules.states.transitions import Actor, Verb
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
REASON = Known(reason_given=True)
ENOUGH = {
    V.ASK_SUPPLEMENT: Known(asked_for=("request",)),
    V.REFUSE: Known(reason_given=True, refusal_ground=RefusalGround.TIME_BARRED, legal_basis="art. 9(6)"),
    V.FORWARD: Known(respondent_in_scope=True),
    V.REWORK: Known(reason_given=True, rework_ground=ReworkGround.ACCOUNT_DIFFERS),
    V.MEDIATE: Known(user_consents=True, enterprise_consents=True),
    V.PROPOSE: REASON,
    V.CONCLUDE: Known(
        user_answered=True,
        enterprise_answered=True,
        consent_withdrawn=True,
        user_reached=True,
        close_reason=CloseReason.MEDIATION_FAILED,
        responsibility=Responsibility.NONE,
    ),
    V.CLOSE: Known(
        user_reached=True,
        account_matches=True,
        settlement_lawful=True,
        close_reason=CloseReason.SETTLED,
        responsibility=Responsibility.ENTERPRISE,
        responsible_unit="杭州西湖网点",
    ),
    V.CLOSE_UNANSWERED: Known(
        enterprise_overdue=True, close_reason=CloseReason.OTHER, responsibility=Responsibility.UNDETERMINED
    ),
    V.CLOSE_OTHER_PROCEDURE: Known(
        procedure_named=True,
        close_reason=CloseReason.IN_OTHER_PROCEDURE,
        responsibility=Responsibility.UNDETERMINED,
    ),
    V.WITHDRAW: REASON,
    V.TRANSFER: Known(reason_given=True, office_named=True),
    V.MERGE: REASON,
}
"""What a request has to say, by verb, so that its guard is content."""


def _enough(move: transitions.Move) -> Known:
    if move.verb is V.UNMERGE:
        return Known(reason_given=True, stood_at=move.target, going_to=move.target)
    if move.verb is V.REOPEN:
        return Known(reason_given=True, reply_seq=int(move.target is S.REPLIED))
    return ENOUGH.get(move.verb, Known())


@pytest.mark.parametrize(
    "move", transitions.MOVES, ids=lambda move: f"{move.verb}-{move.source}-{move.target}"
)
def test_every_row_is_a_legal_move_with_a_reason(move: transitions.Move) -> None:
    for actor in move.actors:
        assert transitions.check(move.verb, move.source, actor, _enough(move), target=move.target) is move
    assert move.reason


def test_what_is_not_in_the_table_is_refused() -> None:
    rows = {(move.verb, move.source, actor) for move in transitions.MOVES for actor in move.actors}
    asked = set(itertools.product(Verb, (None, *Status), Actor))
    for verb, source, actor in asked - rows:
        with pytest.raises(transitions.IllegalMoveError):
            transitions.check(verb, source, actor)
    keys = [(move.verb, move.source, move.target) for move in transitions.MOVES]
    assert len(set(keys)) == len(keys)


def test_every_state_can_be_reached_and_every_open_one_left_to_an_end() -> None:
    reached: set[Status | None] = {None}
    while more := {move.target for move in transitions.MOVES if move.source in reached} - reached:
        reached |= more
    assert reached == {None, *Status}
    for status in OPEN:
        assert any(move.target in ENDED for move in transitions.allowed(status)), status


def test_the_machine_ends_no_case_on_its_own() -> None:
    ends = {move.verb for move in transitions.MOVES if Actor.WORKER in move.actors and move.target in ENDED}
    assert ends == {V.MERGE}
    # and that only where the identity of the request is proven
    assert guards.merge_is_founded(Known()) != ()
    assert guards.merge_is_founded(Known(duplicate_evident=True)) == ()


def test_a_supervisor_may_do_what_an_officer_may() -> None:
    for move in transitions.MOVES:
        assert Actor.REVIEWER not in move.actors or Actor.SUPERVISOR in move.actors
    alone = {move.verb for move in transitions.MOVES if move.actors == {Actor.SUPERVISOR}}
    assert alone == {V.REOPEN}


def test_every_open_state_has_its_limit() -> None:
    assert transitions.STATE_DEADLINES.keys() == set(OPEN)


def test_the_refusal_says_what_is_allowed() -> None:
    with pytest.raises(ConflictError) as refusal:
        transitions.check(V.REPLY, S.MEDIATING, Actor.ENTERPRISE)
    assert refusal.value.detail == (
        "The case is MEDIATING: reply is not possible now. As ENTERPRISE you may: nothing at present."
    )
    assert refusal.value.members["case_status"] == "MEDIATING"
    assert {"verb": "propose", "to": "MEDIATION_PROPOSED", "by": ["REVIEWER", "SUPERVISOR"]} in (
        refusal.value.members["allowed"]
    )
    with pytest.raises(ConflictError, match=r"The case is WITHDRAWN: .* you may: nothing at present"):
        transitions.check(V.ACCEPT, S.WITHDRAWN, Actor.REVIEWER)
    with pytest.raises(ConflictError, match=r"As REVIEWER you may: nothing"):
        transitions.check(V.REOPEN, S.CLOSED, Actor.REVIEWER)
    with pytest.raises(ConflictError, match=r"CLOSED: that is for SUPERVISOR"):
        transitions.check(V.REOPEN, S.CLOSED, Actor.REVIEWER)
    with pytest.raises(ConflictError, match=r"not received: accept is not possible now"):
        transitions.check(V.ACCEPT, None, Actor.WORKER)


def test_the_conflicts_are_409() -> None:
    assert transitions.IllegalMoveError.status == 409
    assert transitions.ConditionsNotMetError.status == 409


def test_a_reopening_goes_where_the_case_had_come() -> None:
    with_reply, without = (Known(reason_given=True, reply_seq=count) for count in (2, 0))
    assert transitions.check(V.REOPEN, S.CLOSED, Actor.SUPERVISOR, with_reply).target is S.REPLIED
    assert transitions.check(V.REOPEN, S.CLOSED, Actor.SUPERVISOR, without).target is S.ACCEPTED


def test_an_undone_merge_goes_back_to_where_the_case_stood_and_nowhere_else() -> None:
    known = Known(reason_given=True, stood_at=S.ACCEPTED, going_to=S.ACCEPTED)
    assert (
        transitions.check(V.UNMERGE, S.MERGED, Actor.REVIEWER, known, target=S.ACCEPTED).target is S.ACCEPTED
    )
    other = Known(reason_given=True, stood_at=S.ACCEPTED, going_to=S.REPLIED)
    with pytest.raises(transitions.ConditionsNotMetError):
        transitions.check(V.UNMERGE, S.MERGED, Actor.REVIEWER, other, target=S.REPLIED)
