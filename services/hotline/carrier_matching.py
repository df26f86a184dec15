"""Which enterprise a hotline means by a name: one of the reference data, if that is certain, else none.

An order names its enterprise in words. The wrong one would be asked to answer for another, so a name that fits two, or
fits none well, is left to an officer.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from services.reference.data import Carrier, ReferenceData
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
    given = _plain(name)
    exact, registered, parts = _names(reference)
    if len(found := exact.get(given, frozenset())) == 1:
        return next(iter(found))
    if found or not given:
        # a brand of several enterprises
        return None
    begun = {code for whole, code in registered if len(given) >= _LEAST_PREFIX and whole.startswith(given)}
    if begun:
        return begun.pop() if len(begun) == 1 else None
    inside = [(len(part), code) for part, code in parts if _holds(given, part)]
    longest = max(inside, default=(0, ""))[0]
    codes = {code for length, code in inside if length == longest}
    return codes.pop() if len(codes) == 1 else None


def _plain(text: str) -> str:
    return _NOISE.sub("", identifiers.plain(text)).upper()


def _holds(given: str, part: str) -> bool:
    """Tell whether a name is found in another one; a name in letters only as a word of its own."""
    at = given.find(part)
    if at < 0 or not _WORD.match(part):
        return at >= 0
    before, after = given[at - 1 : at], given[at + len(part) :][:1]
    return not _WORD.match(before) and not (_WORD.match(after) and _WORD.match(part[-1]))


Names = tuple[dict[str, frozenset[str]], list[tuple[str, str]], list[tuple[str, str]]]


@lru_cache(maxsize=2)
def _names(reference: ReferenceData) -> Names:
    exact: dict[str, set[str]] = {}
    registered: list[tuple[str, str]] = []
    parts: list[tuple[str, str]] = []
    for carrier in reference.carriers.values():
        for one in (*_whole(carrier), carrier.brand, carrier.code, carrier.name_en):
            exact.setdefault(_plain(one), set()).add(carrier.code)
        registered.append((_plain(carrier.operator), carrier.code))
        parts += [(_plain(one), carrier.code) for one in (*_whole(carrier), *_of_trade(carrier))]
    return {name: frozenset(codes) for name, codes in exact.items()}, registered, list(dict.fromkeys(parts))


def _whole(carrier: Carrier) -> Iterable[str]:
    return carrier.name_zh, carrier.operator, _FORM.sub("", carrier.operator)


def _of_trade(carrier: Carrier) -> Iterable[str]:
    # people say 圆通快递 for 圆通速递; the bare brand is too short to be found inside other names
    return [carrier.brand + trade for trade in _TRADES]
