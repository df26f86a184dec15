"""The loaded deadline rules: by version, and with the amounts of regions."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from services.reference.records import DeadlineRecord
from services.rules.deadlines.counting import UNITS
from services.rules.deadlines.schedule import DeadlineRules
from services.rules.facts import Region

EVERYWHERE = ""
"""The region of a row that applies to all regions without their own row."""


class DeadlineTable(NamedTuple):
    """Deadline rules of each version, and of each version for each region with its own amounts."""

    by_version: Mapping[str, DeadlineRules]
    by_region: Mapping[tuple[str, str], DeadlineRules]


def build(
    rows: Iterable[DeadlineRecord], regions: Mapping[str, Region], *, roll_forward: bool
) -> DeadlineTable:
    """Build the table from its rows. Raises ValueError if a row exceeds the statutory amount.

    A region starts from the amounts of all regions and replaces those that it has rows for; a city starts from its province.
    """
    groups: dict[tuple[str, str], dict[str, DeadlineRecord]] = {}
    for row in rows:
        # rules in years (retention periods) are in the table, but are no deadlines of a case
        if row["unit"] in UNITS:
            groups.setdefault((row["version"], row["region"]), {})[row["key"]] = row
    by_region: dict[tuple[str, str], DeadlineRules] = {}
    for version, region in groups:
        place = regions.get(region)
        above = place.province if place is not None else EVERYWHERE
        amounts = [groups.get((version, code), {}) for code in dict.fromkeys((EVERYWHERE, above, region))]
        by_region[version, region] = _rules(version, amounts, roll_forward=roll_forward)
    by_version = {version: rules for (version, code), rules in by_region.items() if code == EVERYWHERE}
    regional = {key: rules for key, rules in by_region.items() if key[1] != EVERYWHERE}
    return DeadlineTable(MappingProxyType(by_version), MappingProxyType(regional))


def _rules(
    version: str, amounts: Iterable[Mapping[str, DeadlineRecord]], *, roll_forward: bool
) -> DeadlineRules:
    rows = {key: row for group in amounts for key, row in group.items()}
    return DeadlineRules(
        version,
        MappingProxyType({key: (row["amount"], row["unit"]) for key, row in rows.items()}),
        roll_forward,
        MappingProxyType({key: f"{row['source']} [{row['confidence']}]" for key, row in rows.items()}),
    )
