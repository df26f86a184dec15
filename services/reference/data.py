"""All reference data of one version in memory: immutable, every look-up a dictionary look-up.

They are built from rows by table, which come from files (to check them) or from the database.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol, TypeVar

from services.reference import deadline_table, policies
from services.reference.entries import Carrier, CodeEntry, Issue, RegionResolution
from services.reference.hours import office_hours
from services.reference.records import (
    AliasRecord,
    BureauRecord,
    CarrierRecord,
    CodeRecord,
    HotlineDeadlineRecord,
    IssueRecord,
    PatternRecord,
    PolicyValue,
    ReferenceRows,
    RegionRecord,
)
from services.rules.admission import AdmissionRules
from services.rules.deadlines.calendar import WorkingCalendar
from services.rules.deadlines.counting import Timetable
from services.rules.deadlines.escalation import EscalationRules, WatchdogRules
from services.rules.deadlines.schedule import DeadlineRules
from services.rules.duplicates import DuplicateRules
from services.rules.facts import Bureau, Jurisdictions, Region
from services.rules.failing_link.custody import LinkRules
from services.rules.hotline import HotlineDeadlineRule
from services.rules.jurisdiction.addresses import AddressMatcher
from services.rules.levels import LevelRules
from services.rules.surges import SurgeRules
from shared.vocabulary import BureauLevel, RegionLevel


class RuledCase(Protocol):
    """The facts of a case that select its deadline rules."""

    @property
    def deadline_version(self) -> str:
        """The version under which the case was received."""

    @property
    def handling_bureau(self) -> str | None:
        """The bureau that handles the case."""


@dataclass(frozen=True, slots=True, eq=False)
class ReferenceData:
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
    deadlines_by_region: Mapping[tuple[str, str], DeadlineRules]
    timetables: Mapping[str, Timetable]
    hotline_deadlines: Mapping[tuple[str, str], HotlineDeadlineRule]
    levels: LevelRules
    admission: AdmissionRules
    escalation: EscalationRules
    watchdog: WatchdogRules
    surges: SurgeRules
    duplicates: DuplicateRules
    failing_link: LinkRules
    addresses: AddressMatcher
    waybill_patterns: Mapping[str, tuple[re.Pattern[str], ...]]

    def resolve_region(self, code: str) -> RegionResolution | None:
        """Return the division that a code stands for now, or None if no division had the code, or none remains."""
        if code in self.regions:
            return RegionResolution(code, None, ())
        successors = self.successors.get(code)
        if not successors:
            return None
        common = self._common(successors)
        return RegionResolution(common, code, successors) if common is not None else None

    def timetable(self, bureau: str | None) -> Timetable:
        """Return the office hours of a bureau; without a bureau, those of the national centre."""
        return self.timetables.get(bureau or "") or self.timetables[self.jurisdictions.national]

    def deadline_rules_for(self, case: RuledCase) -> DeadlineRules:
        """Return the deadline rules of a case: the version at its receipt, with the amounts of its bureau's region."""
        return self.deadline_rules(case.deadline_version, case.handling_bureau)

    def deadline_rules(self, version: str, bureau: str | None) -> DeadlineRules:
        """Return the rules of a version with the amounts of the bureau's region, else its province, else all regions."""
        rules = self.deadlines_by_version.get(version, self.deadlines)
        handling = self.jurisdictions.bureaus.get(bureau or "") if self.deadlines_by_region else None
        if handling is None:
            return rules
        region = self.regions.get(handling.region)
        for code in (handling.region, region.province if region is not None else handling.region):
            if (own := self.deadlines_by_region.get((rules.version, code))) is not None:
                return own
        return rules

    def waybill_looks_like(self, carrier_code: str, waybill: str) -> bool | None:
        """Report whether a normalised waybill number has a form of this carrier; None if no form is loaded.

        Use it to warn, never to reject: carriers change their numbers without notice.
        """
        patterns = self.waybill_patterns.get(carrier_code)
        if not patterns:
            return None
        return any(pattern.fullmatch(waybill) for pattern in patterns)

    def _common(self, codes: Sequence[str]) -> str | None:
        if len(codes) == 1:
            return codes[0]
        regions = [self.regions[code] for code in codes]
        city = regions[0].city
        if city is not None and all(region.city == city for region in regions):
            return city
        province = regions[0].province
        return province if all(region.province == province for region in regions) else None


def build(version: int, calendar_version: str, rows: ReferenceRows) -> ReferenceData:
    """Build the reference data from rows by table name. Raises ValueError, KeyError or TypeError if they do not fit."""
    policy_rows = {row["name"]: (row["version"], row["value"]) for row in rows["policy"]}
    regions = MappingProxyType(
        {row["code"]: _region(row) for row in rows["region"] if row["status"] == "in_force"}
    )
    deadlines = deadline_table.build(
        rows["deadline_rule"], regions, roll_forward=policy_rows["deadlines"][1]["roll_forward"]
    )
    jurisdictions = _jurisdictions(rows["bureau"], regions, policy_rows["routing"][1])
    calendar = WorkingCalendar(
        calendar_version, MappingProxyType({row["day"]: row["is_workday"] for row in rows["workday"]})
    )
    issues = {row["code"]: _issue(row) for row in _in_force(rows["issue"])}
    return ReferenceData(
        version=version,
        jurisdictions=jurisdictions,
        regions=regions,
        successors=MappingProxyType(
            _grouped((row["old_code"], row["new_code"]) for row in rows["region_succession"])
        ),
        carriers=MappingProxyType({row["code"]: _carrier(row) for row in _in_force(rows["carrier"])}),
        issues=MappingProxyType(issues),
        taxonomy_version=max((row["taxonomy_version"] for row in _in_force(rows["issue"])), default=0),
        codes=_codes(rows["code_entry"]),
        calendar=calendar,
        deadlines=deadlines.by_version[policy_rows["deadlines"][1]["version"]],
        deadlines_by_version=deadlines.by_version,
        deadlines_by_region=deadlines.by_region,
        timetables=MappingProxyType(_timetables(jurisdictions.bureaus, calendar)),
        hotline_deadlines=MappingProxyType(_hotline_deadlines(rows["hotline_deadline"])),
        levels=policies.levels(policy_rows),
        admission=policies.admission(policy_rows),
        escalation=policies.escalation(policy_rows),
        watchdog=policies.watchdog(policy_rows),
        surges=policies.surges(policy_rows),
        duplicates=policies.duplicates(policy_rows),
        failing_link=policies.failing_link(policy_rows),
        addresses=AddressMatcher.build(
            regions.values(),
            old_names=_aliases(rows["region_alias"], "old"),
            short_names=_aliases(rows["region_alias"], "short"),
        ),
        waybill_patterns=_patterns(rows["waybill_pattern"]),
    )


RetirableT = TypeVar("RetirableT", BureauRecord, CarrierRecord, IssueRecord, CodeRecord)


def _in_force(rows: Iterable[RetirableT]) -> Iterable[RetirableT]:
    return (row for row in rows if not row.get("retired"))


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(sorted(values)) for key, values in groups.items()}


def _region(row: RegionRecord) -> Region:
    return Region(
        row["code"], row["name"], RegionLevel(row["level"]), row["parent"], row["province"], row["city"]
    )


def _issue(row: IssueRecord) -> Issue:
    return Issue(row["code"], row["parent"], row["name_zh"], row["name_en"], row["postal"], row["express"])


def _carrier(row: CarrierRecord) -> Carrier:
    return Carrier(
        row["code"],
        row["kuaidi100_code"],
        row["name_zh"],
        row["name_en"],
        row["brand"],
        row["operator"],
        row["business"],
        row["in_scope"],
    )


def _jurisdictions(
    rows: Iterable[BureauRecord], regions: Mapping[str, Region], policy: PolicyValue
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
            hours=office_hours(row["working_hours"]),
        )
        for row in _in_force(rows)
    }
    return Jurisdictions(
        bureaus=MappingProxyType(bureaus),
        bureau_by_region=MappingProxyType({bureau.region: bureau.code for bureau in bureaus.values()}),
        regions=regions,
        **policy,
    )


def _timetables(bureaus: Mapping[str, Bureau], calendar: WorkingCalendar) -> dict[str, Timetable]:
    # bureaus with the same hours share one timetable, and with it its cached counts
    by_hours = {bureau.hours: Timetable(calendar, bureau.hours) for bureau in bureaus.values()}
    return {code: by_hours[bureau.hours] for code, bureau in bureaus.items()}


def _hotline_deadlines(rows: Iterable[HotlineDeadlineRecord]) -> dict[tuple[str, str], HotlineDeadlineRule]:
    return {
        (row["region"], row["kind"]): HotlineDeadlineRule(
            row["amount"], row["unit"], f"{row['source']} [{row['confidence']}]"
        )
        for row in rows
    }


def _codes(rows: Iterable[CodeRecord]) -> Mapping[str, Mapping[str, CodeEntry]]:
    kinds: dict[str, dict[str, CodeEntry]] = {}
    for row in _in_force(rows):
        entry = CodeEntry(row["code"], row["name_zh"], row["name_en"], row["version"])
        kinds.setdefault(row["kind"], {})[row["code"]] = entry
    return MappingProxyType({kind: MappingProxyType(entries) for kind, entries in kinds.items()})


def _aliases(rows: Iterable[AliasRecord], kind: str) -> dict[str, tuple[str, ...]]:
    return _grouped((row["name"], row["code"]) for row in rows if row["kind"] == kind)


def _patterns(rows: Iterable[PatternRecord]) -> Mapping[str, tuple[re.Pattern[str], ...]]:
    return MappingProxyType(
        {
            carrier: tuple(re.compile(pattern, re.ASCII) for pattern in patterns)
            for carrier, patterns in _grouped((row["carrier_code"], row["pattern"]) for row in rows).items()
        }
    )
