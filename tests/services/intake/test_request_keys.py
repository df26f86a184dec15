"""Request keys: each belongs to one complaint, whoever sends it, and however many send it at once."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from services.intake import accept
from services.intake.preparation import Prepared
from services.requests.answers import Answer, KeyReusedError
from shared.database import Database
from tests.services.intake.paths import TABLES, numbers_of

Prepare = Callable[..., Prepared]
Run = Callable[[Coroutine[Any, Any, Any]], Any]
Ask = Callable[..., list[Any]]
File = Callable[..., list[Answer]]


def test_of_two_keys_one_may_be_known_and_the_other_new(prepare: Prepare, file: File, ask: Ask) -> None:
    [first] = file([prepare("k1", external_ref="r1")])
    by_ref, by_key, apart = file(
        [
            prepare("k2", external_ref="r1"),
            prepare("k1", external_ref="r2"),
            prepare("k3", external_ref="r3"),
        ]
    )
    assert (numbers_of([by_ref])[0], by_ref.replayed) == (numbers_of([first])[0], True)  # type: ignore[union-attr] # an Accepted
    assert isinstance(by_key, KeyReusedError)
    assert numbers_of([apart])[0] != numbers_of([first])[0]
    # the keys that were free beside a known one are free again
    assert {row.key for row in ask("SELECT key FROM request_key")} == {"ref:r1", "key:k1", "ref:r3", "key:k3"}


def test_keys_that_belong_to_two_complaints_are_refused(prepare: Prepare, file: File) -> None:
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
    assert len({numbers_of([answer])[0] for answer in answers}) == 4
    assert sum(not answer.replayed for answer in answers) == 4
    assert counts() == dict.fromkeys(TABLES, 4)
