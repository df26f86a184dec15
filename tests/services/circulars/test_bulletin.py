"""The circular of a month comes out of the facts as it was published (golden figures of rulebook 7)."""

from collections.abc import Callable, Coroutine
from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert

from services.circulars import bulletin
from services.circulars.layout import Circular
from services.figures import refresh
from services.rules.metrics.measures import Measure
from shared.database import Database
from shared.errors import InvalidInputError
from shared.models.figures import MEASURES, circular_fact
from tests.services.figures.casework import POSTAL, at, case, closed, put

Run = Callable[[Coroutine[Any, Any, Any]], Any]
Cell = dict[str, Any]


def _cell(month: date, business: str, issue: str, **measures: int) -> Cell:
    kind = "EXPRESS" if business == "EXPRESS" else "LETTER"
    return {
        "month": month,
        "business": business,
        "business_type": kind,
        "carrier_code": "ZTO",
        "issue_code": issue,
        **dict.fromkeys(MEASURES, 0),
        **measures,
    }


# G2: 2021-02 and 2021-03
FEBRUARY = (
    _cell(date(2021, 2, 1), "POSTAL", "DELAY", closed=711, valid=62),
    _cell(date(2021, 2, 1), "EXPRESS", "DELAY", closed=18004, valid=1964),
)
MARCH = (
    _cell(
        date(2021, 3, 1),
        "POSTAL",
        "DELAY",
        closed=727,
        valid=58,
        satisfied_administration=57,
        satisfied_enterprise=54,
        reply_overdue=3,
    ),
    _cell(
        date(2021, 3, 1),
        "EXPRESS",
        "DELAY",
        closed=25878,
        valid=2496,
        satisfied_administration=2441,
        satisfied_enterprise=2396,
        reply_overdue=1,
        recovered_fen=744_450_000,
    ),
)
# G1: valid express complaints of 2013-06 by issue, with the published shares
JUNE_2013 = (
    ("DELAY", 5273, 41.7),
    ("DELIVERY_SERVICE", 3655, 28.9),
    ("LOSS_SHORTAGE", 1743, 13.8),
    ("DAMAGE", 1059, 8.4),
    ("ACCEPTANCE_SERVICE", 438, 3.5),
    ("COD", 248, 2.0),
    ("OVERCHARGE", 199, 1.6),
    ("OTHER", 19, 0.2),
)


def _circular(
    db: Database, run: Run, *cells: Cell, period: str = "2021-03", basis: Measure = Measure.CLOSED
) -> dict[str, Any]:
    async def ask() -> Circular:
        if cells:
            async with db.transaction() as connection:
                await connection.execute(insert(circular_fact), list(cells))
        return await bulletin.circular(db, period, basis)

    answer: Circular = run(ask())
    return answer.model_dump(by_alias=True, exclude_unset=True)


def test_the_published_summary_of_2021_03(db: Database, run: Run) -> None:
    summary = _circular(db, run, *FEBRUARY, *MARCH)["summary"]
    assert summary["complaints"] == {
        "total": {"count": 26605, "period_on_period": 42.2, "year_on_year": None},
        "postal": {"count": 727, "period_on_period": 2.3, "year_on_year": None, "share": 2.7},
        "express": {"count": 25878, "period_on_period": 43.7, "year_on_year": None, "share": 97.3},
    }
    assert summary["valid"] == {
        "total": {"count": 2554, "period_on_period": 26.1, "year_on_year": None},
        "postal": {"count": 58, "period_on_period": -6.5, "year_on_year": None, "share": 2.3},
        "express": {"count": 2496, "period_on_period": 27.1, "year_on_year": None, "share": 97.7},
    }
    kinds = ("administration", "enterprise_postal", "enterprise_express")
    assert [summary[f"satisfaction_{kind}"]["percent"] for kind in kinds] == [97.8, 93.1, 96.0]
    assert (summary["reply_overdue"], summary["reply_untruthful"], summary["recovered"]) == (4, 0, 744.5)


def test_the_paragraph_reads_as_the_circular_does(db: Database, run: Run) -> None:
    assert _circular(db, run, *FEBRUARY, *MARCH)["text"] == (
        "2021年3月，邮政管理部门共处理用户申诉26605件，环比增长42.2%。其中涉及邮政服务问题727件，占总量的2.7%，环比增长2.3%；"
        "涉及快递服务问题25878件，占总量的97.3%，环比增长43.7%。有效申诉（确定企业责任的）2554件，环比增长26.1%。其中涉及邮政"
        "服务问题58件，占总量的2.3%，环比下降6.5%；涉及快递服务问题2496件，占总量的97.7%，环比增长27.1%。用户对邮政管理部门有效"
        "申诉处理工作满意率为97.8%，对邮政企业有效申诉处理结果满意率为93.1%，对快递企业有效申诉处理结果满意率为96%。"
        "企业逾期答复4件，答复不属实0件。为用户挽回经济损失744.5万元。"
    )


def test_a_month_that_nothing_is_known_of(db: Database, run: Run) -> None:
    circular = _circular(db, run)
    assert circular["summary"]["complaints"]["total"] == {
        "count": 0,
        "period_on_period": None,
        "year_on_year": None,
    }
    assert circular["summary"]["complaints"]["postal"]["share"] is None
    assert circular["summary"]["satisfaction_administration"]["percent"] is None
    assert circular["tables"]["T6"]["rows"] == []
    assert "0件" in circular["text"]


def test_a_fall_to_nothing_is_shown_and_a_rise_from_nothing_has_no_percent(db: Database, run: Run) -> None:
    before = _cell(date(2021, 2, 1), "EXPRESS", "DAMAGE", closed=4)
    now = _cell(date(2021, 3, 1), "EXPRESS", "DELAY", closed=5)
    rows = {row["issue"]: row for row in _circular(db, run, before, now)["tables"]["T6"]["rows"]}
    assert (rows["DAMAGE"]["count"], rows["DAMAGE"]["period_on_period"]) == (0, -100.0)
    assert (rows["DELAY"]["count"], rows["DELAY"]["period_on_period"], rows["DELAY"]["share"]) == (
        5,
        None,
        100.0,
    )
    assert set(rows) == {"DAMAGE", "DELAY"}


def test_the_issue_table_of_2013_06(db: Database, run: Run) -> None:
    month = date(2013, 6, 1)
    before = _cell(date(2013, 5, 1), "EXPRESS", "DELAY", valid=14111)
    cells = (_cell(month, "EXPRESS", issue, valid=count) for issue, count, _ in JUNE_2013)
    table = _circular(db, run, before, *cells, period="2013-06")["tables"]["T6_valid"]
    assert [(row["issue"], row["count"], row["share"]) for row in table["rows"]] == list(JUNE_2013)
    assert table["total"] == {"count": 12634, "period_on_period": -10.5, "year_on_year": None}
    assert table["rows"][0]["name"] == "延误"


def test_an_issue_that_reference_data_no_longer_names_still_counts(db: Database, run: Run) -> None:
    cell = _cell(date(2021, 3, 1), "POSTAL", "PHILATELY_SALE", closed=2)
    rows = _circular(db, run, cell)["tables"]["T4"]["rows"]
    assert [(row["issue"], row["name"], row["count"]) for row in rows] == [
        ("PHILATELY_SALE", "PHILATELY_SALE", 2)
    ]


def test_postal_tables_tell_business_types_apart(db: Database, run: Run) -> None:
    month = date(2021, 3, 1)
    letters = _cell(month, "POSTAL", "DELAY", closed=3, valid=1)
    parcels = _cell(month, "POSTAL", "DELAY", closed=2) | {"business_type": "PARCEL"}
    tables = _circular(db, run, letters, parcels)["tables"]
    assert tables["T4"]["by_business_type"] == {"LETTER": 3, "PARCEL": 2}
    assert tables["T4"]["rows"][0]["by_business_type"] == {"LETTER": 3, "PARCEL": 2}
    assert tables["T5"]["rows"][0]["by_business_type"] == {"LETTER": 1}
    assert "by_business_type" not in tables["T6"]


def test_the_overdue_table_of_2021_03(db: Database, run: Run) -> None:
    """G3: 中国邮政 黑龙江2 宁夏1, 中外运-空运 广东1."""
    late = [
        (POSTAL, "230000"),
        (POSTAL, "230000"),
        (POSTAL, "640000"),
        ({"carrier_code": "SINOAIRINEX"}, "440000"),
    ]
    moment = at("2021-03-10 10:00")
    cases = [closed(moment, moment, reply_overdue=True, province=province, **kind) for kind, province in late]
    run(put(db, *cases, closed(moment, moment, province="110000"), case(at("2021-03-11 10:00"))))
    run(refresh.refresh(db))
    tables = _circular(db, run)["tables"]
    assert tables["T2"]["total"] == 4
    rows = [
        (row["name"], row["count"], [(part["name"], part["count"]) for part in row["provinces"]])
        for row in tables["T2"]["rows"]
    ]
    assert rows == [
        ("中国邮政", 3, [("黑龙江省", 2), ("宁夏回族自治区", 1)]),
        ("中外运-空运", 1, [("广东省", 1)]),
    ]
    assert [part["count"] for part in tables["T2"]["provinces"]] == [2, 1, 1]
    assert tables["T3"]["total"] == 0


@pytest.mark.parametrize(
    ("basis", "count"), [(Measure.RECEIVED, 3), (Measure.ACCEPTED, 2), (Measure.CLOSED, 1)]
)
def test_the_basis_decides_what_is_counted(db: Database, run: Run, basis: Measure, count: int) -> None:
    march = at("2021-03-10 10:00")
    run(put(db, case(march), case(march, accepted_at=march, status="ACCEPTED"), closed(march, march)))
    run(refresh.refresh(db))
    circular = _circular(db, run, basis=basis)
    assert circular["summary"]["complaints"]["total"]["count"] == count
    assert circular["tables"]["T6"]["total"]["count"] == count


def test_the_basis_valid_is_refused(db: Database, run: Run) -> None:
    with pytest.raises(InvalidInputError, match="one event"):
        _circular(db, run, basis=Measure.VALID)


@pytest.mark.parametrize("period", ["2021", "2021-3", "2021-00", "2021-Q1", "nonsense"])
def test_a_period_that_is_no_month(db: Database, run: Run, period: str) -> None:
    with pytest.raises(InvalidInputError, match="does not name a month"):
        _circular(db, run, period=period)


def test_the_valid_are_a_part_of_the_closed_whatever_is_counted(db: Database, run: Run) -> None:
    cell = _cell(date(2021, 3, 1), "EXPRESS", "DELAY", received=10, closed=40, valid=20)
    assert _circular(db, run, cell, basis=Measure.RECEIVED)["summary"]["valid_ratio"] == 50.0
