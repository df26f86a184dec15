"""Identifiers of people and items: telephone, identity card, waybill. Pure checks, and one normal form each."""

import re
import unicodedata
from datetime import date

import phonenumbers
from stdnum.iso7064 import mod_11_2

_MAINLAND_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_DIALLED = re.compile(r"(\+?\d{3,20})(?:(?:;?ext=?|x|转|#)(\d{1,6}))?", re.ASCII | re.IGNORECASE)
_NOISE = re.compile(r"[\s\-‐-―()（）.]+")
_S10 = re.compile(r"[A-Z]{2}\d{9}[A-Z]{2}", re.ASCII)
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_IDENTITY = re.compile(r"\d{17}[\dX]", re.ASCII)
_WAYBILL = re.compile(r"[A-Z0-9-]{5,40}", re.ASCII)


def plain(text: str) -> str:
    """Return a text with full-width characters folded to ordinary ones (NFKC), trimmed."""
    return text.strip() if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def normal_phone(text: str) -> str | None:
    """Return the normal form of a telephone number: E.164 (with `;ext=`), or the digits of a short number; else None.

    Numbers without a country prefix are read as numbers of mainland China. Short numbers are valid callers (12305, 95311).
    """
    candidate = _NOISE.sub("", plain(text))
    dialled = _DIALLED.fullmatch(candidate)
    if dialled is None:
        return None
    digits, extension = dialled.groups()
    if _MAINLAND_MOBILE.fullmatch(candidate):
        return f"+86{candidate}"
    try:
        number = phonenumbers.parse(digits, "CN")
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_valid_number(number):
        whole = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        return f"{whole};ext={extension}" if extension else whole
    if not extension and phonenumbers.is_valid_short_number_for_region(number, "CN"):
        return str(number.national_number)
    return None


def normal_identity_card(text: str) -> str | None:
    """Return a resident identity number (GB 11643) in capitals, or None if its check digit or its date is wrong.

    The district in it is not checked: people keep the number of an abolished district, and some districts are newer
    than our table.
    """
    candidate = plain(text).upper()
    if not _IDENTITY.fullmatch(candidate) or not mod_11_2.is_valid(candidate):
        return None
    try:
        date(int(candidate[6:10]), int(candidate[10:12]), int(candidate[12:14]))
    except ValueError:
        return None
    return candidate


def normal_waybill(text: str) -> str | None:
    """Return a waybill number in capitals without blanks, or None if it cannot be one."""
    candidate = re.sub(r"\s+", "", plain(text)).upper()
    return candidate if _WAYBILL.fullmatch(candidate) else None


def is_s10(waybill: str) -> bool:
    """Tell whether a waybill has the form of a UPU S10 item number (two letters, nine digits, two letters)."""
    return _S10.fullmatch(waybill) is not None


def s10_check_digit_holds(waybill: str) -> bool:
    """Tell whether the check digit of an S10 item number is right (UPU S10, weights 8 6 4 2 3 5 9 7)."""
    total = sum(weight * int(digit) for weight, digit in zip(_S10_WEIGHTS, waybill[2:10], strict=True))
    remainder = 11 - total % 11
    expected = {10: 0, 11: 5}.get(remainder, remainder)
    return int(waybill[10]) == expected
