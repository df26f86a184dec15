"""The binding of a client: an enterprise, a bureau, or the region of a hotline. Each must exist and be in force."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.errors import InvalidInputError
from shared.models import reference

WHOLE_COUNTRY = "000000"
"""The region of the national hotline."""


async def check(connection: AsyncConnection, bound: Mapping[str, str | None]) -> None:
    """Raise InvalidInputError if a client would be bound to what does not exist: its key would give access to nothing."""
    if (carrier := bound["carrier_code"]) is not None and not await _exists(
        connection, reference.carrier, carrier, ~reference.carrier.c.retired
    ):
        statement = select(reference.carrier.c.code).where(~reference.carrier.c.retired)
        there = ", ".join(sorted((await connection.scalars(statement)).all()))
        raise InvalidInputError(
            f"there is no enterprise {carrier}; there are {there or 'none: load reference data'}"
        )
    if (bureau := bound["bureau_code"]) is not None and not await _exists(
        connection, reference.bureau, bureau, ~reference.bureau.c.retired
    ):
        raise InvalidInputError(f"there is no bureau {bureau}; GET /v1/reference/bureaus lists them")
    region = bound["region_code"]
    if region not in {None, WHOLE_COUNTRY} and not await _exists(
        connection, reference.region, str(region), reference.region.c.status == "in_force"
    ):
        raise InvalidInputError(f"there is no region {region}; GET /v1/reference/regions lists them")


async def _exists(
    connection: AsyncConnection, table: Table, code: str, in_force: ColumnElement[bool]
) -> bool:
    statement = select(table.c.code).where(table.c.code == code, in_force)
    return await connection.scalar(statement) is not None
