"""The rows of reference data by table, typed: as the files hold them, and as the database gives them back."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NotRequired

from typing_extensions import TypedDict

PolicyValue = Mapping[str, Any]
"""What a policy holds, as `services.reference.policies.FORMS` describes it."""


class RegionRecord(TypedDict):
    """A division of GB/T 2260, in force or abolished."""

    code: str
    name: str
    level: str
    parent: str | None
    province: str
    city: str | None
    status: str
    valid_from: int | None
    valid_to: int | None


class SuccessionRecord(TypedDict):
    """What an abolished division became."""

    old_code: str
    new_code: str


class AliasRecord(TypedDict):
    """Another name of a division, old or short."""

    name: str
    code: str
    kind: str


class BureauRecord(TypedDict):
    """A postal regulator."""

    code: str
    name: str
    level: str
    region: str
    parent: str | None
    city_handles: bool
    auto_admit: bool
    contact: str
    working_hours: str
    retired: NotRequired[bool]


class CarrierRecord(TypedDict):
    """An enterprise."""

    code: str
    kuaidi100_code: str | None
    name_zh: str
    name_en: str
    brand: str
    operator: str
    business: str
    in_scope: bool
    retired: NotRequired[bool]


class PatternRecord(TypedDict):
    """A form of the waybill numbers of an enterprise: a regular expression."""

    carrier_code: str
    pattern: str


class IssueRecord(TypedDict):
    """What a complaint is about."""

    code: str
    parent: str | None
    name_zh: str
    name_en: str
    postal: bool
    express: bool
    taxonomy_version: int
    confidence: str
    retired: NotRequired[bool]


class CodeRecord(TypedDict):
    """A coded value of a list."""

    kind: str
    code: str
    name_zh: str
    name_en: str
    version: str
    retired: NotRequired[bool]


class DeadlineRecord(TypedDict):
    """The amount of a deadline in a version of the rules; an empty region means everywhere."""

    version: str
    key: str
    amount: int
    unit: str
    source: str
    confidence: str
    region: str


class HotlineDeadlineRecord(TypedDict):
    """The amount of a deadline of a region's hotline."""

    region: str
    kind: str
    amount: int
    unit: str
    source: str
    confidence: str


class WorkdayRecord(TypedDict):
    """A day that the calendar knows."""

    day: date
    is_workday: bool
    source: str


class PolicyRecord(TypedDict):
    """A policy of a version."""

    name: str
    version: str
    value: PolicyValue


class ReferenceRows(TypedDict):
    """All rows, by table."""

    region: Sequence[RegionRecord]
    region_succession: Sequence[SuccessionRecord]
    region_alias: Sequence[AliasRecord]
    bureau: Sequence[BureauRecord]
    carrier: Sequence[CarrierRecord]
    waybill_pattern: Sequence[PatternRecord]
    issue: Sequence[IssueRecord]
    code_entry: Sequence[CodeRecord]
    deadline_rule: Sequence[DeadlineRecord]
    hotline_deadline: Sequence[HotlineDeadlineRecord]
    workday: Sequence[WorkdayRecord]
    policy: Sequence[PolicyRecord]
