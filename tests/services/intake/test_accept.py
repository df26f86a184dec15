"""`accept_many`: everything of a filing or nothing, one filing never harms another, a fixed number of statements."""

import dataclasses
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager
from typing import Any

import pytest

from services.intake import accept
from services.intake.preparation import Prepared
from services.requests.answers import Accepted, Answer, KeyReusedError
from shared import serialisation
from shared.database import Database
from shared.errors import ShensuError, UnavailableError
from tests.services.intake.paths import TABLES, impossible

Prepare = Callable[..., Prepared]
Run = Callable[[Coroutine[Any, Any, Any]], Any]
Ask = Callable[..., list[Any]]
Statements = Callable[[], AbstractContextManager[list[str]]]


def _number(answer: Answer) -> str:
    assert isinstance(answer, Accepted), answer
    number: str = serialisation.from_text(answer.receipt)["number"]
    return number


@pytest.mark.parametrize("places", [(0,), (3,), (6,), (1, 2), (0, 6), tuple(range(7))])
def test_a_filing_that_the_database_refuses_fails_alone(
    places: tuple[int, ...],
    prepare: Prepare,
    file: Callable[..., list[Answer]],
    counts: Callable[[], dict[str, int]],
) -> None:
    prepared = [prepare() for _ in range(7)]
    for place in places:
        prepared[place] = impossible(prepared[place], scope="nowhere")
    answers = file(prepared)
    refused = [place for place, answer in enumerate(answers) if isinstance(answer, ShensuError)]
    assert refused == list(places)
    assert all(answers[place].status == 500 for place in refused)  # type: ignore[union-attr] # refused are errors
    assert counts() == dict.fromkeys(TABLES, 7 - len(places))
    # nothing of the refused ones was kept: corrected, the same key is taken
    assert not file([prepare(key) for key in (_plain_key(prepared[place]) for place in places)])[0].replayed  # type: ignore[union-attr] # an Accepted


def _plain_key(filing: Prepared) -> str:
    return filing.keys[0].removeprefix("key:")


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
    answers = file([impossible(prepare("k"), level="L9"), prepare("k"), prepare()])
    assert [isinstance(answer, Accepted) for answer in answers] == [False, True, True]
    assert counts()["complaint"] == 2


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
