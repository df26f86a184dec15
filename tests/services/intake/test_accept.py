"""`accept_many`: everything of a filing or nothing, one filing never harms another, a fixed number of statements."""

import asyncio
import dataclasses
import uuid
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AbstractContextManager
from typing import Any

import pytest

from services.cases import parties
from services.intake import accept
from services.intake.preparation import IntakeContext, Prepared
from services.requests.answers import Accepted, Answer, KeyReusedError
from shared import ids, serialisation
from shared.database import Database
from shared.errors import ShensuError, UnavailableError

Prepare = Callable[..., Prepared]
Run = Callable[[Coroutine[Any, Any, Any]], Any]
Ask = Callable[..., list[Any]]
Statements = Callable[[], AbstractContextManager[list[str]]]
TABLES = ("complaint", "complaint_party", "case_event", "request_key", "task")


@pytest.fixture
def file(db: Database, run: Run) -> Callable[[Sequence[Prepared]], list[Answer]]:
    """Return accept_many, run to its end."""

    def _file(prepared: Sequence[Prepared]) -> list[Answer]:
        answers: list[Answer] = run(accept.accept_many(db, prepared))
        return answers

    return _file


@pytest.fixture
def counts(ask: Ask) -> Callable[[], dict[str, int]]:
    """Return a function that counts the rows of each table that a filing writes."""
    return lambda: {table: ask(f"SELECT count(*) FROM {table}")[0][0] for table in TABLES}


def _number(answer: Answer) -> str:
    assert isinstance(answer, Accepted), answer
    number: str = serialisation.from_text(answer.receipt)["number"]
    return number


def _impossible(one: Prepared, **columns: Any) -> Prepared:
    """Return a filing that the database refuses."""
    return dataclasses.replace(one, complaint=one.complaint | columns)


def test_all_rows_of_a_filing_stand_together(
    prepare: Prepare, file: Callable[..., list[Answer]], counts: Callable[[], dict[str, int]], ask: Ask
) -> None:
    one = prepare(external_ref="a-1", item={"waybill": "75123456789012"})
    [answer] = file([one])
    number = _number(answer)
    assert counts() == dict.fromkeys(TABLES, 1)
    [row] = ask("SELECT * FROM complaint")
    assert (row.number, row.bucket, row.id, row.status, row.version) == (
        number,
        one.bucket,
        one.complaint_id,
        "RECEIVED",
        1,
    )
    assert ids.bucket_of_number(number) == one.bucket == ids.bucket_of(one.client_id, "ref:a-1")
    [event] = ask("SELECT * FROM case_event")
    assert (event.complaint_id, event.seq, event.kind, event.actor) == (
        one.complaint_id,
        1,
        "RECEIVED",
        "INTAKE",
    )
    [task] = ask("SELECT * FROM task")
    assert (task.subject_id, task.bucket, task.kind, task.state) == (
        one.complaint_id,
        one.bucket,
        "route",
        "ready",
    )
    assert ask("SELECT count(*) FROM dirty_day")[0][0] == 1


def test_the_sealed_record_opens_for_its_own_row_only(
    prepare: Prepare, file: Callable[..., list[Answer]], ask: Ask, intake_context: IntakeContext
) -> None:
    file([prepare(), prepare()])
    first, second = ask("SELECT complaint_id, sealed FROM complaint_party ORDER BY complaint_id")
    content = parties.open_record(first.sealed, intake_context.ring, first.complaint_id)
    assert content["complainant"]["phone"] == "+8613800138000"
    with pytest.raises(Exception, match="altered or moved"):
        parties.open_record(first.sealed, intake_context.ring, second.complaint_id)


@pytest.mark.parametrize("places", [(0,), (3,), (6,), (1, 2), (0, 6), tuple(range(7))])
def test_a_filing_that_the_database_refuses_fails_alone(
    places: tuple[int, ...],
    prepare: Prepare,
    file: Callable[..., list[Answer]],
    counts: Callable[[], dict[str, int]],
) -> None:
    prepared = [prepare() for _ in range(7)]
    for place in places:
        prepared[place] = _impossible(prepared[place], scope="nowhere")
    answers = file(prepared)
    refused = [place for place, answer in enumerate(answers) if isinstance(answer, ShensuError)]
    assert refused == list(places)
    assert all(answers[place].status == 500 for place in refused)  # type: ignore[union-attr] # refused are errors
    assert counts() == dict.fromkeys(TABLES, 7 - len(places))
    # nothing of the refused ones was kept: corrected, the same key is taken
    assert not file([prepare(key) for key in (_plain_key(prepared[place]) for place in places)])[0].replayed  # type: ignore[union-attr] # an Accepted


def _plain_key(one: Prepared) -> str:
    return one.keys[0].removeprefix("key:")


def test_two_filings_of_one_row_identity_do_not_overwrite_each_other(
    prepare: Prepare, file: Callable[..., list[Answer]], counts: Callable[[], dict[str, int]]
) -> None:
    first = prepare()
    twin = dataclasses.replace(prepare(), complaint_id=first.complaint_id)
    twin = dataclasses.replace(twin, bucket=first.bucket, complaint=first.complaint, party=first.party)
    _number(file([first])[0])
    [answer] = file([twin])
    assert isinstance(answer, ShensuError)
    assert counts() == dict.fromkeys(TABLES, 1)


def test_followers_get_the_leaders_answer(
    prepare: Prepare, file: Callable[..., list[Answer]], counts: Callable[[], dict[str, int]]
) -> None:
    answers = file([prepare("k"), prepare("other"), prepare("k"), prepare("k", cause="anders"), prepare("k")])
    assert isinstance(answers[3], KeyReusedError)
    numbers = [_number(answers[place]) for place in (0, 2, 4)]
    assert len(set(numbers)) == 1
    assert [answers[place].replayed for place in (0, 1, 2, 4)] == [False, False, True, True]  # type: ignore[union-attr] # all Accepted
    assert counts()["complaint"] == 2


def test_what_is_refused_of_one_is_not_refused_of_its_repetition(
    prepare: Prepare, file: Callable[..., list[Answer]], counts: Callable[[], dict[str, int]]
) -> None:
    answers = file([_impossible(prepare("k"), level="L9"), prepare("k"), prepare()])
    assert [isinstance(answer, Accepted) for answer in answers] == [False, True, True]
    assert counts()["complaint"] == 2


def test_of_two_keys_one_may_be_known_and_the_other_new(
    prepare: Prepare, file: Callable[..., list[Answer]], ask: Ask
) -> None:
    [first] = file([prepare("k1", external_ref="r1")])
    by_ref, by_key, apart = file(
        [
            prepare("k2", external_ref="r1"),
            prepare("k1", external_ref="r2"),
            prepare("k3", external_ref="r3"),
        ]
    )
    assert (_number(by_ref), by_ref.replayed) == (_number(first), True)  # type: ignore[union-attr] # an Accepted
    assert isinstance(by_key, KeyReusedError)
    assert _number(apart) != _number(first)
    # the keys that were free beside a known one are free again
    assert {row.key for row in ask("SELECT key FROM request_key")} == {"ref:r1", "key:k1", "ref:r3", "key:k3"}


def test_keys_that_belong_to_two_complaints_are_refused(
    prepare: Prepare, file: Callable[..., list[Answer]]
) -> None:
    file([prepare("k1"), prepare(external_ref="r1")])
    [answer] = file([prepare("k1", external_ref="r1")])
    assert isinstance(answer, KeyReusedError)


def test_concurrent_calls_make_one_complaint_of_a_key(
    db: Database, run: Run, prepare: Prepare, counts: Callable[[], dict[str, int]]
) -> None:
    calls = [
        [prepare(key) for key in keys] for keys in (["a", "b", "c"], ["c", "b", "a"], ["b", "c", "d"]) * 4
    ]

    async def _at_once() -> list[list[Answer]]:
        return await asyncio.gather(*(accept.accept_many(db, call) for call in calls))

    answers = [answer for call in run(_at_once()) for answer in call]
    assert len({_number(answer) for answer in answers}) == 4
    assert sum(not answer.replayed for answer in answers) == 4
    assert counts() == dict.fromkeys(TABLES, 4)


def test_the_number_of_statements_does_not_grow_with_the_batch(
    prepare: Prepare, file: Callable[..., list[Answer]], statements: Statements
) -> None:
    sent: dict[int, int] = {}
    for size in (1, 7, 60):
        batch = [prepare() for _ in range(size)]
        with statements() as listened:
            file(batch)
        sent[size] = len(listened)
        with statements() as listened:
            assert all(answer.replayed for answer in file(batch))  # type: ignore[union-attr] # all Accepted
        sent[-size] = len(listened)
    assert len({sent[size] for size in (1, 7, 60)}) == 1
    assert len({sent[-size] for size in (1, 7, 60)}) == 1
    assert max(sent.values()) <= 8


def test_a_database_that_is_away_is_said_to_be_and_nothing_else_happens(prepare: Prepare, run: Run) -> None:
    away = Database.connect("postgresql+asyncpg://nobody:x@127.0.0.1:1/none", pool_size=1)
    [answer] = run(accept.accept_many(away, [prepare()]))
    assert isinstance(answer, UnavailableError)
    assert answer.retryable
    assert answer.retry_after
    run(away.close())


def test_nothing_is_nothing(file: Callable[..., list[Answer]]) -> None:
    assert file([]) == []


def test_numbers_are_well_formed_and_each_its_own(
    prepare: Prepare, file: Callable[..., list[Answer]]
) -> None:
    numbers = [_number(answer) for answer in file([prepare(uuid.uuid4().hex) for _ in range(200)])]
    assert len(set(numbers)) == 200
    assert all(ids.is_complaint_number(number) for number in numbers)
    assert len({ids.bucket_of_number(number) for number in numbers}) > 30
