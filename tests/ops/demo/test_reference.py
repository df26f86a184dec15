"""What the demo makes up fits the reference data: codes exist, places are in force, waybills look as the enterprise's do."""

from collections.abc import Callable, Coroutine
from typing import Any

from ops.demo import generate, persons
from ops.demo.margins import FEBRUARY
from services.reference.cache import Bookshelf
from shared.database import Database


def test_codes_and_numbers_fit_the_book(db: Database, run: Callable[[Coroutine[Any, Any, Any]], Any]) -> None:
    book = run(Bookshelf(db).book())
    for row in generate.complaints(FEBRUARY):
        carrier, issue = row["carrier_code"], book.issues[row["issue_code"]]
        assert book.carriers[carrier].in_scope
        assert book.issues[row["issue_detail_code"]].parent == row["issue_code"]
        assert issue.postal if row["business"] == "POSTAL" else issue.express
        assert row["outcome"]["close_reason"] in book.codes["close_reason"]
        assert book.waybill_looks_like(carrier, row["item"]["waybill"]) is not False, carrier


def test_places_are_in_force(db: Database, run: Callable[[Coroutine[Any, Any, Any]], Any]) -> None:
    book = run(Bookshelf(db).book())
    provinces = persons.counties()
    assert persons.PROVINCE_WEIGHTS.keys() == provinces.keys()
    for places in provinces.values():
        assert all(place.code in book.regions for place in places)


def test_names_of_enterprises_are_those_of_the_book(
    db: Database, run: Callable[[Coroutine[Any, Any, Any]], Any]
) -> None:
    book = run(Bookshelf(db).book())
    assert {code: book.carriers[code].name_zh for code in generate.CARRIER_NAMES} == generate.CARRIER_NAMES
