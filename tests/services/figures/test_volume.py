"""Volumes with shares and changes, by what the asker chooses, from facts alone."""

from collections.abc import Callable, Coroutine
from datetime import date
from typing import Any

import pytest

from services.figures import refresh, volume
from services.figures.query import Period, VolumeQuery
from services.figures.volume import Volume
from services.rules.metrics.dimensions import Dimension
from services.rules.metrics.measures import Measure
from shared.database import Database
from shared.errors import InvalidInputError
from tests.services.figures.casework import POSTAL, at, case, closed, put

Run = Callable[[Coroutine[Any, Any, Any]], Any]
MARCH = date(2021, 3, 1)


async def _fill(db: Database) -> None:
    await put(
        db,
        *(case(at("2020-03-10 10:00")) for _ in range(4)),
        *(case(at("2021-02-10 10:00")) for _ in range(3)),
        *(case(at("2021-03-10 10:00"), carrier_code="STO", province="440000") for _ in range(5)),
        case(at("2021-03-11 10:00"), **POSTAL),
        closed(at("2021-03-12 10:00"), at("2021-04-02 10:00"), responsibility="ENTERPRISE"),
    )
    await refresh.refresh(db)


def _ask(db: Database, run: Run, **changes: Any) -> dict[str, Any]:
    question: dict[str, Any] = {
        "period": Period.MONTH,
        "first": MARCH,
        "last": MARCH,
        "basis": Measure.RECEIVED,
    } | changes
    answer: Volume = run(volume.volume(db, VolumeQuery(**question)))
    return answer.model_dump(by_alias=True, exclude_unset=True)


def test_shares_and_changes_are_rounded_half_up(db: Database, run: Run) -> None:
    run(_fill(db))
    answer = _ask(db, run, by=(Dimension.BUSINESS,))
    assert answer["totals"] == [
        {"period": "2021-03", "count": 7, "period_on_period": 133.3, "year_on_year": 75.0}
    ]
    express, postal = answer["rows"]
    assert express == {
        "period": "2021-03",
        "business": "EXPRESS",
        "count": 6,
        "share": 85.7,
        "period_on_period": 100.0,
        "year_on_year": 50.0,
    }
    assert (postal["business"], postal["count"], postal["share"]) == ("POSTAL", 1, 14.3)
    assert (postal["period_on_period"], postal["year_on_year"]) == (None, None)
    assert answer["names"] == {"business": {"EXPRESS": "快递", "POSTAL": "邮政"}}


def test_an_answer_carries_what_it_was_made_by(db: Database, run: Run) -> None:
    run(_fill(db))
    answer = _ask(db, run)
    assert answer["definition"]["received"]["rounding"] == "ROUND_HALF_UP"
    assert set(answer["definition"]) == {"received", "share", "period_on_period", "year_on_year"}
    assert (answer["unit"], answer["version"], answer["suppressed"]) == ("case", 1, [])
    assert answer["as_of"] is not None


@pytest.mark.parametrize(
    ("basis", "counts"),
    [
        (Measure.RECEIVED, [7, 0]),
        (Measure.ACCEPTED, [1, 0]),
        (Measure.CLOSED, [0, 1]),
        (Measure.VALID, [0, 1]),
    ],
)
def test_each_event_counts_on_its_own_day(db: Database, run: Run, basis: Measure, counts: list[int]) -> None:
    run(_fill(db))
    answer = _ask(db, run, last=date(2021, 4, 1), basis=basis)
    assert [total["count"] for total in answer["totals"]] == counts


def test_filters(db: Database, run: Run) -> None:
    run(_fill(db))
    answer = _ask(db, run, only={Dimension.PROVINCE: ("440000",), Dimension.CARRIER: ("STO", "ZTO")})
    assert answer["totals"][0]["count"] == 5
    assert answer["filters"] == {"carrier": ["STO", "ZTO"], "province": ["440000"]}


def test_a_filter_by_a_code_that_does_not_exist_is_refused(db: Database, run: Run) -> None:
    with pytest.raises(InvalidInputError) as refused:
        _ask(db, run, only={Dimension.CARRIER: ("NOBODY",)})
    assert [fault.pointer for fault in refused.value.errors] == ["/query/carrier"]
    assert "NOBODY" not in str(refused.value)


@pytest.mark.parametrize(
    ("period", "first", "name", "count", "before"),
    [
        (Period.DAY, date(2021, 3, 11), "2021-03-11", 1, -80.0),
        (Period.QUARTER, date(2021, 1, 1), "2021-Q1", 10, None),
        (Period.YEAR, date(2021, 1, 1), "2021", 10, 150.0),
    ],
)
def test_other_periods(
    db: Database, run: Run, period: Period, first: date, name: str, count: int, before: float | None
) -> None:
    run(_fill(db))
    answer = _ask(db, run, period=period, first=first, last=first)
    total = answer["totals"][0]
    assert (total["period"], total["count"], total["period_on_period"]) == (name, count, before)


def test_a_leap_day_has_no_last_year(db: Database, run: Run) -> None:
    run(put(db, case(at("2019-02-28 10:00")), case(at("2020-02-29 10:00"))))
    run(refresh.refresh(db))
    answer = _ask(db, run, period=Period.DAY, first=date(2020, 2, 28), last=date(2020, 2, 29))
    assert [total["year_on_year"] for total in answer["totals"]] == [-100.0, None]


def test_more_cells_than_an_answer_may_hold(db: Database, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run(_fill(db))
    monkeypatch.setattr(volume, "MOST_CELLS", 1)
    with pytest.raises(volume.AnswerTooLargeError, match="fewer periods"):
        _ask(db, run, by=(Dimension.CARRIER,))


def test_nothing_was_ever_counted(db: Database, run: Run) -> None:
    answer = _ask(db, run, by=(Dimension.ISSUE,))
    assert answer["rows"] == []
    assert answer["totals"] == [
        {"period": "2021-03", "count": 0, "period_on_period": None, "year_on_year": None}
    ]
    assert (answer["version"], answer["as_of"]) == (0, None)


@pytest.mark.parametrize("by", ["nobody", "business,nobody"])
def test_unknown_dimensions(by: str) -> None:
    with pytest.raises(InvalidInputError, match="issue_detail, province"):
        volume.dimensions(by)


def test_dimensions_are_read_once_each() -> None:
    assert volume.dimensions("carrier, issue,carrier,") == (Dimension.CARRIER, Dimension.ISSUE)
