"""Whether the rows of reference data fit together: a fault names file, line and remedy, and all are listed at once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from services.reference import checks, files
from services.reference.files import InvalidReferenceError

Edit = Callable[[str, str, str], Path]


def _refusal(folder: Path) -> InvalidReferenceError:
    with pytest.raises(InvalidReferenceError) as caught:
        checks.check(files.read(folder))
    return caught.value


@pytest.mark.parametrize(
    ("name", "old", "new", "place", "says"),
    [
        (
            "regions.csv",
            "东城区,COUNTY,110000",
            "东城区,COUNTY,119900",
            "regions.csv:3",
            "not a region in force",
        ),
        ("region_succession.csv", ",110101", ",110103", "region_succession.csv:2", "not a region in force"),
        (
            "bureaus.csv",
            "CITY,130100,P130000",
            "CITY,130100,N000000",
            "bureaus.csv",
            "bureau of level PROVINCE",
        ),
        ("bureaus.csv", "CITY,130200", "CITY,130100", "bureaus.csv", "serves this region already: C130100"),
        (
            "bureaus.csv",
            "P110000,北京市邮政管理局,PROVINCE",
            "P110000,北京市邮政管理局,NATIONAL",
            "bureaus.csv",
            "",
        ),
        ("waybill_patterns.csv", "YZPY,\\d{13}", "NOBODY,\\d{13}", "waybill_patterns.csv", "not a carrier"),
        (
            "issues.csv",
            "FALSE_SIGN,DELIVERY_SERVICE",
            "FALSE_SIGN,DELAYS",
            "issues.csv:10",
            "issue of the first level",
        ),
        ("deadline_rules.csv", "2020,total,30", "2020,total,45", "deadline_rules.csv", "not within 30 days"),
        ("policies.json", '"version": "2020", "roll', '"version": "2031", "roll', "policies.json", "2031"),
        ("policies.json", '"max_bounces": 2', '"max_bounces": "2"', "policies.json#routing", "whole number"),
        ("policies.json", '"max_bounces": 2, ', "", "policies.json#routing", "exactly national, max_bounces"),
        (
            "policies.json",
            '"roll_forward": true',
            '"roll_forward": 1',
            "policies.json#deadlines",
            "true or false",
        ),
        ("policies.json", '"ELDERLY": "L1"', '"ELDERLY": "L9"', "policies.json", "L9"),
        ("policies.json", "N000000", "P330000", "policies.json#routing", "level NATIONAL"),
        (
            "workdays.csv",
            "2021-06-15,true,chinesecalendar 1.11.0\n",
            "",
            "workdays.csv:533",
            "day after 2021-06-14",
        ),
    ],
)
def test_a_contradiction_names_its_place_and_its_remedy(
    edited: Edit, name: str, old: str, new: str, place: str, says: str
) -> None:
    first = _refusal(edited(name, old, new)).errors[0]
    assert first.pointer.startswith(place)
    assert says in first.message


def test_every_contradiction_is_listed_at_once(edited: Edit) -> None:
    edited("bureaus.csv", "CITY,130200", "CITY,130100")
    refusal = _refusal(edited("policies.json", '"max_bounces": 2', '"max_bounces": "2"'))
    assert [error.pointer.partition(":")[0].partition("#")[0] for error in refusal.errors] == [
        "bureaus.csv",
        "policies.json",
    ]
