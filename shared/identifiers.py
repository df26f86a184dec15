"""Identifiers of people and items: telephone, identity card, waybill. Pure checks, and one normal form each."""

import re
import unicodedata
from datetime import date

import phonenumbers
from stdnum.iso7064 import mod_11_2

from shared import visible

_MAINLAND_MOBILE = re.compile(r"(?:(?:\+|00)?86)?(1[3-9]\d{9})", re.ASCII)
_DIALLED = re.compile(r"\+?\d{3,20}", re.ASCII)
_SERVICE = re.compile(r"1[012]\d{3}|9[56]\d{3,12}", re.ASCII)
"""Numbers of services, as 12305, 11185, 95311, and of private relays under them, as 95013 with nine digits."""
_NOISE = re.compile(r"[\s\-‐-―()./]+")
_SCHEME = re.compile(r"tel:", re.IGNORECASE)
_EXTENSION = re.compile(
    r"(.*\d)[\s(\[]*(?:[转轉]?\s*分[机機]号?|[转轉]|;?ext\.?[=:]?|x|#|\*|,|;|\[)\s*(\d{1,6})[\s)\]]*",
    re.ASCII | re.IGNORECASE,
)
_LAST_PART = re.compile(r"(.*\d)\s*[-‐-―/]\s*(\d{1,6})", re.ASCII)
"""An extension behind a hyphen, as private numbers stand on waybills; asked only where the whole is no number."""
_S10 = re.compile(r"[A-Z]{2}\d{9}[A-Z]{2}", re.ASCII)
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_IDENTITY = re.compile(r"\d{17}[\dX]", re.ASCII)
_BETWEEN = re.compile(r"[\s\-‐-―]+")
_OLDEST_BIRTH = 1880
_WAYBILL = re.compile(r"(?=(?:-*[A-Z0-9]){5})[A-Z0-9-]{5,40}", re.ASCII)


def plain(text: str) -> str:
    """Return a text with full-width characters folded to ordinary ones (NFKC), without marks that nobody sees, trimmed."""
    if text.isascii():
        return text.strip()
    return visible.without_marks(unicodedata.normalize("NFKC", text)).strip()


def normal_phone(text: str) -> str | None:
    """Return the normal form of a telephone number: E.164 (with `;ext=`), or the digits of a short number; else None.

    Numbers without a country prefix are read as numbers of mainland China. Short numbers are valid callers (12305, 95311).
    An extension is taken in the usual ways of writing: 转1234, 分机1234, ext 1234, #1234, [1234], and `-1234` or `,1234`.
    """
    written = _SCHEME.sub("", plain(text)).rstrip(" ;,.。")
    if (extended := _EXTENSION.fullmatch(written)) is not None:
        return _extended(*extended.groups())
    if (number := _number(written)) is not None:
        return number
    last = _LAST_PART.fullmatch(written)
    return _extended(*last.groups()) if last is not None else None


def _extended(written: str, extension: str) -> str | None:
    number = _number(written)
    return f"{number};ext={extension}" if number is not None and number.startswith("+") else None


def _number(written: str) -> str | None:
    candidate = _NOISE.sub("", written)
    if (mobile := _MAINLAND_MOBILE.fullmatch(candidate)) is not None:
        return f"+86{mobile[1]}"
    if _DIALLED.fullmatch(candidate) is None:
        return None
    try:
        number = phonenumbers.parse(candidate, "CN")
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_valid_number(number):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if _SERVICE.fullmatch(candidate) or phonenumbers.is_valid_short_number_for_region(number, "CN"):
        return str(number.national_number)
    return None


def normal_identity_card(text: str) -> str | None:
    """Return a resident identity number (GB 11643) in capitals, or None if its check digit or its date is wrong.

    Blanks and hyphens between the digits are passed over. The district in it is not checked: people keep the number of an
    abolished district, and some districts are newer than our table.
    """
    candidate = _BETWEEN.sub("", plain(text)).upper()
    if not _IDENTITY.fullmatch(candidate) or not mod_11_2.is_valid(candidate):
        return None
    try:
        born = date(int(candidate[6:10]), int(candidate[10:12]), int(candidate[12:14]))
    except ValueError:
        return None
    return candidate if born.year >= _OLDEST_BIRTH else None


def normal_waybill(text: str) -> str | None:
    """Return a waybill number in capitals without blanks, or None if it cannot be one."""
    candidate = re.sub(r"\s+", "", plain(text)).upper()
    return candidate if _WAYBILL.fullmatch(candidate) else None


def bare_waybill(waybill: str) -> str:
    """Return a normal waybill number by which it is found and compared: without hyphens, which people leave out or add."""
    return waybill.replace("-", "")


def bare_waybill_of(text: str) -> str | None:
    """Return the form by which a waybill number is found, from what somebody wrote; None if it cannot be one."""
    waybill = normal_waybill(text)
    return bare_waybill(waybill) if waybill is not None else None


def is_s10(waybill: str) -> bool:
    """Tell whether a waybill has the form of a UPU S10 item number (two letters, nine digits, two letters)."""
    return _S10.fullmatch(waybill) is not None


def s10_check_digit_holds(waybill: str) -> bool:
    """Tell whether the check digit of an S10 item number is right (UPU S10, weights 8 6 4 2 3 5 9 7)."""
    total = sum(weight * int(digit) for weight, digit in zip(_S10_WEIGHTS, waybill[2:10], strict=True))
    remainder = 11 - total % 11
    expected = {10: 0, 11: 5}.get(remainder, remainder)
    return int(waybill[10]) == expected
