"""Cases that an officer accepted go to their enterprises, once; one whose respondent nobody knows waits for an officer."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from services.cases import lookup, moves, writer
from services.cases.changes import CaseChange, NewEvent, WorkerContext
from services.intake.preparation import Prepared
from services.reference.data import ReferenceData
from services.routing import forward
from services.rules.states.verbs import Actor, Verb
from services.tasks import queue
from shared.database import Database
from shared.event_kinds import EventKind

Ask = Callable[..., list[Any]]
Case = Callable[[str], Any]


@pytest.fixture
def accepted(
    prepare: Callable[..., Prepared],
    store: Callable[[Sequence[Prepared]], list[str]],
    route_all: Callable[..., int],
    cautious: ReferenceData,
    in_transaction: Callable[..., Any],
) -> Callable[..., list[str]]:
    """Return a function that files so many complaints, which an officer accepts."""

    async def _accept(connection: AsyncConnection, numbers: Sequence[str]) -> None:
        cases = [await lookup.find(connection, number, ()) for number in numbers]
        changes = [
            CaseChange(
                case=case,
                actor=Actor.REVIEWER,
                new_events=[NewEvent(EventKind.ACCEPTED)],
                move=moves.check(case, Verb.ACCEPT, Actor.REVIEWER),
            )
            for case in cases
        ]
        task = queue.additions([queue.row(case.bucket, queue.FORWARD, case.id) for case in cases])
        await writer.apply(connection, changes, WorkerContext(cautious), also=[task])

    def _accepted(count: int = 1, **changes: Any) -> list[str]:
        numbers = store([prepare(**changes) for _ in range(count)])
        route_all(by=cautious)
        in_transaction(lambda connection: _accept(connection, numbers))
        return numbers

    return _accepted


@pytest.fixture
def forward_all(db: Database, run: Callable[[Any], Any], reference: ReferenceData) -> Callable[[], int]:
    """Return a function that forwards a batch; returns how many tasks it took."""
    return lambda: int(run(forward.forward_batch(db, reference, size=100, lease=timedelta(minutes=5))))


def test_the_case_moves_the_deadline_starts_and_the_notice_lies_in_the_feed(
    accepted: Callable[..., list[str]],
    forward_all: Callable[[], int],
    case_of: Case,
    deadlines_of: Callable[[str], Any],
    ask: Ask,
) -> None:
    [number] = accepted()
    assert (forward_all(), forward_all()) == (1, 0)
    case, deadlines = case_of(number), deadlines_of(number)
    assert (case.status, case.forwarded_at is not None) == ("FORWARDED", True)
    assert (deadlines["forward"].outcome, deadlines["enterprise_reply"].stopped_at) == ("MET", None)
    [entry] = ask("SELECT audience, type, data FROM feed_entry")
    assert (entry.audience, entry.type, entry.data["number"]) == ("carrier:ZTO", "case.forwarded", number)
    assert entry.data["reply_due_at"]


def test_a_respondent_that_is_not_known_is_left_to_an_officer(
    accepted: Callable[..., list[str]],
    forward_all: Callable[[], int],
    case_of: Case,
    ask: Ask,
) -> None:
    [number] = accepted()
    ask("UPDATE complaint SET carrier_code = ''")
    assert forward_all() == 1
    assert case_of(number).status == "ACCEPTED"
    waits = ask("SELECT data FROM case_event WHERE kind = 'WAITS_FOR_OFFICER' ORDER BY seq DESC LIMIT 1")
    assert waits == [({"reason_code": "respondent-unknown", "bureau": "C330100"},)]
    assert ask("SELECT 1 FROM feed_entry") == []


def test_a_case_that_an_officer_forwarded_meanwhile_is_not_forwarded_again(
    accepted: Callable[..., list[str]], forward_all: Callable[[], int], case_of: Case, ask: Ask
) -> None:
    [number] = accepted()
    ask("UPDATE complaint SET status = 'FORWARDED'")
    before = case_of(number)
    assert forward_all() == 1
    assert case_of(number) == before
    # it is done, and not tried again
    assert ask("SELECT 1 FROM feed_entry") == ask("SELECT 1 FROM task") == []


def test_a_batch_is_a_fixed_number_of_statements(
    accepted: Callable[..., list[str]], forward_all: Callable[[], int], statements: Callable[[], Any]
) -> None:
    sent = []
    for size in (1, 12):
        accepted(size)
        with statements() as listened:
            assert forward_all() == size
        sent.append(len(listened))
    assert sent[0] == sent[1] <= 8
