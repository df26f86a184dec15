"""Group commit: requests that arrive together share a commit; a fault answers all; the end waits for those in hand."""

import asyncio
import uuid
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy import text

from intake_api.http import group_commit as module
from intake_api.http.group_commit import GroupCommit
from services.access import data_keys
from services.access.clients import Caller
from services.intake import preparation
from services.intake.fast_path import FastPath
from services.intake.filing import Filing as Form
from services.intake.preparation import IntakeContext, Prepared
from services.reference.cache import ReferenceCache
from services.requests.answers import Accepted
from shared import clock, serialisation
from shared.database import Database
from shared.errors import InternalError, UnavailableError
from shared.privacy.keyring import KeyFile

Filing = Callable[..., dict[str, Any]]
Run = Callable[[Coroutine[Any, Any, Any]], Any]
CALLER = Caller(uuid.uuid4(), "tests", "portal", frozenset(), None, None, None, 1_000)


@pytest.fixture
def prepared(db: Database, run: Run, key_file: KeyFile, filing: Filing) -> list[Prepared]:
    """Return filings that are ready to be stored."""

    async def _prepare() -> list[Prepared]:
        context = IntakeContext(
            CALLER, await ReferenceCache(db).reference(), await data_keys.ring(db, key_file), clock.now()
        )
        form = Form.model_validate_json(serialisation.to_bytes(filing()))
        return [preparation.prepare(form, context, uuid.uuid4().hex) for _ in range(40)]

    return list(run(_prepare()))


def _fast_path(db: Database) -> FastPath:
    return FastPath(db, ReferenceCache(db).reference)


def test_a_crowd_shares_its_commits(db: Database, run: Run, prepared: list[Prepared]) -> None:
    async def _crowd() -> tuple[int, list[Accepted]]:
        commits: list[None] = []
        group_commit = GroupCommit(db, fast_path=_fast_path(db), on_commit=lambda _: commits.append(None))
        group_commit.start()
        answers = await asyncio.gather(*(group_commit.accept(filing) for filing in prepared))
        await group_commit.close()
        return len(commits), answers

    commits, answers = run(_crowd())
    assert commits <= 3
    assert len({serialisation.from_text(answer.receipt)["number"] for answer in answers}) == len(prepared)


def test_the_end_waits_for_what_is_in_hand(db: Database, run: Run, prepared: list[Prepared]) -> None:
    async def _close_while_writing() -> tuple[bool, Accepted]:
        group_commit = GroupCommit(db, fast_path=_fast_path(db), on_commit=lambda _: None)
        group_commit.start()
        async with db.transaction() as blocker:
            await blocker.execute(text("LOCK TABLE request_key IN EXCLUSIVE MODE"))
            accepting = asyncio.create_task(group_commit.accept(prepared[0]))
            await asyncio.sleep(0.2)
            closing = asyncio.create_task(group_commit.close())
            await asyncio.sleep(0.2)
            ended_early = closing.done()
        await closing
        return ended_early, await accepting

    ended_early, answer = run(_close_while_writing())
    assert not ended_early
    assert not answer.replayed


def test_a_fault_of_ours_answers_everybody_and_the_next_is_stored(
    db: Database, run: Run, prepared: list[Prepared]
) -> None:
    class _Failing:
        def transaction(self) -> Any:
            raise RuntimeError("a fault that nobody foresaw")

    async def _go() -> tuple[list[Any], Accepted]:
        group_commit = GroupCommit(_Failing(), fast_path=None, on_commit=lambda _: None)  # type: ignore[arg-type] # stands for a database
        group_commit.start()
        failed = await asyncio.gather(
            *(group_commit.accept(filing) for filing in prepared[:5]), return_exceptions=True
        )
        group_commit._db = db
        return failed, await group_commit.accept(prepared[0])

    failed, answer = run(_go())
    assert [type(error) for error in failed] == [InternalError] * 5
    assert not answer.replayed


def test_more_than_can_wait_are_sent_away(
    db: Database, run: Run, prepared: list[Prepared], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 3)

    async def _go() -> list[Any]:
        group_commit = GroupCommit(db, fast_path=_fast_path(db), on_commit=lambda _: None)
        waiting = [asyncio.create_task(group_commit.accept(filing)) for filing in prepared[:3]]
        await asyncio.sleep(0)
        with pytest.raises(UnavailableError) as refused:
            await group_commit.accept(prepared[3])
        assert refused.value.retry_after
        group_commit.start()
        answers = await asyncio.gather(*waiting)
        await group_commit.close()
        return answers

    assert len(run(_go())) == 3
