"""The names by which a division is called: its full name, its short ones, and those that its land once had.

西湖区 is also 西湖, 恩施土家族苗族自治州 also 恩施 and 恩施州. A name may mean several divisions; which one
it is, only the words around it can tell (`services.rules.jurisdiction.addresses`).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.rules.facts import Region

_PEOPLES = (
    "蒙古族|蒙古|回族|藏族|维吾尔族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|"
    "哈萨克|傣族|黎族|傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族|柯尔克孜|土族|达斡尔族|仫佬族|"
    "羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族|锡伯|普米族|塔吉克族|塔吉克|怒族|鄂温克族|裕固族|保安族|独龙族|各族"
)
_AUTONOMOUS = re.compile(rf"(.{{2,}}?)(?:{_PEOPLES})*自治([州县旗])")
_PLAIN = re.compile(
    r"(.{2,}?)(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|地区|新区|林区|特区|省|市|区|县|盟|旗)"
)


@dataclass(slots=True)
class Meanings:
    """What one name may mean, as codes in force: by full name, by short name, and by names no longer used."""

    full: list[str] = field(default_factory=list)
    short: list[str] = field(default_factory=list)
    old: list[str] = field(default_factory=list)
    old_short: list[str] = field(default_factory=list)


def short_names(name: str) -> tuple[str, ...]:
    """Return the short forms of a full name, of two characters or more; none for a name such as 沙县."""
    autonomous = _AUTONOMOUS.fullmatch(name)
    if autonomous:
        stem = autonomous[1].removesuffix("族")
        return stem, stem + autonomous[2]
    plain = _PLAIN.fullmatch(name)
    return (plain[1],) if plain else ()


def gazetteer(
    regions: Iterable[Region],
    old_names: Mapping[str, tuple[str, ...]],
    more_short_names: Mapping[str, tuple[str, ...]],
) -> dict[str, Meanings]:
    """Return every name with its meanings."""
    names: dict[str, Meanings] = {}

    def meanings(name: str) -> Meanings:
        return names.setdefault(name, Meanings())

    for region in regions:
        meanings(region.name).full.append(region.code)
        for short in short_names(region.name):
            meanings(short).short.append(region.code)
    for name, codes in more_short_names.items():
        short_form = meanings(name)
        short_form.short.extend(code for code in codes if code not in short_form.short)
    for name, codes in old_names.items():
        meanings(name).old.extend(codes)
        for short in short_names(name):
            old_form = meanings(short)
            old_form.old_short.extend(code for code in codes if code not in old_form.old_short)
    return names
