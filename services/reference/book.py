"""The book: all reference data of one version in memory, immutable, every look-up a dictionary look-up.

It is built from rows by table, whether they come from files (to check them) or from the database.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from services.rules.addresses import AddressMatcher
from services.rules.admission import AdmissionRules
from services.rules.calendar import WorkingCalendar
from services.rules.clocks import DeadlineRules
from services.rules.facts import Bureau, Jurisdictions, Region
from services.rules.levels import LevelRules
from shared.vocabulary import BureauLevel, Goods, Level, RegionLevel, Urgency

Rows = Mapping[str, Sequence[Mapping[str, Any]]]

_CLOCK_UNITS = ("day", "workday", "hour")
"""Rules in years (how long material is kept) are facts of the table, but no limit of a case."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """An enterprise. `business` is POSTAL, EXPRESS or BOTH; outside `in_scope` are logistics companies."""

    code: str
    kuaidi100_code: str | None
    name_zh: str
    name_en: str
    brand: str
    operator: str
    business: str
    in_scope: bool


@dataclass(frozen=True, slots=True)
class Issue:
    """What a complaint is about: level 1 where `parent` is None, else a reason under it (rulebook 5)."""

    code: str
    parent: str | None
    name_zh: str
    name_en: str
    postal: bool
    express: bool


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """A coded value with its names, and the version of the list that it comes from."""

    code: str
    name_zh: str
    name_en: str
    version: str


@dataclass(frozen=True, slots=True)
class RegionResolution:
    """The division in force that a code means now.

    `mapped_from` is the abolished code that was given, if it was one. Where its land went to several
    divisions, `code` is their common city, else province, and `successors` names them.
    """

    code: str
    mapped_from: str | None
    successors: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """Reference data of one version. Mappings are read-only; retired and abolished entries are left out."""

    version: int
    jurisdictions: Jurisdictions
    regions: Mapping[str, Region]
    successors: Mapping[str, tuple[str, ...]]
    carriers: Mapping[str, Carrier]
    issues: Mapping[str, Issue]
    taxonomy_version: int
    codes: Mapping[str, Mapping[str, CodeEntry]]
    calendar: WorkingCalendar
    deadlines: DeadlineRules
    deadlines_by_version: Mapping[str, DeadlineRules]
    levels: LevelRules
    admission: AdmissionRules
    addresses: AddressMatcher
    waybill_patterns: Mapping[str, tuple[re.Pattern[str], ...]]

    def resolve_region(self, code: str) -> RegionResolution | None:
        """Return the division that a code means now, or None if no division ever had it (or none remains)."""
        if code in self.regions:
            return RegionResolution(code, None, ())
        successors = self.successors.get(code)
        if not successors:
            return None
        common = self._common(successors)
        return RegionResolution(common, code, successors) if common is not None else None

    def waybill_looks_like(self, carrier_code: str, waybill: str) -> bool | None:
        """Tell whether a normalised waybill number has a form of this carrier; None if no form is known.

        It warns and never rejects: carriers change their numbers without telling.
        """
        patterns = self.waybill_patterns.get(carrier_code)
        if not patterns:
            return None
        return any(pattern.fullmatch(waybill) for pattern in patterns)

    def _common(self, codes: Sequence[str]) -> str | None:
        if len(codes) == 1:
            return codes[0]
        found = [self.regions[code] for code in codes]
        city = found[0].city
        if city is not None and all(region.city == city for region in found):
            return city
        province = found[0].province
        return province if all(region.province == province for region in found) else None


def build(version: int, calendar_version: str, rows: Rows) -> Book:
    """Build a book from rows by table name; ValueError, KeyError or TypeError where they do not fit."""
    policies = {row["name"]: (row["version"], row["value"]) for row in rows["policy"]}
    regions = MappingProxyType(
        {row["code"]: _region(row) for row in rows["region"] if row["status"] == "in_force"}
    )
    deadlines = deadline_rules(rows["deadline_rule"], roll_forward=policies["deadlines"][1]["roll_forward"])
    issues = {row["code"]: _issue(row) for row in _in_force(rows["issue"])}
    return Book(
        version=version,
        jurisdictions=_jurisdictions(rows["bureau"], regions, policies["routing"][1]),
        regions=regions,
        successors=MappingProxyType(_grouped(rows["region_succession"], "old_code", "new_code")),
        carriers=MappingProxyType({row["code"]: _carrier(row) for row in _in_force(rows["carrier"])}),
        issues=MappingProxyType(issues),
        taxonomy_version=max((row["taxonomy_version"] for row in _in_force(rows["issue"])), default=0),
        codes=_codes(rows["code_entry"]),
        calendar=WorkingCalendar(
            calendar_version, MappingProxyType({row["day"]: row["is_workday"] for row in rows["workday"]})
        ),
        deadlines=deadlines[policies["deadlines"][1]["version"]],
        deadlines_by_version=MappingProxyType(deadlines),
        levels=_levels(*policies["levels"]),
        admission=AdmissionRules(policies["admission"][0], **policies["admission"][1]),
        addresses=AddressMatcher.build(
            regions.values(),
            old_names=_aliases(rows["region_alias"], "old"),
            short_names=_aliases(rows["region_alias"], "short"),
        ),
        waybill_patterns=_patterns(rows["waybill_pattern"]),
    )


def _in_force(rows: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    return (row for row in rows if not row.get("retired"))


def _grouped(rows: Iterable[Mapping[str, Any]], by: str, value: str) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = {}
    for row in rows:
        groups.setdefault(row[by], []).append(row[value])
    return {key: tuple(sorted(values)) for key, values in groups.items()}


def _region(row: Mapping[str, Any]) -> Region:
    return Region(
        row["code"], row["name"], RegionLevel(row["level"]), row["parent"], row["province"], row["city"]
    )


def _issue(row: Mapping[str, Any]) -> Issue:
    return Issue(row["code"], row["parent"], row["name_zh"], row["name_en"], row["postal"], row["express"])


def _carrier(row: Mapping[str, Any]) -> Carrier:
    names = ("code", "kuaidi100_code", "name_zh", "name_en", "brand", "operator", "business", "in_scope")
    return Carrier(**{name: row[name] for name in names})


def _jurisdictions(
    rows: Iterable[Mapping[str, Any]], regions: Mapping[str, Region], policy: Mapping[str, Any]
) -> Jurisdictions:
    bureaus = {
        row["code"]: Bureau(
            row["code"],
            row["name"],
            BureauLevel(row["level"]),
            row["region"],
            row["parent"],
            city_handles=row["city_handles"],
            auto_admit=row["auto_admit"],
        )
        for row in _in_force(rows)
    }
    return Jurisdictions(
        bureaus=MappingProxyType(bureaus),
        bureau_by_region=MappingProxyType({bureau.region: bureau.code for bureau in bureaus.values()}),
        regions=regions,
        **policy,
    )


def deadline_rules(rows: Iterable[Mapping[str, Any]], *, roll_forward: bool) -> dict[str, DeadlineRules]:
    """Return the deadline rules by version; ValueError where they lengthen what the statute gives."""
    amounts: dict[str, dict[str, tuple[int, str]]] = {}
    for row in rows:
        if row["unit"] in _CLOCK_UNITS:
            amounts.setdefault(row["version"], {})[row["key"]] = (row["amount"], row["unit"])
    return {
        version: DeadlineRules(version, MappingProxyType(keys), roll_forward)
        for version, keys in amounts.items()
    }


def _levels(version: str, policy: Mapping[str, Any]) -> LevelRules:
    return LevelRules(
        version=version,
        by_urgency=MappingProxyType({Urgency(flag): Level(to) for flag, to in policy["by_urgency"].items()}),
        by_goods=MappingProxyType({Goods(kind): Level(to) for kind, to in policy["by_goods"].items()}),
        amount_fen=policy["amount_fen"],
        repeat_cases=policy["repeat_cases"],
    )


def _codes(rows: Iterable[Mapping[str, Any]]) -> Mapping[str, Mapping[str, CodeEntry]]:
    kinds: dict[str, dict[str, CodeEntry]] = {}
    for row in _in_force(rows):
        entry = CodeEntry(row["code"], row["name_zh"], row["name_en"], row["version"])
        kinds.setdefault(row["kind"], {})[row["code"]] = entry
    return MappingProxyType({kind: MappingProxyType(entries) for kind, entries in kinds.items()})


def _aliases(rows: Iterable[Mapping[str, Any]], kind: str) -> dict[str, tuple[str, ...]]:
    return _grouped((row for row in rows if row["kind"] == kind), "name", "code")


def _patterns(rows: Iterable[Mapping[str, Any]]) -> Mapping[str, tuple[re.Pattern[str], ...]]:
    return MappingProxyType(
        {
            carrier: tuple(re.compile(pattern, re.ASCII) for pattern in patterns)
            for carrier, patterns in _grouped(rows, "carrier_code", "pattern").items()
        }
    )
