"""The cells of a circular: each counts in every sum that it is part of, and only the postal ones by business type."""

from collections.abc import Callable
from datetime import date
from typing import Any

from services.circulars import cells
from services.circulars.cells import Cells, ReplyFaults
from services.figures import refresh
from services.rules.metrics.measures import Measure
from shared.database import Database
from tests.services.figures.casework import POSTAL, at, case, closed, put

MARCH = date(2021, 3, 1)


def test_a_cell_counts_in_every_sum_that_it_is_part_of() -> None:
    month = Cells()
    month.add("POSTAL", "DELAY", "LETTER", {Measure.CLOSED: 2, Measure.VALID: 1})
    month.add("POSTAL", "DELAY", "PARCEL", {Measure.CLOSED: 3})
    month.add("EXPRESS", "DELAY", "EXPRESS", {Measure.CLOSED: 5})
    closed_of = {
        "all": month.sum(Measure.CLOSED),
        "postal": month.sum(Measure.CLOSED, business="POSTAL"),
        "issue": month.sum(Measure.CLOSED, business="POSTAL", issue="DELAY"),
        "letters": month.sum(Measure.CLOSED, business="POSTAL", business_type="LETTER"),
        "letters of the issue": month.sum(
            Measure.CLOSED, business="POSTAL", issue="DELAY", business_type="LETTER"
        ),
        "express": month.sum(Measure.CLOSED, business="EXPRESS"),
    }
    assert closed_of == {
        "all": 10,
        "postal": 5,
        "issue": 5,
        "letters": 2,
        "letters of the issue": 2,
        "express": 5,
    }
    assert month.sum(Measure.VALID) == 1
    assert month.issues() == {"DELAY"}


def test_what_did_not_occur_is_nought() -> None:
    assert (Cells().sum(Measure.CLOSED), Cells().issues()) == (0, set())


def test_months_are_read_by_one_statement_and_one_without_cases_is_not_there(
    db: Database,
    run: Callable[[Any], Any],
    in_transaction: Callable[..., Any],
    statements: Callable[[], Any],
) -> None:
    letters = [closed(at("2021-02-10 10:00"), at("2021-03-02 10:00"), **POSTAL) for _ in range(2)]
    run(put(db, case(at("2021-03-10 10:00")), *letters))
    run(refresh.refresh(db))
    with statements() as sent:
        read = in_transaction(lambda connection: cells.of_months(connection, [MARCH, date(2020, 3, 1)]))
    assert len(sent) == 1
    assert read.keys() == {MARCH}
    month = read[MARCH]
    assert (month.sum(Measure.RECEIVED), month.sum(Measure.CLOSED)) == (1, 2)
    assert month.sum(Measure.CLOSED, business="POSTAL", business_type="LETTER") == 2


def test_late_and_untruthful_replies_stand_by_enterprise_and_province(
    db: Database, run: Callable[[Any], Any], in_transaction: Callable[..., Any]
) -> None:
    end = at("2021-03-12 10:00")
    faults: list[dict[str, Any]] = [
        {"reply_overdue": True},
        {"reply_overdue": True, "reply_untruthful": True},
        {"reply_untruthful": True, "province": "330000", "carrier_code": "STO"},
        {},
    ]
    run(put(db, *(closed(at("2021-03-01 10:00"), end, **fault) for fault in faults)))
    run(put(db, closed(at("2021-03-01 10:00"), at("2021-04-01 00:00"), reply_overdue=True)))
    run(refresh.refresh(db))
    read = in_transaction(lambda connection: cells.reply_faults_of(connection, MARCH))
    assert sorted(read, key=lambda each: each.carrier) == [
        ReplyFaults("STO", "330000", 0, 1),
        ReplyFaults("ZTO", "110000", 2, 1),
    ]
