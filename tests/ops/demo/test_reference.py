"""What the demo makes up fits the reference data: codes exist, places are in force, waybills look as the enterprise's do."""

from collections.abc import Callable, Coroutine
from typing import Any

from ops.demo import generate, persons
from ops.demo.margins import FEBRUARY
from services.reference.cache import ReferenceCache
from shared.database import Database


def test_codes_and_numbers_fit_the_reference(
    db: Database, run: Callable[[Coroutine[Any, Any, Any]], Any]
) -> None:
    reference = run(ReferenceCache(db).reference())
    for row in generate.complaints(FEBRUARY):
        carrier, issue = row["carrier_code"], reference.issues[row["issue_code"]]
        assert reference.carriers[carrier].in_scope
        assert reference.issues[row["issue_detail_code"]].parent == row["issue_code"]
        assert issue.postal if row["business"] == "POSTAL" else issue.express
        assert row["outcome"]["close_reason"] in reference.codes["close_reason"]
        assert reference.waybill_looks_like(carrier, row["item"]["waybill"]) is not False, carrier


def test_places_are_in_force(db: Database, run: Callable[[Coroutine[Any, Any, Any]], Any]) -> None:
    reference = run(ReferenceCache(db).reference())
    provinces = persons.counties()
    assert persons.PROVINCE_WEIGHTS.keys() == provinces.keys()
    for places in provinces.values():
        assert all(place.code in reference.regions for place in places)


def test_names_of_enterprises_are_those_of_the_reference(
    db: Database, run: Callable[[Coroutine[Any, Any, Any]], Any]
) -> None:
    reference = run(ReferenceCache(db).reference())
    assert {
        code: reference.carriers[code].name_zh for code in generate.CARRIER_NAMES
    } == generate.CARRIER_NAMES
