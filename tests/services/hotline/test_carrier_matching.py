"""Which enterprise a name means: one that is certain, in any usual writing; of a doubtful one, none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.hotline import carrier_matching
from services.reference import data, files
from services.reference.entries import Carrier

PACKAGED = data.build(1, "packaged", files.read(files.PACKAGED).values())


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("中通快递", "ZTO"),
        ("中通", "ZTO"),
        ("ZTO", "ZTO"),
        ("zto express", "ZTO"),
        ("ＺＴＯ", "ZTO"),
        ("中通快递（杭州）有限公司", "ZTO"),
        ("杭州中通快递有限公司", "ZTO"),
        ("圆通快递杭州分公司", "YTO"),
        ("圆通 速递", "YTO"),
        ("顺丰速运", "SF"),
        ("中国邮政", "YZPY"),
    ],
)
def test_a_name_in_usual_writing_means_its_enterprise(name: str, code: str) -> None:
    assert carrier_matching.carrier_of(name, PACKAGED) == code


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "（）",
        "某某快递",
        "快递",
        "快递公司",
        "菜鸟驿站",
        "中国",
        # letters inside a word are no name
        "AZTOB",
        "中通快递和圆通快递",
    ],
)
def test_what_is_not_certain_means_none(name: str) -> None:
    assert carrier_matching.carrier_of(name, PACKAGED) is None


@pytest.mark.parametrize("carrier", PACKAGED.carriers.values(), ids=lambda each: each.code)
def test_no_enterprises_own_names_mean_another(carrier: Carrier) -> None:
    for name in (carrier.code, carrier.name_zh, carrier.operator, carrier.name_en):
        assert carrier_matching.carrier_of(name, PACKAGED) in {carrier.code, None}, name


@given(st.text(max_size=30))
def test_whatever_the_text_the_answer_is_a_known_code_or_none(text: str) -> None:
    assert carrier_matching.carrier_of(text, PACKAGED) in {*PACKAGED.carriers, None}
