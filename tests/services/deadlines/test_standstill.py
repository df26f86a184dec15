"""After days without a worker: what is due is said once, the oldest first, in batches, by however many workers."""

import asyncio
import uuid
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from services.cases import lookup, writer
from services.cases.changes import CaseChange, NewEvent, WorkerContext
from services.deadlines import sweep
from services.reference.data import ReferenceData
from services.routing import route
from services.rules.states.verbs import Actor
from shared.database import Database
from shared.event_kinds import EventKind

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
Make = Callable[..., str]
Ask = Callable[..., list[Any]]
Run = Callable[[Coroutine[Any, Any, Any]], Any]
Sweep = Callable[..., int]
SAID = "SELECT complaint_id, key, round, step, at FROM escalation ORDER BY at"


@pytest.fixture
def due_for_days(unrouted: Make, later: Callable[..., None]) -> Callable[[int], list[str]]:
    """Return a function that makes cases whose acceptance ran out during three days without a worker, an hour apart."""

    def _due(count: int) -> list[str]:
        numbers = [unrouted() for _ in range(count)]
        for hours, number in enumerate(numbers):
            later(25 * DAY - hours * HOUR, number)
        return numbers

    return _due


def test_three_days_without_a_worker(
    due_for_days: Callable[[int], list[str]],
    sweep_once: Sweep,
    ask: Ask,
    broken: Callable[[], dict[str, int]],
) -> None:
    due_for_days(45)
    deadlines = ask(
        "SELECT bucket, complaint_id, min(next_check_at) AS since FROM case_deadline GROUP BY 1, 2"
    )
    waited = {row.complaint_id: row.since for row in deadlines}
    bucket_of = {row.complaint_id: row.bucket for row in deadlines}
    # two deadlines of each are due: the acceptance, and half of the total
    batches: list[set[uuid.UUID]] = []
    while looked := sweep_once(size=20):
        assert looked <= 20
        reported = {row.complaint_id for row in ask(SAID)}
        batches.append(reported - set().union(*batches))
    assert set().union(*batches) == set(waited)
    assert len(batches) >= 3
    # a batch takes the longest due of several buckets, those of each bucket in order
    assert min(waited, key=waited.__getitem__) in batches[0]
    order = [case_id for batch in batches for case_id in sorted(batch, key=waited.__getitem__)]
    for bucket in set(bucket_of.values()):
        since = [waited[case_id] for case_id in order if bucket_of[case_id] == bucket]
        assert since == sorted(since)
    shifts = [
        abs(order.index(case_id) - place)
        for place, case_id in enumerate(sorted(waited, key=waited.__getitem__))
    ]
    assert sum(shifts) / len(shifts) < 8
    events = ask(
        "SELECT complaint_id, count(*) AS n FROM case_event WHERE kind = 'DEADLINE_REMINDER' GROUP BY 1"
    )
    assert {row.n for row in events} == {1}
    assert len(events) == len(waited)
    assert broken() == {}


def test_three_workers_at_once_say_it_once(
    due_for_days: Callable[[int], list[str]],
    db: Database,
    run: Run,
    reference: ReferenceData,
    ask: Ask,
    broken: Callable[[], dict[str, int]],
) -> None:
    numbers = due_for_days(60)

    async def _worker() -> None:
        while await sweep.sweep(db, reference, size=7):
            pass

    async def _three() -> None:
        await asyncio.gather(*(_worker() for _ in range(3)))
        # what one of them held while the others looked
        await _worker()

    run(_three())
    events = ask(
        "SELECT complaint_id, count(*) AS n FROM case_event WHERE kind = 'DEADLINE_REMINDER' GROUP BY 1"
    )
    assert (len(events), {row.n for row in events}) == (len(numbers), {1})
    assert broken() == {}


def test_what_nobody_routed_is_routed_and_swept_at_the_same_time(
    due_for_days: Callable[[int], list[str]],
    db: Database,
    run: Run,
    reference: ReferenceData,
    ask: Ask,
    broken: Callable[[], dict[str, int]],
) -> None:
    due_for_days(60)

    async def _route() -> None:
        while await route.route_batch(db, reference, size=10, lease=HOUR):
            pass

    async def _sweep() -> None:
        for _ in range(30):
            await sweep.sweep(db, reference, size=10)

    async def _both() -> None:
        await asyncio.gather(_route(), _sweep())

    run(_both())
    assert ask("SELECT count(*) FROM task WHERE kind = 'route'")[0][0] == 0, "none was given back"
    assert ask("SELECT count(*) FROM complaint WHERE routed_at IS NULL")[0][0] == 0
    run(_sweep())
    assert broken() == {}


def test_the_routing_waits_for_a_case_that_the_sweep_holds(
    unrouted: Make, db: Database, run: Run, reference: ReferenceData, ask: Ask
) -> None:
    number = unrouted()

    async def _meanwhile() -> None:
        async with db.transaction() as connection:
            case = await lookup.find(connection, number, (), lock=True)
            routing = asyncio.create_task(route.route_batch(db, reference, size=10, lease=HOUR))
            await asyncio.sleep(0.3)
            happened = [
                NewEvent(EventKind.DEADLINE_REMINDER, {"deadline": "total", "round": 1, "step": "HALF"})
            ]
            change = CaseChange(case=case, actor=Actor.WORKER, new_events=happened)
            await writer.apply(connection, [change], WorkerContext(reference))
        assert await routing == 1

    run(_meanwhile())
    assert ask("SELECT count(*) FROM task WHERE kind = 'route'")[0][0] == 0, "it was not given back"
    assert ask("SELECT kind FROM case_event ORDER BY seq")[1].kind == "DEADLINE_REMINDER"
    assert ask("SELECT routed_at FROM complaint")[0].routed_at is not None


@pytest.mark.parametrize("size", [1, 2, 500])
def test_the_number_of_statements_does_not_grow_with_the_batch(
    size: int, forwarded: Make, later: Callable[..., None], sweep_once: Sweep, statements: Callable[[], Any]
) -> None:
    for _ in range(12):
        forwarded()
    later(15 * DAY)
    with statements() as sent:
        assert 0 < sweep_once(size=size) <= min(size, 12)
    # turns of the buckets; read due ones; write escalations; mark deadlines; of the raised: read, stop and start deadlines;
    # change cases; events; notify the enterprise; the buckets are searched beside that, in one round trip
    assert len(sent) == 10, sent


def test_a_poisoned_case_stops_no_other_and_comes_up_again(
    due_for_days: Callable[[int], list[str]],
    sweep_all: Sweep,
    said: Callable[[str], list[Any]],
    ask: Ask,
    broken: Callable[[], dict[str, int]],
) -> None:
    numbers = due_for_days(9)
    poisoned = numbers[0]
    unit = """UPDATE case_deadline SET unit = :unit WHERE key = 'acceptance'
        AND complaint_id = (SELECT id FROM complaint WHERE number = :number)"""
    ask(unit, unit="fortnight", number=poisoned)
    with capture_logs() as logs:
        sweep_all()
    assert [number for number in numbers if not said(number)] == [poisoned]
    assert [(log["event"], log["number"]) for log in logs] == [("sweep_failed", poisoned)]
    assert "every overdue deadline of an open case has its escalation" in broken()
    # it is not forgotten: mended, it is spoken of when its turn comes again
    ask(unit, unit="day", number=poisoned)
    ask(
        "UPDATE case_deadline SET next_check_at = next_check_at - CAST(:wait AS interval)",
        wait=sweep.POISON_WAIT,
    )
    sweep_all()
    assert said(poisoned)
    assert broken() == {}
