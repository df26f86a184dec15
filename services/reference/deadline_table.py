"""The deadline rules as they are loaded: by version, and with the amounts that a region sets for itself."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from services.reference.records import DeadlineRecord
from services.rules.deadlines.counting import UNITS
from services.rules.deadlines.schedule import DeadlineRules
from services.rules.facts import Region

EVERYWHERE = ""
"""The region of a row that holds in all regions without a row of their own."""


class DeadlineTable(NamedTuple):
    """Deadline rules: of each version, and of each version in a region that has amounts of its own."""

    by_version: Mapping[str, DeadlineRules]
    by_region: Mapping[tuple[str, str], DeadlineRules]


def build(
    rows: Iterable[DeadlineRecord], regions: Mapping[str, Region], *, roll_forward: bool
) -> DeadlineTable:
    """Build the table from its rows; ValueError where they lengthen what the statute gives.

    A region has the amounts of all, but for its own rows; a city has those of its province before its own.
    """
    groups: dict[tuple[str, str], dict[str, DeadlineRecord]] = {}
    for row in rows:
        # rules in years (how long material is kept) are facts of the table, but no deadline of a case
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
