"""What operators did stands in the transaction of the deed: with it, or not at all."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from services import audit
from shared import clock

ENTRIES = "SELECT actor, act, subject, data, at FROM audit_entry"


async def _record(connection: AsyncConnection) -> None:
    await audit.record(connection, actor="anna", act="client.revoke", subject="k1", data={"scopes": ["a"]})


def test_an_entry_says_who_did_what_to_what_and_when(
    in_transaction: Callable[..., Any], ask: Callable[..., list[Any]]
) -> None:
    in_transaction(_record)
    [entry] = ask(ENTRIES)
    assert tuple(entry)[:4] == ("anna", "client.revoke", "k1", {"scopes": ["a"]})
    assert abs((clock.now() - entry.at).total_seconds()) < 60


def test_of_a_deed_that_failed_there_is_no_entry(
    in_transaction: Callable[..., Any], ask: Callable[..., list[Any]]
) -> None:
    async def _fail(connection: AsyncConnection) -> None:
        await _record(connection)
        raise RuntimeError("the deed failed")

    with pytest.raises(RuntimeError):
        in_transaction(_fail)
    assert ask(ENTRIES) == []
