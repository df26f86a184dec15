"""The state table: what may move, by whom, and what is said when it may not."""

import itertools

import pytest

from services.rules import workflow
from services.rules.workflow import Actor
from shared.errors import ConflictError
from shared.vocabulary import Status


@pytest.mark.parametrize("move", workflow.MOVES)
def test_every_row_is_a_legal_move_with_a_reason(move: workflow.Move) -> None:
    assert workflow.check_move(move.source, move.target, move.actor) is move
    assert move.reason


def test_what_is_not_in_the_table_is_refused() -> None:
    rows = {(move.source, move.target, move.actor) for move in workflow.MOVES}
    asked = set(itertools.product((None, *Status), Status, Actor))
    for source, target, actor in asked - rows:
        with pytest.raises(workflow.IllegalMoveError):
            workflow.check_move(source, target, actor)
    assert len(rows) == len(workflow.MOVES)


def test_allowed_moves() -> None:
    assert workflow.allowed(None) == (Status.RECEIVED, Status.CLOSED)
    assert workflow.allowed(Status.RECEIVED) == (Status.ACCEPTED,)
    assert workflow.allowed(Status.CLOSED) == ()


def test_the_refusal_says_what_is_allowed() -> None:
    with pytest.raises(ConflictError) as refusal:
        workflow.check_move(Status.RECEIVED, Status.ACCEPTED, Actor.IMPORT)
    assert refusal.value.detail == (
        "status RECEIVED; allowed: ACCEPTED by WORKER, ACCEPTED by REVIEWER; asked: ACCEPTED by IMPORT"
    )
    with pytest.raises(ConflictError, match="status CLOSED; allowed: nothing"):
        workflow.check_move(Status.CLOSED, Status.ACCEPTED, Actor.WORKER)
    with pytest.raises(ConflictError, match="status none; allowed: RECEIVED by INTAKE, CLOSED by IMPORT"):
        workflow.check_move(None, Status.ACCEPTED, Actor.WORKER)


def test_the_conflict_is_409() -> None:
    assert workflow.IllegalMoveError.status == 409
