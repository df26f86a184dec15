"""Identifiers: every way of writing a number has one form, and what is none is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_2

from shared import identifiers

PHONES = {
    "13800138000": "+8613800138000",
    "+86 138 0013 8000": "+8613800138000",
    "0086-138-0013-8000": "+8613800138000",
    "１３８００１３８０００": "+8613800138000",
    "138\u20110013\u20118000": "+8613800138000",
    "19912345678": "+8619912345678",
    "0571-87654321": "+8657187654321",
    "(010) 6666 8888": "+861066668888",
    "（０１０）６６６６８８８８": "+861066668888",
    "010-66668888转8001": "+861066668888;ext=8001",
    "010-66668888 ext. 8001": "+861066668888;ext=8001",
    "4008123123": "+864008123123",
    "10086": "10086",
    "12305": "12305",
    "95338": "95338",
    "110": "110",
    "+852 2123 4567": "+85221234567",
    "+1 202 555 0123": "+12025550123",
    # copied from contacts or a spreadsheet, with marks that nobody sees
    "\u202d13800138000\u202c": "+8613800138000",
    "138\u200b00138000": "+8613800138000",
    "tel:13800138000": "+8613800138000",
    "0571/88888888": "+8657188888888",
    "0571-88888888。": "+8657188888888",
    "0571-88888888;": "+8657188888888",
    # numbers with extensions, as they stand on waybills
    "0571-88888888-801": "+8657188888888;ext=801",
    "021 6321 4567-8": "+862163214567;ext=8",
    "010-6512-3456": "+861065123456",
    "18412345678-1234": "+8618412345678;ext=1234",
    "18412345678转1234": "+8618412345678;ext=1234",
    "13800138000轉1234": "+8613800138000;ext=1234",
    "13800138000分机1234": "+8613800138000;ext=1234",
    "13800138000转分机1234": "+8613800138000;ext=1234",
    "13800138000，1234": "+8613800138000;ext=1234",
    "13800138000,1234": "+8613800138000;ext=1234",
    "13800138000*1234": "+8613800138000;ext=1234",
    "13800138000[1234]": "+8613800138000;ext=1234",
    "13800138000（转1234）": "+8613800138000;ext=1234",
    # a number is one number with its country's code or without
    "17412345678": "+8617412345678",
    "+8617412345678": "+8617412345678",
    "0086 17412345678": "+8617412345678",
    "11183": "11183",
    "11185": "11185",
    "95013123456789": "95013123456789",
}
NO_PHONES = (
    "",
    " ",
    "abc",
    "1",
    "7654",
    "1380013800",
    "138001380001",
    "13800138000,13900139000",
    "10086-1",
    "call 13800138000",
    "13800138000 or 13900139000",
    "1380013ABCD",
    "😀13800138000",
    "13800138000;DROP",
    "+",
    "++8613800138000",
    "+999 12345678",
    "٣٤٥",
    "138\x0013800000",
)


@pytest.mark.parametrize(("written", "form"), PHONES.items())
def test_a_phone_has_one_form(written: str, form: str) -> None:
    assert identifiers.normal_phone(written) == form


@pytest.mark.parametrize("written", NO_PHONES)
def test_what_is_no_phone_is_refused(written: str) -> None:
    assert identifiers.normal_phone(written) is None


@given(written=st.text(max_size=30))
def test_any_text_is_a_phone_in_its_form_or_none(written: str) -> None:
    form = identifiers.normal_phone(written)
    assert form is None or identifiers.normal_phone(form) == form


@given(
    district=st.integers(0, 999_999),
    year=st.integers(1900, 2025),
    month=st.integers(1, 12),
    day=st.integers(1, 28),
    order=st.integers(0, 999),
)
def test_a_card_is_taken_by_date_and_check_digit_whatever_its_district(
    district: int, year: int, month: int, day: int, order: int
) -> None:
    body = f"{district:06d}{year}{month:02d}{day:02d}{order:03d}"
    card = body + mod_11_2.calc_check_digit(body)
    assert identifiers.normal_identity_card(f" {card.lower()} ") == card
    for digit in "0123456789X":
        assert (identifiers.normal_identity_card(body + digit) is not None) == (body + digit == card)


@pytest.mark.parametrize("date", ["19900230", "20231301", "20230001", "00000101", "10000101"])
def test_a_card_of_no_date_is_refused(date: str) -> None:
    body = f"110101{date}123"
    assert identifiers.normal_identity_card(body + mod_11_2.calc_check_digit(body)) is None


@pytest.mark.parametrize(
    "written", ["", "110101900307123", "1" * 17, "1" * 19, "１" * 18, "x" * 18, "11010119900307123?"]
)
def test_what_is_no_card_is_refused(written: str) -> None:
    assert identifiers.normal_identity_card(written) is None


WAYBILLS = {
    "75123456789012": "75123456789012",
    " sf 1234 5678 90123 ": "SF1234567890123",
    "ＳＦ１２３４５６７８９０１２３": "SF1234567890123",
    "jd0012-1-1-": "JD0012-1-1-",
    "1234": None,
    "包裹": None,
    "A" * 41: None,
    "SF123456!": None,
    "": None,
}


@pytest.mark.parametrize(("written", "form"), WAYBILLS.items())
def test_a_waybill_has_one_form(written: str, form: str | None) -> None:
    assert identifiers.normal_waybill(written) == form


# UPU S10-12, annex: the check digit of 47312482 is 9; the others were computed by hand
S10 = {
    "RA473124829CN": True,
    "RA473124828CN": False,
    "EE000000005CN": True,
    "CP123456785CN": True,
    "CP123456780CN": False,
}


@pytest.mark.parametrize(("waybill", "holds"), S10.items())
def test_the_check_digit_of_an_s10_number(waybill: str, holds: bool) -> None:  # noqa: FBT001 - a parameter of pytest
    assert identifiers.is_s10(waybill)
    assert identifiers.s10_check_digit_holds(waybill) is holds


@pytest.mark.parametrize(
    "waybill", ["RA47312482CN", "ra473124829cn", "RA473124829C1", "RA４73124829CN", "SF1234567890123"]
)
def test_other_numbers_are_not_s10(waybill: str) -> None:
    assert not identifiers.is_s10(waybill)


@pytest.mark.parametrize(
    "written", ["110105 19491231 002x", "110105-19491231-002X", "\u202d11010519491231002X\u202c"]
)
def test_a_card_is_read_with_blanks_hyphens_and_marks(written: str) -> None:
    assert identifiers.normal_identity_card(written) == "11010519491231002X"


def test_a_waybill_is_found_with_hyphens_or_without() -> None:
    assert identifiers.bare_waybill_of("7531-2345-6789-01") == identifiers.bare_waybill_of("75312345678901")
    assert identifiers.bare_waybill_of("jdva0123456789-1-1-") == "JDVA012345678911"
    assert identifiers.bare_waybill_of("\u202d75312345678901\u202c") == "75312345678901"
    assert identifiers.normal_waybill("-----") is identifiers.bare_waybill_of("看不清") is None
