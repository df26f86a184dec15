"""Masks: none shows more of a name, a number or an address than the standard of waybills allows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.privacy import masking

LETTERS = st.text(alphabet="甲乙丙丁abc0123456789", min_size=1, max_size=30)


@given(text=LETTERS)
def test_no_mask_shows_more_than_it_may(text: str) -> None:
    assert masking.name(text) in {"*", text[0] + "*" * (len(text) - 1)}
    hidden = masking.phone(text).count("*")
    assert hidden >= min(masking.HIDDEN_PHONE_DIGITS, len(text) - 2)
    assert hidden >= 1
    assert masking.address(text) in {text[:shown] + "****" for shown in range(7)}
    assert masking.identity(text).count("*") >= min(len(text) - 2, 16)
    assert masking.waybill(text).count("*") >= min(len(text), max(len(text) - 4, 1))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("浙江省杭州市西湖区文三路100号", "浙江省杭州市****"),
        ("北京市朝阳区", "北京市****"),
        ("文三路100号", "****"),
        ("A座1201室B", "****"),
        ("3幢2单元502室", "****"),
    ],
)
def test_an_address_shows_no_road_and_no_room(text: str, shown: str) -> None:
    assert masking.address(text) == shown
