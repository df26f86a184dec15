"""Replies as they are stored: each enterprise reads its own, and what was written opens for its own reply only."""

from collections.abc import Callable
from typing import Any

import pytest

from services.carriers import stored_replies
from services.carriers.replies import Received
from services.cases.changes import KeyedContext
from shared.database import Database
from shared.errors import NotFoundError

Make = Callable[..., str]
Reply = Callable[..., Received]
Ask = Callable[..., list[Any]]
Run = Callable[[Any], Any]


def test_what_the_enterprise_writes_is_sealed(
    forwarded: Make, reply: Reply, ask: Ask, db: Database, run: Run, context: KeyedContext
) -> None:
    number = forwarded()
    reply(number)
    dump = str(ask("SELECT r::text FROM reply r UNION ALL SELECT e::text FROM case_event e"))
    assert "快递员未联系收件人" not in dump
    assert "已向用户致歉" not in dump
    assert "电话联系" not in dump
    [shown] = run(stored_replies.listed(db, "ZTO", number, context.ring))
    assert (shown["facts"], shown["contact_log"]) == (
        "快递员未联系收件人即签收。",
        "1月5日电话联系，用户接受。",
    )
    assert (shown["responsible_link"], shown["compensation_fen"], shown["missing"]) == ("DELIVERY", 5000, [])


def test_an_enterprise_reads_its_own_replies_only(
    forwarded: Make, reply: Reply, ask: Ask, db: Database, run: Run, context: KeyedContext
) -> None:
    number = forwarded()
    reply(number, facts=None)
    # the officer named another respondent: what the first one wrote is not for the second
    ask("UPDATE complaint SET carrier_code = 'YTO'")
    assert run(stored_replies.listed(db, "YTO", number, context.ring)) == []
    with pytest.raises(NotFoundError):
        run(stored_replies.listed(db, "ZTO", number, context.ring))
