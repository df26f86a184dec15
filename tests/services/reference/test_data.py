"""The packaged facts, as the reference answers for them."""

from datetime import date
from enum import StrEnum

import pytest

from services.reference.data import ReferenceData
from services.rules import levels
from services.rules.admission import AdmissionRules
from services.rules.levels import LevelRules
from shared import vocabulary
from shared.vocabulary import BureauLevel, RegionLevel


def test_regions_are_those_of_the_end_of_2025(packaged: ReferenceData) -> None:
    ranks = [region.level for region in packaged.regions.values()]
    assert ranks.count(RegionLevel.PROVINCE) == 34  # with Taiwan, which the ministry's table leaves out
    assert ranks.count(RegionLevel.CITY) == 333
    assert ranks.count(RegionLevel.COUNTY) == 2845


@pytest.mark.parametrize(
    ("code", "level", "city"),
    [
        ("441900", RegionLevel.CITY, "441900"),
        ("442000", RegionLevel.CITY, "442000"),
        ("460400", RegionLevel.CITY, "460400"),
        ("620200", RegionLevel.CITY, "620200"),
        ("419001", RegionLevel.COUNTY, None),
        ("429004", RegionLevel.COUNTY, None),
        ("110101", RegionLevel.COUNTY, None),
        ("330106", RegionLevel.COUNTY, "330100"),
    ],
)
def test_cities_without_counties_and_counties_without_cities_are_targets(
    packaged: ReferenceData, code: str, level: RegionLevel, city: str | None
) -> None:
    assert (packaged.regions[code].level, packaged.regions[code].city) == (level, city)
    resolution = packaged.resolve_region(code)
    assert resolution is not None
    assert (resolution.code, resolution.mapped_from) == (code, None)


@pytest.mark.parametrize(
    ("code", "means", "successors"),
    [
        ("330104", "330100", ("330102", "330114")),  # 江干 → 上城 and 钱塘: their city
        ("500105", "500157", ("500157",)),
        ("500112", "500157", ("500157",)),
        ("110103", "110101", ("110101",)),
        ("371202", "370116", ("370116",)),
        ("341400", "340000", ("340100", "340200", "340500")),  # 巢湖 → three cities: their province
        ("132100", "130400", ("130400",)),
    ],
)
def test_an_abolished_code_means_its_successor_or_what_holds_them_all(
    packaged: ReferenceData, code: str, means: str, successors: tuple[str, ...]
) -> None:
    resolution = packaged.resolve_region(code)
    assert resolution is not None
    assert (resolution.code, resolution.mapped_from, resolution.successors) == (means, code, successors)


@pytest.mark.parametrize("code", ["999999", "000000", "", "33010", "512300"])
def test_what_never_was_a_division_or_went_to_two_provinces_means_nothing(
    packaged: ReferenceData, code: str
) -> None:
    assert packaged.resolve_region(code) is None


def test_every_successor_is_in_force(packaged: ReferenceData) -> None:
    assert not packaged.successors.keys() & packaged.regions.keys()
    assert all(code in packaged.regions for codes in packaged.successors.values() for code in codes)


def test_bureaus_are_one_31_and_one_for_each_city(packaged: ReferenceData) -> None:
    bureaus = packaged.jurisdictions.bureaus
    ranks = [bureau.level for bureau in bureaus.values()]
    assert ranks.count(BureauLevel.NATIONAL) == 1
    assert ranks.count(BureauLevel.PROVINCE) == 31
    assert ranks.count(BureauLevel.CITY) == 333
    assert bureaus[packaged.jurisdictions.national].level == BureauLevel.NATIONAL
    for region in packaged.regions.values():
        if region.province[:2] not in {"71", "81", "82"}:
            assert packaged.jurisdictions.bureau_by_region[region.city or region.province] in bureaus


def test_municipalities_and_special_regions_have_no_city_bureaus(packaged: ReferenceData) -> None:
    served = packaged.jurisdictions.bureau_by_region
    assert "110101" not in served
    assert not any(code[:2] in {"71", "81", "82"} for code in served)
    assert not packaged.jurisdictions.bureaus["P110000"].city_handles


def test_carriers_are_known_by_the_codes_of_the_trade(packaged: ReferenceData) -> None:
    assert sum(carrier.in_scope for carrier in packaged.carriers.values()) >= 40
    pairs = {code: packaged.carriers[code].kuaidi100_code for code in ("SF", "ZTO", "YZPY", "HTKY", "JTSD")}
    assert pairs == {
        "SF": "shunfeng",
        "ZTO": "zhongtong",
        "YZPY": "youzhengguonei",
        "HTKY": "huitongkuaidi",
        "JTSD": "jtexpress",
    }
    assert packaged.carriers["YZPY"].business == "POSTAL"
    assert not packaged.carriers["SFWL"].in_scope


@pytest.mark.parametrize(
    ("carrier", "waybill", "looks"),
    [
        ("SF", "SF1234567890123", True),
        ("SF", "YT1234567890123", False),
        ("YTO", "YT1234567890123", True),
        ("EMS", "EA123456785CN", True),
        ("EMS", "EA123456785CNX", False),
        ("ZTO", "٠١٢٣٤٥٦٧٨٩٠١", False),
        ("ARAMEX", "anything", None),
        ("NOBODY", "anything", None),
    ],
)
def test_waybills_are_recognised_whole_or_not_judged(
    packaged: ReferenceData, carrier: str, waybill: str, looks: object
) -> None:
    assert packaged.waybill_looks_like(carrier, waybill) is looks


def test_issues_have_two_levels_and_cod_is_express_only(packaged: ReferenceData) -> None:
    first = {code for code, issue in packaged.issues.items() if issue.parent is None}
    assert first == {
        "DELIVERY_SERVICE",
        "DELAY",
        "LOSS_SHORTAGE",
        "DAMAGE",
        "ACCEPTANCE_SERVICE",
        "OVERCHARGE",
        "COD",
        "OTHER",
    }
    assert {issue.parent for issue in packaged.issues.values()} - {None} <= first
    assert not packaged.issues["COD"].postal
    assert packaged.taxonomy_version == 1


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("level", vocabulary.Level),
        ("responsibility", vocabulary.Responsibility),
        ("channel", vocabulary.Channel),
        ("goods", vocabulary.Goods),
        ("urgency", vocabulary.Urgency),
    ],
)
def test_every_word_of_the_vocabulary_has_its_names(
    packaged: ReferenceData, kind: str, values: type[StrEnum]
) -> None:
    assert set(packaged.codes[kind]) == {str(value) for value in values}


def test_grounds_and_reasons_are_those_of_the_rulebook(packaged: ReferenceData) -> None:
    assert len(packaged.codes["refusal_ground"]) == 11
    assert len(packaged.codes["close_reason"]) == 7
    assert packaged.codes["close_reason"]["MEDIATED"].name_zh == "调解达成"


def test_the_rules_in_force_are_those_of_2020(packaged: ReferenceData) -> None:
    amounts = packaged.deadlines.amounts
    assert packaged.deadlines.version == "2020"
    assert (amounts["acceptance"], amounts["total"], amounts["enterprise_reply"]) == (
        (5, "day"),
        (30, "day"),
        (10, "day"),
    )
    assert packaged.deadlines_by_version["2014"].amounts["enterprise_reply"] == (15, "day")
    assert packaged.admission == AdmissionRules()
    assert packaged.levels == LevelRules()
    assert packaged.levels.by_urgency == levels.URGENCY_LEVELS
    assert packaged.jurisdictions.max_bounces == 2


@pytest.mark.parametrize(
    ("start", "n", "day"),
    [
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-13", 2, "2026-02-24"),
        ("2026-02-13", 3, "2026-02-25"),
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-02-13", 10, "2026-03-05"),
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-09-30", 3, "2026-10-10"),
        ("2026-09-30", 5, "2026-10-13"),
        ("2026-04-30", 1, "2026-05-06"),
        ("2025-01-24", 1, "2025-01-26"),
        ("2025-01-24", 3, "2025-02-05"),
    ],
)
def test_golden_working_days(packaged: ReferenceData, start: str, n: int, day: str) -> None:
    # rulebook 3.1
    assert packaged.calendar.add_workdays(date.fromisoformat(start), n) == (date.fromisoformat(day), False)


def test_the_table_of_working_days_ends_and_says_so(packaged: ReferenceData) -> None:
    assert packaged.calendar.horizon == date(2026, 12, 31)
    worked = [day.year for day, is_worked in packaged.calendar.days.items() if is_worked]
    assert [worked.count(year) for year in (2024, 2025, 2026)] == [251, 248, 248]
    assert packaged.calendar.add_workdays(date(2026, 12, 30), 3)[1]
