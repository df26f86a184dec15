"""What the codes in an answer are called, by the reference tables; also tells which codes there are."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from sqlalchemy import Select, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from services.figures.query import Dimension, VolumeQuery
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


def _question(dimension: Dimension) -> Select[str, str, str]:
    issue, region, carrier, entry = reference.issue, reference.region, reference.carrier, reference.code_entry
    named = literal(dimension.value)
    if dimension is Dimension.CARRIER:
        return select(named, carrier.c.code, carrier.c.name_zh)
    if dimension is Dimension.PROVINCE:
        return select(named, region.c.code, region.c.name).where(region.c.level == RegionLevel.PROVINCE)
    if dimension in {Dimension.CHANNEL, Dimension.LEVEL}:
        return select(named, entry.c.code, entry.c.name_zh).where(entry.c.kind == dimension.value)
    first_level = issue.c.parent.is_(None) if dimension is Dimension.ISSUE else issue.c.parent.is_not(None)
    return select(named, issue.c.code, issue.c.name_zh).where(first_level)


async def of(
    connection: AsyncConnection,
    dimensions: Iterable[Dimension],
) -> dict[Dimension, Mapping[str, str]]:
    """Return code → Chinese name for each dimension. One statement."""
    wanted = list(dict.fromkeys(dimensions))
    found: dict[Dimension, dict[str, str]] = {dimension: {} for dimension in wanted}
    questions = [_question(dimension) for dimension in wanted if dimension is not Dimension.BUSINESS]
    if questions:
        for dimension, code, name in (await connection.execute(union_all(*questions))).all():
            found[Dimension(dimension)][code] = name
    if Dimension.BUSINESS in found:
        found[Dimension.BUSINESS].update(BUSINESSES)
    if Dimension.PROVINCE in found:
        found[Dimension.PROVINCE][NOT_ROUTED] = "尚未分派"
    return dict(found)


def check_filters(query: VolumeQuery, known: Mapping[Dimension, Mapping[str, str]]) -> None:
    """Refuse a filter by a code that does not exist: its answer, zero, would mislead.

    Raises InvalidInputError.
    """
    faults = [
        FieldError(
            f"/{dimension}",
            "unknown_code",
            f"there is no such {dimension.replace('_', ' ')} code; see /v1/reference of the intake API",
        )
        for dimension, codes in query.only.items()
        if any(code not in known[dimension] for code in codes)
    ]
    if faults:
        raise InvalidInputError("A filter names a code that does not exist; see errors.", faults)
