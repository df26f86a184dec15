"""The exchange by the command line: addresses and secrets, messages that died, a feed after a restore."""

import json
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from shared.database import Database
from tests import messages
from tests.receiver import Receiver, Reply

Run = Callable[[Coroutine[Any, Any, Any]], Any]
Ops = Callable[..., Any]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Return a receiver that listens and takes everything."""
    with Receiver() as receiver:
        yield receiver


def test_the_life_of_an_address(ops: Ops, receiver: Receiver) -> None:
    made = ops("endpoint", "register", "carrier:ZTO", receiver.url)
    assert made["secret"].startswith("whsec_")
    assert "carrier:ZTO has an address already" in ops(
        "endpoint", "register", "carrier:ZTO", receiver.url, code=1
    )
    assert ops("endpoint", "test", "carrier:ZTO")["taken"] is True
    receiver.answering = lambda _got: Reply(500)
    assert ops("endpoint", "test", "carrier:ZTO", code=1) == {
        "audience": "carrier:ZTO",
        "taken": False,
        "status": 500,
        "error": None,
    }
    rotated = ops("endpoint", "rotate", "carrier:ZTO", "--hours", "1")
    assert rotated["secret"] != made["secret"]
    ops("endpoint", "disable", "carrier:ZTO", "--reason", "maintenance")
    [shown] = ops("endpoint", "list")
    assert (shown["state"], shown["disabled_reason"]) == ("DISABLED", "maintenance")
    assert "whsec_" not in json.dumps(shown)
    ops("endpoint", "move", "carrier:ZTO", "https://hooks.example.com/")
    ops("endpoint", "enable", "carrier:ZTO")
    [shown] = ops("endpoint", "list")
    assert (shown["state"], shown["url"]) == ("ACTIVE", "https://hooks.example.com/")


def test_production_registers_no_address_of_this_machine(
    ops: Ops, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHENSU_MODE", "production")
    answer = ops("endpoint", "register", "carrier:ZTO", receiver.url, code=1)
    assert "it has to begin with https://" in answer


def test_what_died_is_listed_sent_again_or_let_go(ops: Ops, db: Database, run: Run) -> None:
    ops("endpoint", "register", "carrier:ZTO", "https://hooks.example.com/")
    delivery = run(messages.put(db, state="DEAD", attempts=10))
    [shown] = ops("delivery", "list", "carrier:ZTO", "--state", "DEAD")
    assert (shown["id"], shown["number"], shown["attempts"]) == (delivery, messages.NUMBER, 10)
    assert ops("delivery", "list", "carrier:ZTO", "--number", "20261123010000002") == []
    assert "name deliveries by their ids" in ops("delivery", "replay", code=1)
    assert ops("delivery", "replay", "--dead-of", "carrier:ZTO", "--since", "2100-01-01") == {"replayed": 0}
    assert ops("delivery", "replay", "--dead-of", "carrier:YTO") == {"replayed": 0}
    assert ops("delivery", "replay", "--dead-of", "carrier:ZTO") == {"replayed": 1}
    [shown] = ops("delivery", "list", "carrier:ZTO")
    assert (shown["state"], shown["attempts"]) == ("PENDING", 0)
    assert ops("delivery", "cancel", delivery) == {"cancelled": 1}
    # what was let go is not sent again by its id, and cannot be let go twice
    assert ops("delivery", "replay", delivery) == {"replayed": 0}
    assert "no delivery with these ids" in ops("delivery", "cancel", delivery, code=1)


def test_a_feed_that_needs_no_rebase_gets_none(ops: Ops) -> None:
    assert ops("feed", "rebase") == {"ahead": 0}
