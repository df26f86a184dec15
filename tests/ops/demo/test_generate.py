"""The demo's complaints add up to the published margins, are the same every time, and each is a filing that intake takes."""

import hashlib
from collections import Counter
from typing import Any

import orjson

from ops.demo import generate
from ops.demo.margins import FEBRUARY, MARCH, Margins
from services.intake.filing import HistoricalFiling
from shared import clock


def test_late_replies_are_those_of_the_overdue_table() -> None:
    late = Counter(
        (row["carrier_code"], row["dispute"]["region_code"][:2])
        for row in generate.complaints(MARCH)
        if row["outcome"].get("reply_overdue")
    )
    assert late == {("YZPY", "23"): 2, ("YZPY", "64"): 1, ("SINOAIRINEX", "44"): 1}


def test_every_complaint_is_a_filing_that_intake_takes(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        filing = HistoricalFiling.model_validate_json(orjson.dumps(row))
        assert filing.item.mailed_on is not None
        assert filing.item.mailed_on < clock.civil_day(filing.received_at)
        assert "{" not in filing.cause + (filing.request or "")


def test_no_two_are_the_same_complaint() -> None:
    both = [*generate.complaints(FEBRUARY), *generate.complaints(MARCH, numbered_from=FEBRUARY.total)]
    for seen in (
        {row["external_ref"] for row in both},
        {row["item"]["waybill"] for row in both},
        {row["complainant"]["phone"] for row in both},
    ):
        assert len(seen) == FEBRUARY.total + MARCH.total
    assert len({row["cause"] for row in both}) > 40_000


def test_it_is_the_same_every_time() -> None:
    once, again = (hashlib.sha256(b"".join(generate.parts(FEBRUARY))).hexdigest() for _ in range(2))
    assert once == again


def test_parts_hold_at_most_a_thousand_rows(month: Margins) -> None:
    counts = [part.count(b"\n") for part in generate.parts(month)]
    assert sum(counts) == month.total
    assert set(counts[:-1]) == {1000}
