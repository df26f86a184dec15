"""The tables of a circular: shares, changes and margins from cells; a month that nobody counted is no nought."""

from typing import Any

from services.circulars import tables
from services.circulars.cells import Cells, ReplyFaults
from services.circulars.tables import Months
from services.rules.metrics.measures import Measure
from shared.vocabulary import Business

NAMES = {"DELAY": "延误", "DAMAGE": "损毁", "OTHER": "其他"}


def _cells(*rows: tuple[str, str, str, dict[Measure, int]]) -> Cells:
    month = Cells()
    for row in rows:
        month.add(*row)
    return month


NOW = _cells(
    ("EXPRESS", "DELAY", "EXPRESS", {Measure.CLOSED: 6, Measure.VALID: 4, Measure.SATISFIED_ENTERPRISE: 3}),
    ("EXPRESS", "NEW", "EXPRESS", {Measure.CLOSED: 1}),
    ("POSTAL", "DAMAGE", "LETTER", {Measure.CLOSED: 2, Measure.VALID: 1, Measure.RECOVERED_FEN: 1_234_500}),
    ("POSTAL", "DAMAGE", "PARCEL", {Measure.CLOSED: 1}),
)
BEFORE = _cells(
    ("EXPRESS", "DELAY", "EXPRESS", {Measure.CLOSED: 4}),
    ("EXPRESS", "DAMAGE", "EXPRESS", {Measure.CLOSED: 2}),
)


def test_the_summary_has_shares_changes_and_satisfaction_of_the_valid() -> None:
    summary = tables.summary(Months(NOW, BEFORE, None), Measure.CLOSED)
    total = summary.complaints.total
    assert (total.count, total.period_on_period, total.year_on_year) == (10, 66.7, None)
    assert (summary.complaints.express.count, summary.complaints.express.share) == (7, 70.0)
    assert (summary.complaints.postal.count, summary.complaints.postal.period_on_period) == (3, None)
    assert (summary.valid.total.count, summary.valid_ratio) == (5, 50.0)
    enterprise = summary.satisfaction_enterprise_express
    assert (enterprise.satisfied, enterprise.valid, enterprise.percent) == (3, 4, 75.0)
    assert (summary.recovered_fen, summary.recovered) == (1_234_500, 1.2)


def test_of_nothing_there_is_no_percent() -> None:
    summary = tables.summary(Months(Cells(), Cells(), None), Measure.CLOSED)
    assert (summary.complaints.total.count, summary.complaints.total.period_on_period) == (0, None)
    assert (summary.valid_ratio, summary.complaints.postal.share) == (None, None)
    assert summary.satisfaction_administration.percent is None


def test_issues_stand_by_their_number_with_those_that_fell_to_nought_and_those_that_have_no_name() -> None:
    table = tables.issues("T6", Months(NOW, BEFORE, None), Measure.CLOSED, Business.EXPRESS, NAMES)
    rows: list[tuple[Any, ...]] = [
        (row.issue, row.name, row.count, row.share, row.period_on_period) for row in table.rows
    ]
    assert rows == [
        ("DELAY", "延误", 6, 85.7, 50.0),
        ("NEW", "NEW", 1, 14.3, None),
        # two in the month before, none now; what never occurred is left out
        ("DAMAGE", "损毁", 0, 0.0, -100.0),
    ]
    assert (table.total.count, table.by_business_type) == (7, None)


def test_a_postal_table_tells_business_types_apart() -> None:
    table = tables.issues("T4", Months(NOW, None, None), Measure.CLOSED, Business.POSTAL, NAMES)
    assert table.by_business_type == {"LETTER": 2, "PARCEL": 1}
    assert table.rows[0].by_business_type == {"LETTER": 2, "PARCEL": 1}


def test_replies_stand_by_enterprise_and_province_with_both_margins_the_largest_first() -> None:
    faults = [
        ReplyFaults("STO", "330000", 1, 0),
        ReplyFaults("ZTO", "330000", 2, 5),
        ReplyFaults("ZTO", "110000", 2, 0),
        ReplyFaults("YTO", "110000", 1, 0),
    ]
    counts = tables.counts_of(faults, Measure.REPLY_OVERDUE)
    assert tables.counts_of(faults, Measure.REPLY_UNTRUTHFUL) == {("ZTO", "330000"): 5}
    table = tables.by_carrier("T2", counts, {"ZTO": "中通"}, {"330000": "浙江"})
    assert (table.total, [(row.carrier, row.name, row.count) for row in table.rows]) == (
        6,
        [("ZTO", "中通", 4), ("STO", "STO", 1), ("YTO", "YTO", 1)],
    )
    assert [(each.province, each.name, each.count) for each in table.provinces] == [
        ("110000", "110000", 3),
        ("330000", "浙江", 3),
    ]
    assert [each.province for each in table.rows[0].provinces] == ["110000", "330000"]
