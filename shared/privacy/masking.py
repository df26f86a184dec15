"""Masking of personal data for people who do not need the full values.

快递电子运单 (in force 2023-02-01): at least one character of the name, at least six digits of the telephone number,
and the unit or room of the address are hidden. The usual 138****8000 hides four digits and does not satisfy it.
"""

import re

HIDDEN_PHONE_DIGITS = 6
_STAR = "*"
_ADDRESS_SHOWN = 6
_DIVISIONS = re.compile(r"(?:[^\W\d_]{1,8}?(?:省|自治区|市|自治州|地区|盟)){0,2}")


def name(text: str) -> str:
    """Return the first character of a name with all others hidden; a single character is hidden."""
    return text[0] + _STAR * max(len(text) - 1, 1) if len(text) > 1 else _STAR


def phone(text: str) -> str:
    """Return a telephone number with at least six digits hidden; a short one shows only its last two."""
    shown_front = 3 if len(text) >= HIDDEN_PHONE_DIGITS + 5 else 0
    shown_back = 2
    hidden = max(len(text) - shown_front - shown_back, 0)
    return (
        text[:shown_front] + _STAR * hidden + text[len(text) - shown_back :] if hidden else _STAR * len(text)
    )


def address(text: str) -> str:
    """Return province and city if an address begins with them, at most six characters; the rest is hidden."""
    divisions = _DIVISIONS.match(text)
    return text[: min(divisions.end() if divisions else 0, _ADDRESS_SHOWN)] + _STAR * 4


def identity(text: str) -> str:
    """Return an identity number with only its first character and its last shown."""
    return text[:1] + _STAR * max(len(text) - 2, 1) + text[-1:] if len(text) > 2 else _STAR * len(text)  # noqa: PLR2004


def waybill(text: str) -> str:
    """Return a waybill number with its last four characters shown: 2014 rules count it as user information."""
    return _STAR * max(len(text) - 4, 1) + text[-4:] if len(text) > 4 else _STAR * len(text)  # noqa: PLR2004
