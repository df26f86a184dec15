"""The writer: a case that was changed meanwhile is not overwritten, and one batch is a fixed number of statements."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, cast

import pytest

from services.cases import lookup, moves, writer
from services.cases.case_row import CaseRow
from services.cases.case_update import CaseUpdate
from services.cases.changes import CaseChange, NewEvent, WorkerContext
from services.cases.events import StaleCaseError
from services.intake.preparation import Prepared
from services.reference.data import ReferenceData
from services.rules.states.verbs import Actor, Verb
from shared.event_kinds import EventKind
from shared.vocabulary import DeadlineKind

Ask = Callable[..., list[Any]]
Case = Callable[[str], Any]
Apply = Callable[..., None]
InTransaction = Callable[..., Any]


@pytest.fixture
def stored(
    prepare: Callable[..., Prepared], store: Callable[[Sequence[Prepared]], list[str]]
) -> Callable[[int], list[str]]:
    """Return a function that files so many complaints; returns their numbers."""
    return lambda count: store([prepare() for _ in range(count)])


@pytest.fixture
def read(in_transaction: InTransaction) -> Callable[[str], CaseRow]:
    """Return a function that reads a case, as use cases do."""

    def _read(number: str) -> CaseRow:
        row: CaseRow = in_transaction(lambda connection: lookup.find(connection, number, ()))
        return row

    return _read


@pytest.fixture
def apply(in_transaction: InTransaction, reference: ReferenceData) -> Apply:
    """Return a function that writes changes in one transaction."""

    def _apply(*changes: CaseChange) -> None:
        in_transaction(lambda connection: writer.apply(connection, changes, WorkerContext(reference)))

    return _apply


def _note(case: CaseRow, *, events: int = 1, **columns: Any) -> CaseChange:
    return CaseChange(
        case=case,
        actor=Actor.WORKER,
        new_events=[NewEvent(EventKind.NOTE)] * events,
        columns=cast("CaseUpdate", columns),
    )


def test_a_case_that_was_changed_meanwhile_is_not_overwritten(
    stored: Callable[[int], list[str]], read: Callable[[str], CaseRow], apply: Apply, case_of: Case, ask: Ask
) -> None:
    [number] = stored(1)
    stale = read(number)
    ask("UPDATE complaint SET version = version + 1")
    with pytest.raises(StaleCaseError):
        apply(_note(stale, province="440000"))
    assert (case_of(number).province, ask("SELECT count(*) FROM case_event")[0][0]) == ("000000", 1)


def test_of_a_batch_with_one_stale_case_nothing_is_kept(
    stored: Callable[[int], list[str]], read: Callable[[str], CaseRow], apply: Apply, case_of: Case
) -> None:
    numbers = stored(3)
    cases = [read(number) for number in numbers]
    apply(_note(cases[1]))
    with pytest.raises(StaleCaseError):
        apply(*(_note(case, outlet="O1") for case in cases))
    assert {case_of(number).outlet for number in numbers} == {None}
    assert [case_of(number).version for number in numbers] == [1, 2, 1]
    # what was read again is written
    apply(*(_note(read(number), outlet="O1") for number in numbers))
    assert {case_of(number).outlet for number in numbers} == {"O1"}


def test_the_version_is_the_number_of_the_latest_event_and_the_nearest_deadline_is_kept(
    stored: Callable[[int], list[str]],
    read: Callable[[str], CaseRow],
    apply: Apply,
    case_of: Case,
    deadlines_of: Case,
    events_of: Case,
) -> None:
    [number] = stored(1)
    case = read(number)
    move = moves.check(case, Verb.ACCEPT, Actor.WORKER)
    apply(
        CaseChange(
            case=case,
            actor=Actor.WORKER,
            new_events=[NewEvent(EventKind.NOTE), NewEvent(EventKind.ACCEPTED)],
            move=move,
        )
    )
    written = case_of(number)
    assert (written.status, written.version) == ("ACCEPTED", 3)
    assert [event.seq for event in events_of(number)] == [1, 2, 3]
    running = [each.due_at for each in deadlines_of(number).values() if each.stopped_at is None]
    assert written.next_due_at == min(running)
    assert deadlines_of(number)["acceptance"].outcome == "MET"


def test_the_number_of_statements_does_not_grow_with_the_batch(
    stored: Callable[[int], list[str]],
    read: Callable[[str], CaseRow],
    apply: Apply,
    statements: Callable[[], Any],
) -> None:
    sent = []
    for size in (1, 5, 20):
        changes = [_note(read(number), outlet="O1") for number in stored(size)]
        with statements() as listened:
            apply(*changes)
        sent.append(len(listened))
    assert len(set(sent)) == 1
    assert sent[0] <= 3


def test_no_changes_are_no_statements(apply: Apply, statements: Callable[[], Any]) -> None:
    with statements() as sent:
        apply()
    assert sent == []


def test_the_nearest_deadline_is_looked_for_where_deadlines_move_alone(
    stored: Callable[[int], list[str]],
    read: Callable[[str], CaseRow],
    apply: Apply,
    case_of: Case,
    ask: Ask,
) -> None:
    kept, moved, noted = stored(3)
    ask("UPDATE complaint SET next_due_at = NULL")
    apply(
        replace(_note(read(kept)), keeps_deadlines=True),
        # a deadline that the change ends is reason enough
        replace(_note(read(moved)), keeps_deadlines=True, stops=[DeadlineKind.ACCEPTANCE]),
        _note(read(noted)),
    )
    assert case_of(kept).next_due_at is None
    assert case_of(moved).next_due_at is not None
    assert case_of(noted).next_due_at is not None
