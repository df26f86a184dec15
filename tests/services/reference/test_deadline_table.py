"""A region may have amounts of its own: its cases have them, all others those for all."""

import pytest

from services.reference import checks, data, files
from services.reference.data import ReferenceData
from services.reference.files import InvalidReferenceError
from services.reference.records import DeadlineRecord
from tests.services.case_rows import head
from tests.services.reference.conftest import Edit

TEN = "2020,enterprise_reply,10,day,"


def _row(region: str, amount: int, key: str = "enterprise_reply") -> DeadlineRecord:
    return {
        "version": "2020",
        "key": key,
        "amount": amount,
        "unit": "day",
        "source": "a province's rules",
        "confidence": "P",
        "region": region,
    }


def _with(*rows: DeadlineRecord) -> ReferenceData:
    values = files.read(files.PACKAGED).values()
    values["deadline_rule"] = [*values["deadline_rule"], *rows]
    return data.build(1, "packaged", values)


def _days(reference: ReferenceData, bureau: str | None) -> int:
    case = head(handling_bureau=bureau)
    return reference.deadline_rules_for(case).amounts["enterprise_reply"][0]


def test_seven_instead_of_ten_days_in_one_province() -> None:
    reference = _with(_row("330000", 7))
    # the province's own bureau, a city's of it, another province's, none yet
    assert [_days(reference, bureau) for bureau in ("P330000", "C330100", "P440000", "N000000", None)] == [
        7,
        7,
        10,
        10,
        10,
    ]
    rules = reference.deadline_rules("2020", "C330100")
    assert rules.sources["enterprise_reply"] == "a province's rules [P]"
    # all else is as everywhere
    nationwide = reference.deadlines_by_version["2020"]
    assert dict(rules.amounts) == {**nationwide.amounts, "enterprise_reply": (7, "day")}
    assert reference.deadline_rules("2014", "C330100") is reference.deadlines_by_version["2014"]


def test_a_city_has_its_own_amount_before_its_province() -> None:
    reference = _with(_row("330000", 7), _row("330100", 5), _row("330000", 2, "rework_reply"))
    assert [_days(reference, bureau) for bureau in ("C330100", "C330200")] == [5, 7]
    assert reference.deadline_rules("2020", "C330100").amounts["rework_reply"] == (2, "day")


def test_no_region_lengthens_the_statute() -> None:
    with pytest.raises(ValueError, match="not within 30 days"):
        _with(_row("330000", 31, "total"))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("2020,enterprise_reply,7,day,ours,P,999999", "not a region in force"),
        ("2020,total,45,day,ours,P,330000", "30"),
    ],
)
def test_a_row_of_no_region_or_beyond_the_statute_is_refused(edited: Edit, line: str, message: str) -> None:
    folder = edited("deadline_rules.csv", TEN, f"{line}\n{TEN}")
    with pytest.raises(InvalidReferenceError, match=message):
        checks.check(files.read(folder))
