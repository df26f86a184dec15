"""A repetition that proves itself is merged by the worker: one dispute is one case, counted once, with two receipts."""

from collections.abc import Callable, Coroutine, Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest

from services.desk.perform import VerbOutcome
from services.figures import refresh
from services.intake.preparation import Prepared
from services.merging import proven
from services.reference.data import ReferenceData
from services.routing import forward, route
from shared.database import Database
from tests.services.hotline.conftest import close

Act = Callable[..., VerbOutcome]
Make = Callable[..., str]
Case = Callable[[str], Any]
Ask = Callable[..., list[Any]]
Run = Callable[[Coroutine[Any, Any, Any]], Any]
Rows = Callable[..., Any]
LEASE = timedelta(hours=1)
WAYBILL = "75312345678901"
ITEM = {"item": {"waybill": WAYBILL}}


@pytest.fixture
def work(database_url: str, run: Run, reference: ReferenceData) -> Iterator[Callable[[], None]]:
    """Return a function that does what the worker does, under the worker's role."""
    db = Database.connect(database_url, role="shensu_worker", pool_size=2)

    def _work() -> None:
        for batch in (route.route_batch, proven.merge_batch, forward.forward_batch):
            while run(batch(db, reference, size=500, lease=LEASE)):
                pass

    yield _work
    run(db.close())


@pytest.fixture
def phoned(
    prepare: Callable[..., Prepared],
    store: Callable[[Sequence[Prepared]], list[str]],
    work: Callable[[], None],
) -> str:
    """Return the number of a complaint that came by telephone, and was forwarded."""
    [number] = store([prepare(item={"waybill": WAYBILL})])
    work()
    return number


def test_an_order_that_cites_our_number_joins_its_case(
    phoned: str,
    take: Callable[..., dict[str, Any]],
    work: Callable[[], None],
    case_of: Rows,
    see: Rows,
    heard: Rows,
    act: Callable[..., VerbOutcome],
    put_reply: Rows,
    db: Database,
    run: Run,
    ask: Callable[..., list[Any]],
) -> None:
    # a hotline's categories are not ours: what it cites tells what it is about
    mine = take(cites=phoned, issue_code=None, category_name="快递物流")["number"]
    assert mine != phoned
    assert case_of(mine).issue_code == "DELIVERY_SERVICE"
    work()
    assert case_of(mine).status == "MERGED"
    seen = see()
    assert (seen["number"], seen["handled_as"], seen["state"]["name"]) == (mine, phoned, "办理中")
    assert [kind for kind, *_ in heard()] == ["order.merged", "order.signed"]
    close(phoned, act, put_reply)
    assert heard()[-1][0] == "order.answered"
    run(refresh.refresh(db))
    [counted] = ask(
        "SELECT sum(received) AS received, sum(closed) AS closed, sum(valid) AS valid FROM circular_fact"
    )
    assert tuple(counted) == (1, 1, 1)
    assert ask("SELECT count(*) FROM complaint")[0][0] == 2


def test_an_order_that_repeats_an_earlier_one_joins_the_case_that_answers_it(
    phoned: str, take: Callable[..., dict[str, Any]], work: Callable[[], None], case_of: Rows, see: Rows
) -> None:
    take("HZ-1", cites=phoned)
    work()
    again = take("HZ-2", parent_order_no="HZ-1")["number"]
    work()
    assert case_of(again).status == "MERGED"
    assert see("HZ-2")["handled_as"] == phoned
    assert case_of(phoned).hotline_orders == 2


def test_whoever_cites_a_number_and_shows_nothing_else_is_proposed_to_nobody(
    phoned: str, take: Callable[..., dict[str, Any]], work: Callable[[], None], case_of: Rows
) -> None:
    mine = take(cites=phoned, waybill=None)["number"]
    work()
    assert case_of(mine).status == "FORWARDED"


def test_without_a_citation_it_is_proposed_to_an_officer(
    phoned: str, take: Callable[..., dict[str, Any]], work: Callable[[], None], case_of: Rows, events_of: Rows
) -> None:
    mine = take()["number"]
    work()
    assert case_of(mine).status == "RECEIVED"
    proposed = next(event for event in events_of(mine) if event.kind == "DUPLICATE_PROPOSED")
    assert [candidate["number"] for candidate in proposed.data["cases"]] == [phoned]


def test_a_request_that_names_the_earlier_case_is_merged_by_the_machine(
    forwarded: Make, received: Make, ask: Ask, case_of: Case, merge_proven: Callable[[], int], events_of: Rows
) -> None:
    first = forwarded(**ITEM)
    second = received(**ITEM, cites=first)
    assert case_of(second).status == "RECEIVED"
    assert merge_proven() == 1
    assert (case_of(second).status, case_of(second).merged_into) == ("MERGED", case_of(first).id)
    assert ask("SELECT state FROM duplicate_candidate") == [("MERGED",)]
    merged = events_of(second)[-1]
    assert (merged.kind, merged.actor, merged.data["into"]) == ("MERGED", "WORKER", first)


def test_a_proven_repetition_of_a_case_that_ended_waits_for_an_officer(
    forwarded: Make, received: Make, act: Act, case_of: Case, merge_proven: Callable[[], int]
) -> None:
    first = forwarded(**ITEM)
    act(first, "withdraw", reason="用户撤回")
    second = received(**ITEM, cites=first)
    merge_proven()
    assert case_of(second).status == "RECEIVED"


def test_what_is_only_proposed_is_merged_by_nobody_even_if_it_is_asked_for(
    forwarded: Make, received: Make, ask: Ask, case_of: Case, merge_proven: Callable[[], int]
) -> None:
    forwarded(**ITEM)
    second = received(**ITEM)
    case = case_of(second)
    ask(
        "INSERT INTO task (bucket, id, kind, subject_id) VALUES (:bucket, gen_random_uuid(), 'merge', :id)",
        bucket=case.bucket,
        id=case.id,
    )
    assert merge_proven() == 1
    assert case_of(second) == case
