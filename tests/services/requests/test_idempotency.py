"""Doing a thing once for its key: again it is answered as it was, and what failed or raced is not remembered."""

import asyncio
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from services.requests import idempotency
from services.requests.answers import KeyReusedError
from services.requests.idempotency import Result, StoredAnswer
from shared.database import Database

CLIENT, OTHER, CASE = uuid.UUID(int=1), uuid.UUID(int=2), uuid.UUID(int=7)


class Deed:
    """A deed that counts how often it was done, and says so in its answer."""

    def __init__(self) -> None:
        self.times = 0

    async def __call__(self, _connection: AsyncConnection) -> Result:
        """Do it once more."""
        self.times += 1
        return Result(7, CASE, f"done {self.times}".encode())


@pytest.fixture
def once(db: Database, run: Callable[[Any], Any]) -> Callable[..., StoredAnswer]:
    """Return a function that does a deed for a key."""

    def _once(
        deed: Any, key: str = "k", *, client: uuid.UUID = CLIENT, body: bytes = b"body"
    ) -> StoredAnswer:
        answer: StoredAnswer = run(idempotency.run_once(db, client, key, body, deed))
        return answer

    return _once


def test_the_same_request_again_does_nothing_and_is_answered_as_it_was(
    once: Callable[..., StoredAnswer],
) -> None:
    deed = Deed()
    assert once(deed) == StoredAnswer(b"done 1", replayed=False)
    assert once(deed) == once(deed) == StoredAnswer(b"done 1", replayed=True)
    assert deed.times == 1


def test_a_key_that_came_with_another_body_is_refused(once: Callable[..., StoredAnswer]) -> None:
    deed = Deed()
    once(deed)
    with pytest.raises(KeyReusedError):
        once(deed, body=b"other")
    assert deed.times == 1


def test_keys_are_each_clients_own(once: Callable[..., StoredAnswer]) -> None:
    deed = Deed()
    answers = [once(deed), once(deed, client=OTHER), once(deed, "k2")]
    assert [answer.replayed for answer in answers] == [False] * 3


def test_what_failed_may_be_tried_again_under_its_key(once: Callable[..., StoredAnswer]) -> None:
    async def _fail(_connection: AsyncConnection) -> Result:
        raise RuntimeError("no such case")

    with pytest.raises(RuntimeError):
        once(_fail)
    assert once(Deed()) == StoredAnswer(b"done 1", replayed=False)


def test_of_many_at_once_one_does_it_and_all_have_its_answer(
    db: Database, run: Callable[[Any], Any], ask: Callable[..., list[Any]]
) -> None:
    deed = Deed()

    async def _slow(connection: AsyncConnection) -> Result:
        result = await deed(connection)
        # all of them are under way before the first has stored its key
        await asyncio.sleep(0.05)
        return result

    async def _crowd() -> list[StoredAnswer]:
        return await asyncio.gather(
            *(idempotency.run_once(db, CLIENT, "k", b"body", _slow) for _ in range(4))
        )

    answers: list[StoredAnswer] = run(_crowd())
    assert len({answer.receipt for answer in answers}) == 1
    assert [answer.replayed for answer in answers].count(False) == 1
    assert ask("SELECT count(*) FROM request_key")[0][0] == 1
