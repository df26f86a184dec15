"""What is counted from the cases: an entry makes the recount, the marks of changed days, its definition, and a basis."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Self

from services.rules.metrics.dimensions import Dimension

CaseConditions = Mapping[str, str | bool]
"""Columns of a case with the values that they must have."""
_ALL_CASES: CaseConditions = MappingProxyType({})
# rulebook 2: valid (有效申诉) if and only if the enterprise bears the responsibility
_VALID: CaseConditions = MappingProxyType({"responsibility": "ENTERPRISE"})
MERGED_STATUS, MERGED_COLUMN = "MERGED", "merged_into"
"""One dispute counts once: a merged case counts in the case that it was merged into (66号文 on repeated demands)."""
_BASIS = True


class Measure(StrEnum):
    """What is counted from the cases, each on the civil day of its own event. The value is the column of the facts."""

    _value_: str
    moment: str
    """Column of the case: the moment on whose day it counts."""
    zh: str
    en: str
    where: CaseConditions
    is_basis: bool
    """Whether volumes and circulars may count by it."""
    sum_of: str | None
    """Column that is summed; None: cases are counted."""

    def __new__(
        cls,
        name: str,
        moment: str,
        zh: str,
        en: str,
        where: CaseConditions = _ALL_CASES,
        is_basis: bool = False,  # noqa: FBT001, FBT002 - the entries of an enumeration have no names
        sum_of: str | None = None,
    ) -> Self:
        """Make a member of its entry."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.moment, member.zh, member.en = moment, zh, en
        member.where, member.is_basis, member.sum_of = where, is_basis, sum_of
        return member

    RECEIVED = "received", "received_at", "接收申诉", "complaints received", _ALL_CASES, _BASIS
    ACCEPTED = "accepted", "accepted_at", "受理申诉", "complaints accepted", _ALL_CASES, _BASIS
    CLOSED = "closed", "closed_at", "处理申诉", "complaints processed", _ALL_CASES, _BASIS
    VALID = "valid", "closed_at", "有效申诉", "closed with the enterprise responsible", _VALID, _BASIS
    # satisfaction is counted among the valid
    SATISFIED_ADMINISTRATION = (
        "satisfied_administration",
        "closed_at",
        "对邮政管理部门满意的有效申诉",
        "valid cases whose user is satisfied with the administration",
        {**_VALID, "satisfied_administration": True},
    )
    SATISFIED_ENTERPRISE = (
        "satisfied_enterprise",
        "closed_at",
        "对企业满意的有效申诉",
        "valid cases whose user is satisfied with the enterprise",
        {**_VALID, "satisfied_enterprise": True},
    )
    REPLY_OVERDUE = (
        "reply_overdue",
        "closed_at",
        "逾期答复",
        "closed cases whose enterprise replied late",
        {"reply_overdue": True},
    )
    REPLY_UNTRUTHFUL = (
        "reply_untruthful",
        "closed_at",
        "答复不属实",
        "closed cases whose enterprise's reply was untruthful",
        {"reply_untruthful": True},
    )
    RECOVERED_FEN = (
        "recovered_fen",
        "closed_at",
        "挽回经济损失（分）",
        "compensation and refunds paid to users through closed cases, in fen",
        _ALL_CASES,
        not _BASIS,
        "recovered_fen",
    )

    @property
    def columns(self) -> frozenset[str]:
        """Columns of the case that the measure reads."""
        return frozenset({self.moment, *self.where}) | ({self.sum_of} if self.sum_of else frozenset())

    @property
    def formula(self) -> str:
        """How the measure is counted, as text."""
        quantity = f"sum of {self.sum_of}" if self.sum_of else "number of cases"
        conditions = [name if value is True else f"{name} = {value}" for name, value in self.where.items()]
        return " and ".join([f"{quantity}, {self.moment} within the period", *conditions])


BASES = tuple(measure for measure in Measure if measure.is_basis)
"""Measures that volumes and circulars may count by."""
MOMENTS = tuple(dict.fromkeys(measure.moment for measure in Measure))
"""Columns of a case on whose days it counts."""
COUNTED_COLUMNS = frozenset(
    {
        MERGED_COLUMN,
        *(dimension.column for dimension in Dimension),
        *(column for measure in Measure for column in measure.columns),
    }
)
"""Columns of a case that figures read: a change of one of them changes figures."""
