"""Surges: what stands out is recorded once, its cases are linked and raised once, and a merged case counts once."""

import asyncio
import itertools
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from services.casework.session import DeskSession
from services.desk.perform import VerbOutcome
from services.intake.preparation import Prepared
from services.reference.data import ReferenceData
from services.surges import warning
from shared.database import Database

Ask = Callable[..., list[Any]]
Run = Callable[[Coroutine[Any, Any, Any]], Any]
WEEK = timedelta(days=7)
HANGZHOU, NINGBO, SHANGHAI, NANJING = "330106", "330203", "310115", "320106"


@pytest.fixture
def complain(
    prepare: Callable[..., Prepared],
    store: Callable[[Sequence[Prepared]], list[str]],
    work: Callable[[], None],
    ask: Ask,
) -> Callable[..., list[str]]:
    """Return a function that files complaints of as many persons some weeks ago, and lets them be routed."""
    persons = itertools.count(10_000_000)

    def _complain(
        count: int, *, weeks_ago: int = 0, region: str = HANGZHOU, phone: str | None = None, **changes: Any
    ) -> list[str]:
        def _one() -> Prepared:
            who = {"name": "王小明", "phone": phone or f"138{next(persons)}", "role": "ADDRESSEE"}
            return prepare(**({"addressee": {"region_code": region}, "complainant": who} | changes))

        numbers = store([_one() for _ in range(count)])
        work()
        ask(
            "UPDATE complaint SET received_at = received_at - CAST(:ago AS interval) WHERE number = ANY(:numbers)",
            ago=weeks_ago * WEEK + timedelta(hours=1),
            numbers=numbers,
        )
        return numbers

    return _complain


@pytest.fixture
def warn(db: Database, run: Run, reference: ReferenceData) -> Callable[..., int]:
    """Return a function that warns of what stands out; returns how many groups do."""
    return lambda size=500: int(run(warning.warn(db, reference, size=size)))


@pytest.fixture
def kept(ask: Ask) -> Callable[[], list[Any]]:
    """Return a function that reads the group records with the number of their members."""
    return lambda: ask(
        "SELECT s.*, (SELECT count(*) FROM surge_member m WHERE m.surge_id = s.id) AS members "
        "FROM surge s ORDER BY kind, carrier_code, place, week"
    )


def test_a_week_that_stands_out_is_recorded_with_its_cases(
    complain: Callable[..., list[str]], warn: Callable[..., int], kept: Callable[[], list[Any]], case_of: Any
) -> None:
    # 4 and 8 in turn: mean 6, deviation 2, so that thirteen stand out and twelve do not
    for week in range(1, 9):
        complain(4 + 4 * (week % 2), weeks_ago=week)
    complain(12)
    complain(13, region=NINGBO, carrier_code="YTO")
    complain(9, region=SHANGHAI)
    assert warn() == 1
    [yto] = kept()
    assert (yto.kind, yto.carrier_code, yto.place, yto.province) == ("CITY", "YTO", "330200", "330000")
    assert (yto.count, yto.mean, yto.members, yto.level, yto.national) == (13, 0, 13, "L2", False)
    [number] = complain(1)
    assert warn() == 2
    _, zto = kept()
    assert (zto.place, zto.count, zto.mean, zto.deviation, zto.members) == ("330100", 13, 6, 2, 13)
    assert case_of(number).level == "L0", "a city's cases are linked, not raised"


def test_a_merged_case_counts_once(
    complain: Callable[..., list[str]],
    warn: Callable[..., int],
    act: Callable[..., VerbOutcome],
    kept: Callable[[], list[Any]],
) -> None:
    first, second, *_ = complain(10, request=None)
    act(second, "merge", into=first, reason="同一快件")
    assert warn() == 0
    complain(1)
    assert warn() == 1
    assert [(surge.count, surge.members) for surge in kept()] == [(10, 10)]


def test_a_surge_goes_on_in_its_record_while_it_lasts(
    complain: Callable[..., list[str]], warn: Callable[..., int], kept: Callable[[], list[Any]], ask: Ask
) -> None:
    complain(10)
    warn()
    [opened] = kept()
    complain(2)
    # it began in the week before
    ask("UPDATE surge SET week = week - 7, updated_at = updated_at - interval '2 days'")
    warn()
    [going_on] = kept()
    assert (going_on.id, going_on.count, going_on.members) == (opened.id, 12, 12)
    assert going_on.updated_at > opened.updated_at
    # it was over for more than a week: this is another
    ask("UPDATE surge SET updated_at = updated_at - interval '8 days'")
    warn()
    assert len(kept()) == 2


def test_an_outlet_stands_out_over_cities(
    complain: Callable[..., list[str]], warn: Callable[..., int], kept: Callable[[], list[Any]]
) -> None:
    complain(5, outlet="ZTO-57101", phone="13800000001")
    complain(5, outlet="ZTO-57101", phone="13800000002", region=NINGBO)
    assert warn() == 1
    [outlet] = kept()
    assert (outlet.kind, outlet.place, outlet.province, outlet.count) == ("OUTLET", "ZTO-57101", "330000", 10)


def test_five_users_of_an_outlet_raise_its_cases_once(
    complain: Callable[..., list[str]],
    warn: Callable[..., int],
    kept: Callable[[], list[Any]],
    case_of: Any,
    events_of: Any,
    act: Callable[..., VerbOutcome],
    desk: Callable[..., DeskSession],
    deadlines_of: Any,
) -> None:
    numbers = [*complain(4, outlet="O1"), *complain(3, outlet="O1", phone="13811112222", request=None)]
    complain(1, outlet="O2", phone="13811112222")
    ended = numbers[-1]
    act(ended, "withdraw", reason="用户撤回")
    assert warn() == 1
    [users] = kept()
    assert (users.kind, users.place, users.count, users.members) == ("USERS", "O1", 5, 7)
    levels = {number: case_of(number).level for number in numbers}
    assert levels == {number: "L0" if number == ended else "L2" for number in numbers}
    case = case_of(numbers[0])
    assert case.copied_to == ["P330000"]
    raised = events_of(numbers[0])[-1]
    assert raised.data == {"from": "L0", "to": "L2", "trigger": "OUTLET_USERS", "surge": str(users.id)}
    assert deadlines_of(numbers[0])["close_target"].rule == "close_target_l2"
    # a supervisor lowers one with a reason: the warning does not come back for it
    chief = desk("P330000", "chen.jie", supervisor=True)
    act(numbers[0], "level", by=chief, level="L0", reason="误报")
    [joins] = complain(1, outlet="O1")
    assert warn() == 1
    assert (case_of(numbers[0]).level, case_of(joins).level) == ("L0", "L2")
    assert kept()[0].members == 8


def test_a_stoppage_over_three_provinces_concerns_the_centre(
    complain: Callable[..., list[str]],
    warn: Callable[..., int],
    kept: Callable[[], list[Any]],
    case_of: Any,
    ask: Ask,
) -> None:
    stops = [
        number
        for region in (HANGZHOU, SHANGHAI)
        for number in complain(1, region=region, urgency=["NETWORK_STOPPAGE"])
    ]
    assert warn() == 0
    # one whose level somebody else than the routing decided
    ask("UPDATE complaint SET level = 'L0', copied_to = '{}' WHERE number = :number", number=stops[0])
    complain(1, region=NANJING, urgency=["NETWORK_STOPPAGE"])
    assert warn() == 1
    [stoppage] = kept()
    assert (stoppage.kind, stoppage.place, stoppage.count, stoppage.members) == ("STOPPAGE", "000000", 3, 3)
    assert (stoppage.national, stoppage.level) == (True, "L3")
    assert case_of(stops[0]).level == "L3"
    assert "N000000" in case_of(stops[0]).copied_to


def test_a_poisoned_case_keeps_no_other_from_being_linked(
    complain: Callable[..., list[str]],
    warn: Callable[..., int],
    kept: Callable[[], list[Any]],
    case_of: Any,
    spoil: Callable[[str], None],
    mend: Callable[[str], None],
) -> None:
    numbers = complain(7, outlet="O1")
    poisoned = numbers[3]
    spoil(poisoned)
    with capture_logs() as logs:
        assert warn() == 1
    assert [number for number in numbers if case_of(number).level == "L0"] == [poisoned]
    assert kept()[0].members == 6
    assert {log["number"] for log in logs if log["event"] == "surge_failed"} == {poisoned}
    mend(poisoned)
    warn()
    assert (case_of(poisoned).level, kept()[0].members) == ("L2", 7)


def test_three_workers_at_once_warn_once(
    complain: Callable[..., list[str]],
    db: Database,
    run: Run,
    reference: ReferenceData,
    kept: Callable[[], list[Any]],
    ask: Ask,
    broken: Callable[[], dict[str, int]],
    warn: Callable[..., int],
) -> None:
    complain(30, outlet="O1")

    async def _three() -> None:
        await asyncio.gather(*(warning.warn(db, reference, size=4) for _ in range(3)))

    run(_three())
    warn(size=4)
    assert sorted((surge.kind, surge.members) for surge in kept()) == [
        ("CITY", 30),
        ("OUTLET", 30),
        ("USERS", 30),
    ]
    raised = ask("SELECT complaint_id, count(*) AS n FROM case_event WHERE kind = 'LEVEL_RAISED' GROUP BY 1")
    assert (len(raised), {row.n for row in raised}) == (30, {1})
    assert broken() == {}


def test_the_number_of_statements_does_not_grow_with_the_groups(
    complain: Callable[..., list[str]], warn: Callable[..., int], statements: Callable[[], Any]
) -> None:
    complain(10)
    warn()
    with statements() as few:
        warn()
    complain(10, region=NINGBO, outlet="O1")
    complain(10, region=SHANGHAI, carrier_code="YTO", outlet="O2")
    warn()
    with statements() as many:
        warn()
    assert len(few) == len(many) <= 7


def test_the_cases_of_a_surge_are_searched_once(
    complain: Callable[..., list[str]], warn: Callable[..., int], statements: Callable[[], Any]
) -> None:
    complain(30)
    with statements() as sent:
        assert warn(size=4) > 0
    assert sum("FROM surge_member" in sql for sql in sent) == 1
    assert sum("INSERT INTO surge_member" in sql for sql in sent) > 5
