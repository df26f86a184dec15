"""What stands out now: by rolling weeks, by different users, over provinces; each by its own border."""

import dataclasses
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from services.intake.preparation import Prepared
from services.reference.data import ReferenceData
from services.rules.surges import SurgeRules
from services.surges import counts
from services.surges.counts import Group

Ask = Callable[..., list[Any]]
Find = Callable[..., list[Group]]
RULES = SurgeRules(least=3, users=2, stoppage_provinces=2)
HANGZHOU, SHANGHAI = "330106", "310115"


@pytest.fixture
def complain(
    prepare: Callable[..., Prepared], store: Callable[[Sequence[Prepared]], list[str]], ask: Ask
) -> Callable[..., list[str]]:
    """Return a function that files so many complaints, received some time ago."""

    def _complain(
        count: int = 1, *, ago: timedelta = timedelta(hours=1), region: str = HANGZHOU, **changes: Any
    ) -> list[str]:
        numbers = store([prepare(addressee={"region_code": region}, **changes) for _ in range(count)])
        ask(
            "UPDATE complaint SET received_at = clock_timestamp() - CAST(:ago AS interval) WHERE number = ANY(:numbers)",
            ago=ago,
            numbers=numbers,
        )
        return numbers

    return _complain


@pytest.fixture
def find(in_transaction: Callable[..., Any]) -> Find:
    """Return a function that finds what stands out."""

    def _find(kind: str, **changes: Any) -> list[Group]:
        rules = dataclasses.replace(RULES, **changes)
        groups: list[Group] = in_transaction(lambda connection: counts.find(connection, rules))
        return [group for group in groups if group.kind == kind]

    return _find


def test_a_week_rolls_and_is_compared_with_the_weeks_before(
    complain: Callable[..., list[str]], find: Find
) -> None:
    complain(2)
    complain(1, ago=timedelta(days=7, hours=-1))
    complain(1, ago=timedelta(days=7, hours=1))
    [city] = find("CITY", deviations=1)
    assert (city.carrier_code, city.place, city.province, city.number) == ("ZTO", "330100", "330000", 3)
    assert city.mean == 1 / 8
    # before the weeks that are looked at nothing counts
    complain(9, ago=timedelta(days=63, hours=1))
    assert find("CITY", deviations=1) == [city]
    assert find("CITY", least=4) == []


@pytest.mark.parametrize(
    "change",
    [
        "status = 'MERGED', merged_into_bucket = bucket, merged_into = id, merged_from = 'RECEIVED'",
        "carrier_code = ''",
    ],
    ids=["merged", "no enterprise"],
)
def test_what_is_merged_or_names_no_enterprise_does_not_count(
    change: str, complain: Callable[..., list[str]], find: Find, ask: Ask
) -> None:
    [number, *_] = complain(3)
    assert len(find("CITY")) == 1
    ask(f"UPDATE complaint SET {change} WHERE number = :n", n=number)
    assert find("CITY") == []


def test_an_outlet_counts_over_cities_and_its_users_each_once(
    complain: Callable[..., list[str]], find: Find
) -> None:
    complain(2, outlet="O1")
    complain(1, outlet="O1", region="330203")
    [outlet] = find("OUTLET")
    assert (outlet.place, outlet.number) == ("O1", 3)
    # three complaints of one telephone are one user
    assert find("USERS") == []
    other = {"name": "李四", "phone": "13900139000", "role": "ADDRESSEE"}
    complain(1, outlet="O1", complainant=other, ago=timedelta(days=6, hours=23))
    assert [(group.place, group.number) for group in find("USERS")] == [("O1", 2)]
    assert find("USERS", users_days=6) == []


def test_a_stoppage_is_detected_by_its_provinces(complain: Callable[..., list[str]], find: Find) -> None:
    complain(2, urgency=["NETWORK_STOPPAGE"])
    complain(1, region=SHANGHAI)
    assert find("STOPPAGE") == []
    complain(1, region=SHANGHAI, urgency=["NETWORK_STOPPAGE"])
    [stoppage] = find("STOPPAGE")
    assert (stoppage.place, stoppage.province, stoppage.number) == ("000000", "000000", 2)


def test_one_statement_a_kind(
    complain: Callable[..., list[str]],
    in_transaction: Callable[..., Any],
    statements: Callable[[], Any],
    reference: ReferenceData,
) -> None:
    complain(2, outlet="O1")
    with statements() as sent:
        in_transaction(lambda connection: counts.find(connection, reference.surges))
    assert len(sent) == 4
