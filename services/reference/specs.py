"""The form of the files of reference data: their columns and the values of their cells."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from services.reference.hours import office_hours
from shared.models import reference as tables
from shared.vocabulary import BureauLevel, Business, RegionLevel

Parser = Callable[[str], object]
"""Reads a cell; raises ValueError with the expected form."""

_REGION_CODE = re.compile(r"\d{6}", re.ASCII)
_CODE = re.compile(r"[A-Z0-9_]{1,40}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class FileSpec:
    """One CSV file: its table, the columns of its key, and the reader of each column."""

    file: str
    table: str
    key: tuple[str, ...]
    columns: Mapping[str, Parser]


def _text(cell: str) -> str:
    if not cell:
        raise ValueError("must not be empty")
    return cell


def _optional(parser: Parser, cell: str) -> object:
    return parser(cell) if cell else None


def _matching(pattern: re.Pattern[str], form: str, cell: str) -> str:
    if not pattern.fullmatch(cell):
        raise ValueError(f"must be {form}")
    return cell


def _one_of(values: tuple[str, ...], cell: str) -> str:
    if cell not in values:
        raise ValueError(f"must be one of {', '.join(values)}")
    return cell


def _region_or_all(cell: str) -> str:
    return _region(cell) if cell else cell


def _flag(cell: str) -> bool:
    return _one_of(("true", "false"), cell) == "true"


def _positive(cell: str) -> int:
    if not (cell.isascii() and cell.isdigit() and 0 < int(cell) < 2**31):
        raise ValueError("must be a whole number above zero")
    return int(cell)


def _year(cell: str) -> int:
    year = _positive(cell)
    if not 1949 <= year <= 2200:  # noqa: PLR2004 - the years in which the code of divisions can have changed
        raise ValueError("must be a year")
    return year


def _day(cell: str) -> date:
    try:
        # other programs that open the file cannot read other forms of ISO 8601 (20260217, 2026-W08-2)
        return date.fromisoformat(_matching(_DAY, "a day", cell))
    except ValueError:
        raise ValueError("must be a day as YYYY-MM-DD") from None


def _pattern(cell: str) -> str:
    try:
        re.compile(_text(cell))
    except re.error as error:
        raise ValueError(f"is no regular expression: {error}") from None
    return cell


def _hours(cell: str) -> str:
    office_hours(cell)
    return cell


_region = partial(_matching, _REGION_CODE, "a region code of six digits")
_code = partial(_matching, _CODE, "a code of capitals, digits and underscores")

FILES: tuple[FileSpec, ...] = (
    FileSpec(
        "regions.csv",
        "region",
        ("code",),
        {
            "code": _region,
            "name": _text,
            "level": partial(_one_of, tuple(RegionLevel)),
            "parent": partial(_optional, _region),
            "province": _region,
            "city": partial(_optional, _region),
            "status": partial(_one_of, tables.REGION_STATUSES),
            "valid_from": partial(_optional, _year),
            "valid_to": partial(_optional, _year),
        },
    ),
    FileSpec(
        "region_succession.csv",
        "region_succession",
        ("old_code", "new_code"),
        {"old_code": _region, "new_code": _region},
    ),
    FileSpec(
        "region_aliases.csv",
        "region_alias",
        ("name", "code"),
        {"name": _text, "code": _region, "kind": partial(_one_of, tables.ALIAS_KINDS)},
    ),
    FileSpec(
        "bureaus.csv",
        "bureau",
        ("code",),
        {
            "code": _code,
            "name": _text,
            "level": partial(_one_of, tuple(BureauLevel)),
            "region": _region,
            "parent": partial(_optional, _code),
            "city_handles": _flag,
            "auto_admit": _flag,
            "contact": _text,
            "working_hours": _hours,
        },
    ),
    FileSpec(
        "carriers.csv",
        "carrier",
        ("code",),
        {
            "code": _code,
            "kuaidi100_code": partial(_optional, _text),
            "name_zh": _text,
            "name_en": _text,
            "brand": _text,
            "operator": _text,
            "business": partial(_one_of, (*Business, "BOTH")),
            "in_scope": _flag,
        },
    ),
    FileSpec(
        "waybill_patterns.csv",
        "waybill_pattern",
        ("carrier_code", "pattern"),
        {"carrier_code": _code, "pattern": _pattern},
    ),
    FileSpec(
        "issues.csv",
        "issue",
        ("code",),
        {
            "code": _code,
            "parent": partial(_optional, _code),
            "name_zh": _text,
            "name_en": _text,
            "postal": _flag,
            "express": _flag,
            "taxonomy_version": _positive,
            "confidence": partial(_one_of, tables.CONFIDENCES),
        },
    ),
    FileSpec(
        "codes.csv",
        "code_entry",
        ("kind", "code"),
        {
            "kind": partial(_one_of, tables.CODE_KINDS),
            "code": _code,
            "name_zh": _text,
            "name_en": _text,
            "version": _text,
        },
    ),
    FileSpec(
        "deadline_rules.csv",
        "deadline_rule",
        ("version", "key", "region"),
        {
            "version": _text,
            "key": _text,
            "amount": _positive,
            "unit": partial(_one_of, tables.UNITS),
            "source": _text,
            "confidence": partial(_one_of, tables.CONFIDENCES),
            "region": _region_or_all,
        },
    ),
    FileSpec(
        "hotline_deadlines.csv",
        "hotline_deadline",
        ("region", "kind"),
        {
            "region": _region,
            "kind": partial(_one_of, tables.HOTLINE_KINDS),
            "amount": _positive,
            "unit": partial(_one_of, tables.UNITS),
            "source": _text,
            "confidence": partial(_one_of, tables.CONFIDENCES),
        },
    ),
    FileSpec("workdays.csv", "workday", ("day",), {"day": _day, "is_workday": _flag, "source": _text}),
)
POLICY_FILE = "policies.json"
