"""Which enterprise a hotline means by a name: one of the reference data, if that is certain, else none.

An order names its enterprise in words. The wrong one would be asked to answer for another, so a name that fits two, or
fits none well, is left to an officer.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from services.reference.data import ReferenceData
from services.reference.entries import Carrier
from shared import identifiers

_NOISE = re.compile(r"[\s（）()【】\[\]·,，.。-]+")
_FORM = re.compile(r"(?:股份|集团|控股)*(?:有限)?(?:责任)?公司$")
_TRADES = ("快递", "速递", "速运", "快运", "物流")
_LEAST_PREFIX = 4
_WORD = re.compile(r"[A-Z0-9]")


def carrier_of(name: str, reference: ReferenceData) -> str | None:
    """Return the code of the enterprise that a name means, or None where that is not certain.

    It is named exactly; or its registered name begins so; or the longest name found inside is its own.
    """
    company = _plain(name)
    exact, registered, parts = _names(reference)
    if len(matches := exact.get(company, frozenset())) == 1:
        return next(iter(matches))
    if matches or not company:
        # a brand of several enterprises
        return None
    begun = {
        code for whole, code in registered if len(company) >= _LEAST_PREFIX and whole.startswith(company)
    }
    if begun:
        return begun.pop() if len(begun) == 1 else None
    inside = [(len(part), code) for part, code in parts if _holds(company, part)]
    longest = max(inside, default=(0, ""))[0]
    codes = {code for length, code in inside if length == longest}
    return codes.pop() if len(codes) == 1 else None


def _plain(text: str) -> str:
    return _NOISE.sub("", identifiers.plain(text)).upper()


def _holds(company: str, part: str) -> bool:
    """Tell whether a name is found in another one; a name in letters only as a word of its own."""
    at = company.find(part)
    if at < 0 or not _WORD.match(part):
        return at >= 0
    before, after = company[at - 1 : at], company[at + len(part) :][:1]
    return not _WORD.match(before) and not (_WORD.match(after) and _WORD.match(part[-1]))


Names = tuple[dict[str, frozenset[str]], list[tuple[str, str]], list[tuple[str, str]]]


@lru_cache(maxsize=2)
def _names(reference: ReferenceData) -> Names:
    exact: dict[str, set[str]] = {}
    registered: list[tuple[str, str]] = []
    parts: list[tuple[str, str]] = []
    for carrier in reference.carriers.values():
        for title in (*_whole(carrier), carrier.brand, carrier.code, carrier.name_en):
            exact.setdefault(_plain(title), set()).add(carrier.code)
        registered.append((_plain(carrier.operator), carrier.code))
        parts += [(_plain(title), carrier.code) for title in (*_whole(carrier), *_of_trade(carrier))]
    return {name: frozenset(codes) for name, codes in exact.items()}, registered, list(dict.fromkeys(parts))


def _whole(carrier: Carrier) -> Iterable[str]:
    return carrier.name_zh, carrier.operator, _FORM.sub("", carrier.operator)


def _of_trade(carrier: Carrier) -> Iterable[str]:
    # people say 圆通快递 for 圆通速递; the bare brand is too short to be found inside other names
    return [carrier.brand + trade for trade in _TRADES]
