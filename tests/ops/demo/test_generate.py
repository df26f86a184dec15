"""The demo's complaints add up to the published margins, are the same every time, and each is a filing that intake takes."""

import hashlib
from collections import Counter
from datetime import datetime
from typing import Any

import orjson
import pytest

from ops.demo import generate, items, margins, texts
from ops.demo.margins import FEBRUARY, MARCH, Margins
from services.intake.filing import HistoricalFiling
from shared import clock, identifiers

# as published (rulebook 7, G2), written down here once more: month, all, postal, express, valid, postal, express,
# satisfied with the administration, the postal enterprise, the express enterprises, late replies
PUBLISHED = {
    "2021-02": (18715, 711, 18004, 2026, 62, 1964, "97.7", "95.2", "96.4", 3),
    "2021-03": (26605, 727, 25878, 2554, 58, 2496, "97.8", "93.1", "96.0", 4),
}


@pytest.fixture(scope="module", params=[FEBRUARY, MARCH], ids=lambda month: month.name)
def month(request: pytest.FixtureRequest) -> Margins:
    """Return the margins of each month."""
    found: Margins = request.param
    return found


@pytest.fixture(scope="module")
def rows(month: Margins) -> list[dict[str, Any]]:
    """Return the complaints of a month."""
    return [orjson.loads(line) for part in generate.parts(month) for line in part.splitlines()]


def _percent(part: list[dict[str, Any]], name: str) -> str:
    satisfied = sum(row["outcome"].get(name) is True for row in part)
    return f"{satisfied / len(part):.1%}".removesuffix("%")


def test_margins_are_those_that_were_published(month: Margins, rows: list[dict[str, Any]]) -> None:
    valid = [row for row in rows if row["outcome"]["responsibility"] == "ENTERPRISE"]
    business = Counter(row["business"] for row in rows)
    valid_business = Counter(row["business"] for row in valid)
    counted = (
        len(rows),
        business["POSTAL"],
        business["EXPRESS"],
        len(valid),
        valid_business["POSTAL"],
        valid_business["EXPRESS"],
        _percent(valid, "satisfied_administration"),
        _percent([row for row in valid if row["business"] == "POSTAL"], "satisfied_enterprise"),
        _percent([row for row in valid if row["business"] == "EXPRESS"], "satisfied_enterprise"),
        sum(row["outcome"].get("reply_overdue", False) for row in rows),
    )
    assert counted == PUBLISHED[month.name]


def test_every_complaint_lives_within_its_civil_month(month: Margins, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        outcome = row["outcome"]
        moments = [
            datetime.fromisoformat(text)
            for text in (row["received_at"], outcome["accepted_at"], outcome["closed_at"])
        ]
        assert moments == sorted(moments)
        assert {clock.civil_day(moment).replace(day=1) for moment in moments} == {month.month}


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


def test_numbers_have_their_form(rows: list[dict[str, Any]]) -> None:
    for row in rows[:2000]:
        who = row["complainant"]
        assert identifiers.normal_phone(who["phone"]) == f"+86{who['phone']}"
        if "identity_card" in who:
            assert identifiers.normal_identity_card(who["identity_card"])
    postal = [row["item"]["waybill"] for row in rows if row["business"] == "POSTAL"]
    assert all(
        identifiers.is_s10(waybill) and identifiers.s10_check_digit_holds(waybill) for waybill in postal
    )


def test_every_cause_has_its_sentences() -> None:
    causes = {cause for weighted in items.CAUSES.values() for cause in weighted.values}
    assert causes == texts.BODIES.keys()
    assert set(items.EXPRESS_ISSUES.values) | set(items.POSTAL_ISSUES.values) == items.CAUSES.keys()


def test_the_published_lines_agree_with_the_margins() -> None:
    for month in margins.MONTHS:
        lines = {line.path: line.published for line in margins.PUBLISHED[month.name]}
        assert lines["summary.complaints.total.count"] == month.total
        assert lines["summary.valid.total.count"] == month.valid
        assert lines["summary.reply_overdue"] == len(month.overdue)
