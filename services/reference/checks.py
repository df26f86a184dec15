"""Checks whether the rows of reference data fit together: faults that no single cell can show.

Every check lists all faults with their lines, so that an operator can correct the files at once.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta
from itertools import pairwise

from services.reference import data, deadline_table
from services.reference.files import FileFaults, FileRow, ReferenceFiles
from services.reference.policies import FORMS
from services.reference.specs import POLICY_FILE
from services.rules.jurisdiction.bureau_choice import WHOLE_COUNTRY
from shared.vocabulary import BureauLevel

_WORDS = {str: "a text", int: "a whole number above zero", bool: "true or false", dict: "an object"}

_SUPERIORS = {BureauLevel.PROVINCE: BureauLevel.NATIONAL, BureauLevel.CITY: BureauLevel.PROVINCE}


def check(files: ReferenceFiles) -> None:
    """Raise InvalidReferenceError if files contradict themselves or each other."""
    faults = FileFaults()
    rows = files.rows
    _regions(rows, faults)
    _bureaus(rows, faults)
    _carriers_and_issues(rows, faults)
    _deadline_rules(rows, faults)
    _workdays(rows["workday"], faults)
    _policies(rows["policy"], faults)
    faults.refuse()
    try:
        deadline_table.build(files.values()["deadline_rule"], {}, roll_forward=True)
    except ValueError as error:
        faults.add("deadline_rules.csv", "rules", f"{error}: correct the rows of that version")
    faults.refuse()
    try:
        data.build(0, "unloaded", files.values())
    except (ValueError, KeyError, TypeError) as error:
        # all other files are correct, so the policies name something that does not exist
        faults.add(POLICY_FILE, "policy", f"does not fit the deadline rules or the known policies: {error}")
    faults.refuse()


def _known(place: FileRow, column: str, codes: Collection[str], what: str, faults: FileFaults) -> None:
    value = place.values[column]
    if value is not None and value not in codes:
        faults.add(place.place, "unknown", f"{column} {value} is not {what}; correct it or add that row")


def _regions(rows: Mapping[str, tuple[FileRow, ...]], faults: FileFaults) -> None:
    in_force = {row.values["code"] for row in rows["region"] if row.values["status"] == "in_force"}
    abolished = {row.values["code"] for row in rows["region"]} - in_force
    for row in rows["region"]:
        if row.values["status"] == "in_force":
            for column in ("parent", "province", "city"):
                _known(row, column, in_force, "a region in force", faults)
    for row in rows["region_succession"]:
        _known(row, "old_code", abolished, "an abolished region", faults)
        _known(row, "new_code", in_force, "a region in force", faults)
    for row in rows["region_alias"]:
        _known(row, "code", in_force, "a region in force", faults)


def _bureaus(rows: Mapping[str, tuple[FileRow, ...]], faults: FileFaults) -> None:
    regions = {row.values["code"] for row in rows["region"] if row.values["status"] == "in_force"}
    levels = {row.values["code"]: row.values["level"] for row in rows["bureau"]}
    served: dict[str, str] = {}
    for row in rows["bureau"]:
        _known(row, "region", regions | {WHOLE_COUNTRY}, "a region in force", faults)
        if row.values["region"] in served:
            faults.add(
                row.place,
                "duplicate",
                f"another bureau serves this region already: {served[row.values['region']]}",
            )
        served[row.values["region"]] = row.values["code"]
        superior = _SUPERIORS.get(BureauLevel(row.values["level"]))
        if levels.get(row.values["parent"] or "") != superior:
            faults.add(row.place, "parent", f"parent must be {_article(superior)}")
    if list(levels.values()).count(BureauLevel.NATIONAL) != 1:
        faults.add("bureaus.csv", "national", "there must be exactly one bureau of level NATIONAL")
    for row in rows["policy"]:
        if row.values["name"] == "routing" and levels.get(_national(row)) != BureauLevel.NATIONAL:
            faults.add(row.place, "unknown", "national must be the code of the bureau of level NATIONAL")


def _national(policy: FileRow) -> str:
    value = policy.values["value"]
    return str(value.get("national")) if isinstance(value, dict) else ""


def _article(superior: BureauLevel | None) -> str:
    return "empty" if superior is None else f"a bureau of level {superior}"


def _carriers_and_issues(rows: Mapping[str, tuple[FileRow, ...]], faults: FileFaults) -> None:
    carriers = {row.values["code"] for row in rows["carrier"]}
    for row in rows["waybill_pattern"]:
        _known(row, "carrier_code", carriers, "a carrier", faults)
    first_level = {row.values["code"] for row in rows["issue"] if row.values["parent"] is None}
    for row in rows["issue"]:
        _known(row, "parent", first_level, "an issue of the first level", faults)


def _deadline_rules(rows: Mapping[str, tuple[FileRow, ...]], faults: FileFaults) -> None:
    in_force = {row.values["code"] for row in rows["region"] if row.values["status"] == "in_force"}
    for row in rows["deadline_rule"]:
        if row.values["region"] != deadline_table.EVERYWHERE:
            _known(row, "region", in_force, "a region in force", faults)


def _workdays(rows: tuple[FileRow, ...], faults: FileFaults) -> None:
    if not rows:
        faults.add("workdays.csv:1", "empty", "there must be working days: add the days of a year")
    for before, after in pairwise(rows):
        if after.values["day"] - before.values["day"] != timedelta(days=1):
            faults.add(
                after.place,
                "gap",
                f"the day after {before.values['day']} must follow it: add the missing days in order",
            )


def _policies(rows: tuple[FileRow, ...], faults: FileFaults) -> None:
    for row in rows:
        value, form = row.values["value"], FORMS[row.values["name"]]
        if not isinstance(row.values["version"], str):
            faults.add(row.place, "policy", "version must be a text")
        if not isinstance(value, dict) or set(value) != set(form):
            faults.add(row.place, "policy", f"value must hold exactly {', '.join(form)}")
            continue
        for name, kind in form.items():
            # bool is an int in Python, but not a number for an operator
            if type(value[name]) is not kind or (kind is int and value[name] < 1):
                faults.add(row.place, "policy", f"{name} must be {_WORDS[kind]}")
