"""The log of deliveries: each recipient reads its own, page by page; what died is sent again, what waits may be let go."""

import base64
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.delivery import delivery_log
from services.delivery.delivery_log import DeliveryCriteria, DeliveryPage, DeliveryState, Replay
from services.delivery.endpoints import NewSecret
from services.requests.cursors import CursorError
from shared import clock, serialisation
from shared.database import Database
from shared.errors import InvalidInputError, NotFoundError
from tests.services.delivery.conftest import ZTO, Case, Run

Ask = Callable[..., list[Any]]
URL = "https://hooks.example.com/shensu"
DEAD = "UPDATE delivery SET state = 'DEAD', attempts = 10, last_error = 'no answer in time'"


@pytest.fixture
def case(
    cases: Callable[[int], list[Case]], tell: Callable[..., None], register: Callable[..., NewSecret]
) -> Case:
    """Return a case of whose events 2 to 4 ZTO is told, while YTO waits for one of another case."""
    register(URL)
    register(URL, "carrier:YTO")
    mine, other = cases(2)
    tell(mine, 2, 3, 4)
    tell(other, 2, to="carrier:YTO")
    return mine


@pytest.fixture
def page(db: Database, run: Run) -> Callable[..., DeliveryPage]:
    """Return a function that reads a page of the log, by default of ZTO."""

    def _page(audience: str = ZTO, **criteria: Any) -> DeliveryPage:
        read: DeliveryPage = run(delivery_log.page(db, audience, DeliveryCriteria(**criteria)))
        return read

    return _page


def _ids(ask: Ask, audience: str = ZTO) -> list[uuid.UUID]:
    return [row.id for row in ask("SELECT id FROM delivery WHERE audience = :a ORDER BY seq", a=audience)]


def test_each_recipient_reads_its_own_newest_first(case: Case, page: Callable[..., DeliveryPage]) -> None:
    items = page()["items"]
    assert [item["message"] for item in items] == [f"{case.number}:{ZTO}:{seq}" for seq in (4, 3, 2)]
    assert {(item["state"], item["number"], item["attempts"]) for item in items} == {
        ("PENDING", case.number, 0)
    }
    assert all(item["next_try_at"] is not None for item in items)
    assert len(page("carrier:YTO")["items"]) == 1
    assert page("carrier:STO") == {"items": [], "next": None}


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_pages_neither_skip_nor_repeat(limit: int, case: Case, page: Callable[..., DeliveryPage]) -> None:
    read: list[str] = []
    cursor = None
    for _ in range(5):
        part = page(limit=limit, after=cursor)
        read += [item["message"].rsplit(":", 1)[1] for item in part["items"]]
        cursor = part["next"]
        if cursor is None:
            break
    assert read == ["4", "3", "2"]
    assert case.number


def test_a_page_is_narrowed_by_state_and_number(
    case: Case, page: Callable[..., DeliveryPage], ask: Ask
) -> None:
    ask(DEAD + " WHERE seq = 3")
    [dead] = page(state=DeliveryState.DEAD)["items"]
    assert (dead["state"], dead["last_error"]) == ("DEAD", "no answer in time")
    # what is dead is tried no more
    assert dead["next_try_at"] is None
    assert len(page(number=case.number)["items"]) == 3
    for number in ("20261124000000017", "x", ""):
        assert page(number=number)["items"] == []


@pytest.mark.parametrize(
    "cursor", ["x", "中", base64.urlsafe_b64encode(serialisation.to_bytes(["a"])).decode(), "InRleHQi"]
)
def test_a_cursor_that_is_none_is_refused(cursor: str, case: Case, page: Callable[..., DeliveryPage]) -> None:
    assert case.number
    with pytest.raises(CursorError):
        page(after=cursor)


@pytest.mark.usefixtures("case")
def test_what_died_or_was_lost_is_sent_again_from_the_beginning_and_nobody_elses(
    db: Database, run: Run, ask: Ask
) -> None:
    first, second, third = _ids(ask)
    [theirs] = _ids(ask, "carrier:YTO")
    ask(DEAD + " WHERE id = ANY(:ids)", ids=[first, theirs])
    ask("UPDATE delivery SET state = 'DELIVERED', delivered_at = clock_timestamp() WHERE id = :id", id=second)
    assert run(delivery_log.dead(db)) == 2
    chosen = [first, second, third, theirs, uuid.uuid4()]
    assert run(delivery_log.replay_selected(db, ZTO, Replay(ids=chosen), actor="zto")) == 2
    rows = {row.id: row for row in ask("SELECT * FROM delivery")}
    assert {(rows[each].state, rows[each].attempts, rows[each].delivered_at) for each in (first, second)} == {
        ("PENDING", 0, None)
    }
    assert rows[theirs].state == "DEAD"
    [entry] = ask("SELECT actor, act, subject, data FROM audit_entry WHERE act LIKE 'delivery.%'")
    assert tuple(entry) == ("zto", "delivery.replay", ZTO, {"count": 2})


@pytest.mark.usefixtures("case")
def test_all_that_died_since_a_moment_are_sent_again(db: Database, run: Run, ask: Ask) -> None:
    ask(DEAD)
    ask("UPDATE delivery SET created_at = created_at - interval '2 days' WHERE seq = 2")
    since = clock.now() - timedelta(days=1)
    assert run(delivery_log.replay(db, actor="anna", since=since)) == 2
    assert run(delivery_log.dead(db)) == 2


@pytest.mark.parametrize("both", [True, False])
def test_a_recipient_says_in_one_of_two_ways_what_is_sent_again(
    both: bool,  # noqa: FBT001 - a parameter of pytest
    db: Database,
    run: Run,
) -> None:
    form = Replay.model_validate(
        {"ids": [uuid.uuid4()], "dead_since": "2026-11-20T00:00:00Z"} if both else {}
    )
    with pytest.raises(InvalidInputError) as refused:
        run(delivery_log.replay_selected(db, ZTO, form, actor="zto"))
    assert [fault.pointer for fault in refused.value.errors] == ["/ids"]


@pytest.mark.usefixtures("case")
def test_what_was_not_sent_is_let_go_for_good(db: Database, run: Run, ask: Ask) -> None:
    first, second, third = _ids(ask)
    ask(DEAD + " WHERE id = :id", id=first)
    ask("UPDATE delivery SET state = 'DELIVERED', delivered_at = clock_timestamp() WHERE id = :id", id=third)
    assert run(delivery_log.cancel(db, actor="anna", chosen=[first, second, third])) == 2
    assert [
        row.state for row in ask("SELECT state FROM delivery WHERE audience = :a ORDER BY seq", a=ZTO)
    ] == [
        "CANCELLED",
        "CANCELLED",
        "DELIVERED",
    ]
    # it does not come back
    assert run(delivery_log.replay(db, actor="anna", chosen=[first, second])) == 0
    with pytest.raises(NotFoundError):
        run(delivery_log.cancel(db, actor="anna", chosen=[first]))
