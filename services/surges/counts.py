"""Counts complaints by enterprise and place, and returns the groups that stand out now: one statement for each kind.

**Windows roll**: the last seven days from now against the eight times seven days before. A civil week would cut a surge
at Monday in two halves, of which neither may stand out, and would see little on a Tuesday. Cases that were merged into
another one count once.
"""

from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from services.rules import surges
from services.rules.jurisdiction.bureau_choice import WHOLE_COUNTRY
from services.rules.surges import SurgeRules

CITY, OUTLET, USERS, STOPPAGE = "CITY", "OUTLET", "USERS", "STOPPAGE"
_REGION = "coalesce(c.dispute_region, c.delivery_region, c.mailing_region, c.complainant_region)"
_PROVINCE = f"rpad(left({_REGION}, 2), 6, '0')"
PLACES = {CITY: f"rpad(left({_REGION}, 4), 6, '0')", OUTLET: "c.outlet"}
"""Where a complaint `c` belongs, by kind; the region as in routing."""
COUNTS = "c.status <> 'MERGED' AND c.carrier_code <> ''"
"""Which complaints `c` count."""

# one row a group, with the weeks before in which there were any; the rules take missing ones for none
_WEEKLY = """
    WITH counted AS (
        SELECT c.carrier_code, {place} AS place, {province} AS province,
            floor(extract(epoch FROM statement_timestamp() - c.received_at) / 604800) AS week
        FROM complaint c
        WHERE c.received_at > statement_timestamp() - ($1 + 1) * interval '7 days'
            AND c.received_at <= statement_timestamp() AND {counts}
    ), weekly AS (
        SELECT carrier_code, place, week, count(*) AS cases, min(province) AS province
        FROM counted WHERE place IS NOT NULL GROUP BY 1, 2, 3
    )
    SELECT carrier_code, place, max(cases) FILTER (WHERE week = 0) AS cases,
        array_agg(cases) FILTER (WHERE week > 0) AS before, max(province) FILTER (WHERE week = 0) AS province
    FROM weekly GROUP BY 1, 2 HAVING max(cases) FILTER (WHERE week = 0) >= $2
"""
_USERS = f"""
    SELECT c.carrier_code, c.outlet AS place, count(DISTINCT p.phone_index) AS users, min({_PROVINCE}) AS province
    FROM complaint c JOIN complaint_party p ON p.bucket = c.bucket AND p.complaint_id = c.id
    WHERE c.received_at > statement_timestamp() - $1 * interval '1 day' AND c.outlet IS NOT NULL AND {COUNTS}
    GROUP BY 1, 2 HAVING count(DISTINCT p.phone_index) > 1
"""  # noqa: S608 - our own expressions
_STOPPAGES = f"""
    SELECT c.carrier_code, count(DISTINCT left({_REGION}, 2)) AS provinces
    FROM complaint c
    WHERE c.urgency @> '{{NETWORK_STOPPAGE}}' AND c.received_at > statement_timestamp() - $1 * interval '1 day' AND {COUNTS}
    GROUP BY 1
"""  # noqa: S608 - as above


class Group(NamedTuple):
    """Complaints that stand out. `number` is what the kind counts: cases of the week, users, or provinces."""

    kind: str
    carrier_code: str
    place: str
    province: str
    number: int
    mean: float = 0
    deviation: float = 0


async def find(connection: AsyncConnection, rules: SurgeRules) -> list[Group]:
    """Return what stands out now, of every kind."""
    return [
        *await _by_week(connection, CITY, rules),
        *await _by_week(connection, OUTLET, rules),
        *await _users(connection, rules),
        *await _stoppages(connection, rules),
    ]


async def _by_week(connection: AsyncConnection, kind: str, rules: SurgeRules) -> list[Group]:
    statement = _WEEKLY.format(place=PLACES[kind], province=_PROVINCE, counts=COUNTS)
    rows = await connection.exec_driver_sql(statement, (rules.weeks, rules.least))
    compared = [(row, surges.compare(row.cases, row.before or (), rules)) for row in rows]
    return [
        Group(
            kind,
            row.carrier_code,
            row.place,
            row.province or WHOLE_COUNTRY,
            surge.cases,
            surge.mean,
            surge.deviation,
        )
        for row, surge in compared
        if surge.stands_out
    ]


async def _users(connection: AsyncConnection, rules: SurgeRules) -> list[Group]:
    rows = await connection.exec_driver_sql(_USERS, (rules.users_days,))
    return [
        Group(USERS, row.carrier_code, row.place, row.province or WHOLE_COUNTRY, row.users)
        for row in rows
        if surges.users_stand_out(row.users, rules)
    ]


async def _stoppages(connection: AsyncConnection, rules: SurgeRules) -> list[Group]:
    rows = await connection.exec_driver_sql(_STOPPAGES, (rules.stoppage_days,))
    return [
        Group(STOPPAGE, row.carrier_code, WHOLE_COUNTRY, WHOLE_COUNTRY, row.provinces)
        for row in rows
        if surges.is_stoppage(row.provinces, rules)
    ]
