"""How a case begins: in the status of its kind, by one statement with its event and deadlines; history with its outcome."""

from collections.abc import Callable
from typing import Any

import pytest

from services.cases import events, opening, stored_deadlines
from services.cases.opening import CaseInsert
from services.intake.preparation import Prepared
from services.rules.states.table import IllegalMoveError
from services.rules.states.verbs import Actor
from shared import bulk
from shared.vocabulary import Status

OUTCOME = {"closed_at": "2019-03-20T10:00:00+08:00", "close_reason": "SETTLED", "responsibility": "NONE"}


def test_a_case_begins_received_and_history_closed() -> None:
    assert opening.opening_status(Actor.INTAKE) is Status.RECEIVED
    assert opening.opening_status(Actor.IMPORT) is Status.CLOSED
    with pytest.raises(IllegalMoveError, match="not received"):
        opening.opening_status(Actor.REVIEWER)


def _open(connection: Any, insert: CaseInsert, *prepared: Prepared) -> Any:
    cases = [each.complaint | {"number": f"2026112701000000{place}"} for place, each in enumerate(prepared)]
    deadlines = [stored_deadlines.opening(row) for filing in prepared for row in filing.deadlines]
    parts = [
        insert(cases),
        events.additions(each.opened for each in prepared),
        stored_deadlines.additions(deadlines),
    ]
    return bulk.run_together(connection, parts)


def test_many_cases_are_one_statement(
    prepare: Callable[..., Prepared],
    in_transaction: Callable[..., Any],
    statements: Callable[[], Any],
    ask: Callable[..., list[Any]],
) -> None:
    with statements() as sent:
        in_transaction(lambda connection: _open(connection, opening.received, *(prepare() for _ in range(3))))
    assert len(sent) == 1
    [counted] = ask(
        "SELECT (SELECT count(*) FROM complaint) AS cases, (SELECT count(*) FROM case_event WHERE seq = 1) AS events, "
        "(SELECT count(*) FROM case_deadline WHERE round = 1 AND stopped_at IS NULL) AS deadlines"
    )
    assert tuple(counted) == (3, 3, 6)
    assert {row.status for row in ask("SELECT status FROM complaint")} == {"RECEIVED"}


def test_history_comes_with_outcome_and_place_and_no_deadline(
    prepare: Callable[..., Prepared], in_transaction: Callable[..., Any], ask: Callable[..., list[Any]]
) -> None:
    old = prepare(external_ref="h", received_at="2019-03-05T10:00:00+08:00", outcome=OUTCOME)
    in_transaction(lambda connection: _open(connection, opening.with_outcome, old))
    [case] = ask("SELECT * FROM complaint")
    assert (case.status, case.close_reason, case.handling_bureau) == ("CLOSED", "SETTLED", "C330100")
    assert (case.next_due_at, ask("SELECT 1 FROM case_deadline")) == (None, [])


def test_a_decided_case_is_inserted_with_its_decision_and_no_column_is_lost(
    prepare: Callable[..., Prepared],
) -> None:
    prepared = prepare()
    row = prepared.complaint | {"number": "1", "version": 2, "created_at": prepared.complaint["received_at"]}
    _, [inserted] = opening.decided([row])
    # what the decision did not reach is empty, and the status holds from the beginning
    assert (inserted["accepted_at"], inserted["forwarded_at"]) == (None, None)
    assert inserted["status_since"] == row["created_at"]
    with pytest.raises(ValueError, match="closed_at"):
        opening.decided([row | {"closed_at": row["created_at"]}])
