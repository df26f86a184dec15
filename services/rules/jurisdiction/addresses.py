"""From the text of an address to a division, where no code was given. It would rather not answer than guess.

Names are found from left to right, the longest first, and put together from province to city to county; a
name that several divisions bear is decided by the division that stands before it, or not at all. A road
called 北京路 is no place, nor is a noodle shop called 兰州拉面. What stays open goes to an officer. [P]
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from services.rules.facts import Region
from services.rules.jurisdiction.place_names import Meanings, gazetteer
from shared.vocabulary import RegionLevel

_SEPARATORS = re.compile(r"[^\w\u4e00-\u9fff]+|_+")
_ROAD = re.compile(
    r"[东西南北中]{0,2}[一二三四五六七八九十\d]{0,3}(?:路|街|大道|道|胡同|巷|弄)|桥|镇|乡|村|庄|屯|市场"
)
_LANDMARK = re.compile(
    r"(?:发展|商业|农商)?银行|拉面|小面|火锅|烤鸭|小吃|菜|啤酒|大厦|大楼|大酒店|酒店|宾馆|饭店|饭馆|花园|花苑|小区|新村|广场|商城|商厦|公馆|人家|苑|人|籍|话"
)
_FEATURE = re.compile(
    r"[路街道巷弄号村镇乡县市区苑园楼栋]|大学|学院|中学|小学|医院|机场|车站|码头|景点|附近|\d"
)
"""What an address goes on with, and the name of a shop does not (天津大麻花)."""
_LEAD = re.compile(
    r"(?:^|[^\u4e00-\u9fff]|中国|共和国|地址|寄往|寄到|寄至|发往|发到|送到|送往|位于|住|在|到|从|至|向)$"
)
_FILLER = re.compile(r"(?: |省|市|州|市辖区|县|(?:省|自治区)?直辖县级行政(?:区划|单位))*")
_GENERIC = frozenset(
    {"城区", "郊区", "矿区", "新城区", "新市区", "市中区", "城中区", "城东区", "城西区", "城北区"}
)
"""Names of real counties that elsewhere only mean a part of the town."""
_UNDECIDABLE = frozenset({"朝阳", "兴安"})
"""Short names of a city and of better known or as well known counties of other provinces."""

_FULL, _SHORT = 3, 2
_BARE = 2
"""Length of names such as 忠县 that stand within other words too easily."""
_LONGEST_GAP = 15
_LEVELS = {RegionLevel.PROVINCE: 0, RegionLevel.CITY: 1, RegionLevel.COUNTY: 2}
_LEAD_REACH = 4
_LONGEST_ADDRESS = 500
_MOST_MENTIONS = 24
"""No address says more; without a bound a text of nothing but names would take time by the square."""


class AddressReason(StrEnum):
    """Why an address leads to a division, or to none."""

    NAMED = "NAMED"
    NOTHING_NAMED = "NOTHING_NAMED"
    """No division is named (地址中无行政区划)."""
    UNCERTAIN = "UNCERTAIN"
    """The names are not enough to say which place is meant (不能确定)."""
    CONTRADICTION = "CONTRADICTION"
    """Places of two provinces are named (地址矛盾)."""
    NOT_INSIDE = "NOT_INSIDE"
    """The name behind a division lies outside it (区划不符)."""


@dataclass(frozen=True, slots=True)
class AddressMatch:
    """The division that an address names, or None; and why."""

    code: str | None
    reason: AddressReason


class _Mention(NamedTuple):
    start: int
    end: int
    name: str
    meanings: Meanings


class _Chain(NamedTuple):
    """Mentions that fit together, each lying in the one before."""

    region: Region
    score: int
    mentions: tuple[_Mention, ...]
    contradicted_by: _Mention | None


_NOTHING = AddressMatch(None, AddressReason.NOTHING_NAMED)


class AddressMatcher:
    """Finds the division that an address names. Immutable once built; a match takes some ten microseconds."""

    __slots__ = ("_lengths", "_names", "_parents", "_regions")

    def __init__(self, regions: Mapping[str, Region], names: Mapping[str, Meanings]) -> None:
        self._regions = regions
        self._names = names
        self._parents = frozenset(region.parent for region in regions.values() if region.parent)
        lengths: dict[str, set[int]] = {}
        for name in names:
            lengths.setdefault(name[:2], set()).add(len(name))
        self._lengths = {lead: tuple(sorted(sizes, reverse=True)) for lead, sizes in lengths.items()}

    @classmethod
    def build(
        cls,
        regions: Iterable[Region],
        old_names: Mapping[str, tuple[str, ...]],
        short_names: Mapping[str, tuple[str, ...]] | None = None,
    ) -> "AddressMatcher":
        """Make a matcher of the divisions in force.

        `old_names`: abolished names, each with the codes in force to which its land belongs now;
        `short_names`: short forms that the full names do not show.
        """
        by_code = {region.code: region for region in regions}
        return cls(by_code, gazetteer(by_code.values(), old_names, short_names or {}))

    def match(self, text: str) -> AddressMatch:
        """Return the most exact division that the text names beyond doubt, as a code in force, or None."""
        address = _SEPARATORS.sub(" ", unicodedata.normalize("NFKC", text[:_LONGEST_ADDRESS])).strip()
        mentions = self._mentions(address)
        if not mentions:
            return _NOTHING
        chains = self._chains(address, mentions)
        if not chains:
            return AddressMatch(None, AddressReason.UNCERTAIN)
        best = max(chains, key=lambda chain: (chain.score, -chain.mentions[0].start))
        return self._concluded(best, chains)

    def _mentions(self, address: str) -> list[_Mention]:
        mentions: list[_Mention] = []
        at = 0
        while at < len(address) - 1 and len(mentions) < _MOST_MENTIONS:
            name = self._name_at(address, at)
            if name is None:
                at += 1
                continue
            end = at + len(name)
            meanings = self._names[name]
            if not self._is_road(address, end, meanings):
                mentions.append(_Mention(at, end, name, meanings))
            at = end
        return mentions

    def _name_at(self, address: str, at: int) -> str | None:
        for length in self._lengths.get(address[at : at + 2], ()):
            name = address[at : at + length]
            if name in self._names:
                return name
        return None

    def _is_road(self, address: str, end: int, meanings: Meanings) -> bool:
        if meanings.full or meanings.old:
            return address.startswith("场", end)
        # 台州路桥: what looks like a road is the next name
        return _ROAD.match(address, end) is not None and self._name_at(address, end) is None

    def _chains(self, address: str, mentions: Sequence[_Mention]) -> list[_Chain]:
        chains: list[_Chain] = []
        taken = 0
        for place, mention in enumerate(mentions):
            if mention.start < taken:
                continue
            chain = self._chain(address, mentions[place:])
            if chain is not None and self._may_stand(address, chain):
                chains.append(chain)
                taken = chain.mentions[-1].end
        return chains

    def _chain(self, address: str, mentions: Sequence[_Mention]) -> _Chain | None:
        first = mentions[0]
        region, score = self._begun(first.meanings, first.name)
        if region is None:
            return None
        used = [first]
        contradiction: _Mention | None = None
        for mention in mentions[1:]:
            gap = address[used[-1].end : mention.start]
            beside = _FILLER.fullmatch(gap) is not None
            part, weight = self._within(region, mention.meanings)
            if part is not None and (beside or (weight == _FULL and len(gap) <= _LONGEST_GAP)):
                region, score = part, score + weight
                used.append(mention)
            elif beside and self._contradicts(region, mention):
                contradiction = mention
                break
        return _Chain(region, score, tuple(used), contradiction)

    def _begun(self, meanings: Meanings, name: str) -> tuple[Region | None, int]:
        """Return what a name means with nothing before it, and its weight."""
        if meanings.full:
            region = self._common([*meanings.full, *self._elsewhere(meanings)])
            return region, _FULL if len(name) > _BARE else _SHORT
        if meanings.old:
            # 新区, 郊区: once real counties, now said of any town
            return (self._common(meanings.old), _FULL) if len(name) > _BARE else (None, 0)
        if name in _UNDECIDABLE:
            return None, 0
        return self._begun_short(meanings), _SHORT

    def _begun_short(self, meanings: Meanings) -> Region | None:
        codes = self._highest(meanings.short)
        if not codes:
            cities = [code for code in meanings.old_short if self._regions[code].level == RegionLevel.CITY]
            return self._common(cities)
        region = self._regions[codes[0]]
        # a county's short name says too little, except that of a county-level city (昆山)
        says_enough = region.level != RegionLevel.COUNTY or region.name.endswith("市")
        return region if len(codes) == 1 and says_enough else None

    def _elsewhere(self, meanings: Meanings) -> list[str]:
        """Return the old meanings of a name in other provinces than those where it is in force."""
        provinces = {self._regions[code].province for code in meanings.full}
        return [code for code in meanings.old if self._regions[code].province not in provinces]

    def _highest(self, codes: Sequence[str]) -> list[str]:
        top = min((_LEVELS[self._regions[code].level] for code in codes), default=0)
        return [code for code in codes if _LEVELS[self._regions[code].level] == top]

    def _within(self, region: Region, meanings: Meanings) -> tuple[Region | None, int]:
        """Return what a name means inside a division, or that division named again; and its weight."""
        kinds = (
            (meanings.full, _FULL),
            (meanings.short, _SHORT),
            (meanings.old, _FULL),
            (meanings.old_short, _SHORT),
        )
        for codes, weight in kinds:
            inside = [code for code in codes if self._lies_in(self._regions[code], region)]
            if inside:
                return self._common(inside), weight
        return None, 0

    @staticmethod
    def _lies_in(part: Region, whole: Region) -> bool:
        return whole.code in (part.code, part.city, part.province)

    def _common(self, codes: Sequence[str]) -> Region | None:
        """Return the one division, or the city or province that holds them all."""
        if not codes:
            return None
        regions = [self._regions[code] for code in codes]
        first = regions[0]
        for common in (first.code, first.city, first.province):
            if common is not None and all(
                common in (region.code, region.city, region.province) for region in regions
            ):
                return self._regions[common]
        return None

    def _contradicts(self, region: Region, mention: _Mention) -> bool:
        """Tell whether a full name directly behind a division lies outside it (杭州市鼓楼区)."""
        if not mention.meanings.full or mention.name in _GENERIC:
            return False
        return region.code in self._parents

    @staticmethod
    def _may_stand(address: str, chain: _Chain) -> bool:
        """Tell whether a chain is more than a short name within other words (张桂林, 兰州拉面)."""
        first, last = chain.mentions[0], chain.mentions[-1]
        if chain.score > _SHORT * len(chain.mentions):
            return True
        if _LANDMARK.match(address, last.end):
            return False
        if last is not first:
            return True
        led = _LEAD.search(address[max(0, first.start - _LEAD_REACH) : first.start]) is not None
        return led and (last.end == len(address) or _FEATURE.search(address, last.end) is not None)

    def _concluded(self, best: _Chain, chains: Sequence[_Chain]) -> AddressMatch:
        if any(self._rivals(chain, best) for chain in chains):
            return AddressMatch(None, AddressReason.CONTRADICTION)
        if best.contradicted_by is not None:
            return AddressMatch(None, AddressReason.NOT_INSIDE)
        return AddressMatch(best.region.code, AddressReason.NAMED)

    @staticmethod
    def _rivals(chain: _Chain, best: _Chain) -> bool:
        """Tell whether another chain names another province in earnest, not as a shop's name behind it."""
        if chain is best or chain.region.province == best.region.province:
            return False
        before = chain.mentions[0].start < best.mentions[0].start
        return chain.score >= best.score or len(chain.mentions) > 1 or (before and chain.score >= _FULL)
