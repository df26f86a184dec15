"""The names of a division: its full name, its short ones, those that its land once had; what each may mean."""

import pytest

from services.rules.facts import Jurisdictions
from services.rules.jurisdiction import place_names


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("西湖区", ("西湖",)),
        ("浙江省", ("浙江",)),
        ("杭州市", ("杭州",)),
        ("香港特别行政区", ("香港",)),
        ("广西壮族自治区", ("广西",)),
        ("新疆维吾尔自治区", ("新疆",)),
        ("内蒙古自治区", ("内蒙古",)),
        ("恩施土家族苗族自治州", ("恩施", "恩施州")),
        ("伊犁哈萨克自治州", ("伊犁", "伊犁州")),
        ("隆林各族自治县", ("隆林", "隆林县")),
        ("东乡族自治县", ("东乡", "东乡县")),
        ("锡林郭勒盟", ("锡林郭勒",)),
        ("神农架林区", ("神农架",)),
        # two characters are too few to be told by one
        ("沙县", ()),
        ("矿区", ()),
        ("东城", ()),
        ("", ()),
    ],
)
def test_short_names(name: str, short: tuple[str, ...]) -> None:
    assert place_names.short_names(name) == short


def test_a_name_holds_all_that_it_may_mean(reference: Jurisdictions) -> None:
    names = place_names.gazetteer(
        reference.regions.values(),
        {"武林区": ("330106",), "西湖县": ("330106", "330100")},
        {"杭": ("330100",), "西湖": ("330106", "441900")},
    )
    assert names["西湖区"].full == ["330106"]
    # a short name that is listed besides is not doubled
    assert names["西湖"].short == ["330106", "441900"]
    assert names["杭"].short == ["330100"]
    assert (names["武林区"].old, names["武林区"].full) == (["330106"], [])
    assert names["武林"].old_short == ["330106"]
    assert names["西湖"].old_short == ["330106", "330100"]
    assert "沙" not in names
