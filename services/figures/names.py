"""What the codes in an answer are called, by the reference tables; also tells which codes there are."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from sqlalchemy import Select, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from services.figures.query import VolumeQuery
from services.rules.metrics import dimensions
from services.rules.metrics.dimensions import CodeList, Dimension
from shared.errors import FieldError, InvalidInputError
from shared.models import reference
from shared.vocabulary import Business, BusinessType, RegionLevel

NOT_ROUTED = "000000"
BUSINESSES: Mapping[str, str] = MappingProxyType(
    {Business.POSTAL.value: "邮政", Business.EXPRESS.value: "快递"}
)
BUSINESS_TYPES: Mapping[str, str] = MappingProxyType(
    {
        BusinessType.LETTER.value: "函件",
        BusinessType.PARCEL.value: "包件",
        BusinessType.REMITTANCE.value: "汇兑",
        BusinessType.PERIODICAL.value: "报刊",
        BusinessType.PHILATELY.value: "集邮",
        BusinessType.OTHER.value: "其他",
        BusinessType.EXPRESS.value: "快递",
    }
)
_FIXED: Mapping[Dimension, Mapping[str, str]] = MappingProxyType(
    {Dimension.BUSINESS: BUSINESSES, Dimension.PROVINCE: {NOT_ROUTED: "尚未分派"}}
)
"""Names that stand in no table of reference data."""


def _names_of(dimension: Dimension) -> Select[str, str, str]:
    """Return the statement that reads dimension, code and name of all codes of a dimension."""
    issue, region, carrier, entry = reference.issue, reference.region, reference.carrier, reference.code_entry
    name = literal(dimension.value)
    statements: Mapping[CodeList, Select[str, str, str]] = {
        CodeList.CARRIERS: select(name, carrier.c.code, carrier.c.name_zh),
        CodeList.PROVINCES: select(name, region.c.code, region.c.name).where(
            region.c.level == RegionLevel.PROVINCE
        ),
        CodeList.ISSUES: select(name, issue.c.code, issue.c.name_zh).where(issue.c.parent.is_(None)),
        CodeList.ISSUE_DETAILS: select(name, issue.c.code, issue.c.name_zh).where(
            issue.c.parent.is_not(None)
        ),
        CodeList.BY_NAME: select(name, entry.c.code, entry.c.name_zh).where(entry.c.kind == dimension.value),
    }
    return statements[dimension.code_list]


async def of(
    connection: AsyncConnection,
    of_dimensions: Iterable[Dimension],
) -> dict[Dimension, Mapping[str, str]]:
    """Return code → Chinese name for each dimension. One statement."""
    names: dict[Dimension, dict[str, str]] = {dimension: {} for dimension in of_dimensions}
    statements = [
        _names_of(dimension) for dimension in names if dimension.code_list is not CodeList.BUSINESSES
    ]
    if statements:
        for dimension, code, name in (await connection.execute(union_all(*statements))).all():
            names[dimensions.BY_NAME[dimension]][code] = name
    for dimension, fixed in _FIXED.items():
        if dimension in names:
            names[dimension].update(fixed)
    return dict(names)


def check_filters(query: VolumeQuery, names: Mapping[Dimension, Mapping[str, str]]) -> None:
    """Refuse a filter by a code that does not exist: its answer, zero, would mislead.

    Raises InvalidInputError.
    """
    faults = [
        FieldError(
            f"/query/{dimension}",
            "unknown-code",
            f"there is no such {dimension.replace('_', ' ')} code; see /v1/reference of the intake API",
        )
        for dimension, codes in query.only.items()
        if any(code not in names[dimension] for code in codes)
    ]
    if faults:
        raise InvalidInputError("A filter names a code that does not exist; see errors.", faults)
