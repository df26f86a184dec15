"""The facts of a batch of cases, in a fixed number of statements."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from services.carriers import traces
from services.cases import case_row
from services.cases.case_row import CaseHead
from services.decisions import facts
from services.decisions.facts import FactColumns
from services.reference.data import ReferenceData
from services.rules.facts import CaseFacts
from services.tasks.queue import Task
from shared.models.cases import IS_OPEN
from shared.vocabulary import Urgency


@dataclass(frozen=True, slots=True)
class RoutedCase(CaseHead, FactColumns):
    """A case as it is routed: the columns that the rules decide on, and what leads to other cases."""

    triage: bool
    cites: str | None
    waybill_index: bytes | None


# locked, for it is decided on: the sweep of deadlines may look at a case that was not routed in days
_CASES = f"""
    SELECT {case_row.sql(RoutedCase, waybill_index="p.waybill_index")}
    FROM unnest($1::smallint[], $2::uuid[]) AS mine(bucket, id)
    JOIN complaint c ON c.bucket = mine.bucket AND c.id = mine.id
    JOIN complaint_party p ON p.bucket = mine.bucket AND p.complaint_id = mine.id
    ORDER BY c.bucket, c.id FOR NO KEY UPDATE OF c
"""  # noqa: S608 - names of our own columns


# "Same waybill" is the same waybill number of the same enterprise; numbers of different enterprises may coincide.
# Only cases that were filed earlier count (ids are in the order of filing, whatever receipt was declared), so that of
# two filed at once exactly one is the repetition. A case that was decided in the transaction that stored it was the first
# of its waybill (services.intake.at_once), whatever its id. The limit keeps a
# flood of one number from slowing everybody down, and keeps the planner from joining whole tables. What was refused or
# transferred was not accepted, and blocks no other case. Only an item that an earlier case was about has a trace.
class SameWaybill(NamedTuple):
    """What other cases of the same item tell of a case: how many are open, the number of one with the same matter."""

    id: uuid.UUID
    open_cases: int
    same_matter: str | None
    failing_link_region: str | None


_SAME_WAYBILL = f"""
    SELECT me.id, twins.open_cases, twins.same_matter, CASE WHEN twins.cases > 0 THEN (
        SELECT t.regions ->> me.issue_code FROM trace t
        WHERE t.bucket = {traces.bucket_in_sql("me.waybill_index")} AND t.carrier_code = me.carrier_code
            AND t.waybill_index = me.waybill_index
    ) END AS failing_link_region
    FROM unnest($1::uuid[], $2::bytea[], $3::text[], $4::text[], $5::text[])
        AS me(id, waybill_index, carrier_code, issue_code, issue_detail_code)
    CROSS JOIN LATERAL (
        SELECT count(*) AS cases, count(*) FILTER (WHERE other.{IS_OPEN}) AS open_cases,
            min(other.number) FILTER (WHERE other.status NOT IN ('REFUSED', 'TRANSFERRED')
                AND other.issue_code = me.issue_code
                AND other.issue_detail_code IS NOT DISTINCT FROM me.issue_detail_code) AS same_matter
        FROM (
            SELECT bucket, complaint_id FROM complaint_party
            WHERE waybill_index = me.waybill_index AND complaint_id <> me.id LIMIT 1000
        ) twin
        CROSS JOIN LATERAL (
            SELECT number, status, carrier_code, issue_code, issue_detail_code,
                routed_at = created_at AS decided_at_once
            FROM complaint
            WHERE bucket = twin.bucket AND id = twin.complaint_id LIMIT 1
        ) other
        WHERE other.carrier_code = me.carrier_code
          AND (twin.complaint_id < me.id OR other.decided_at_once)
    ) twins
"""  # noqa: S608 - names of our own states

# rulebook 4, R8: the same enterprise in several provinces within 7 days; each case looks into its own week by the index
_STOPPAGES = """
    SELECT me.id, (
        SELECT count(DISTINCT left(coalesce(
            near.dispute_region, near.delivery_region, near.mailing_region, near.complainant_region), 2))
        FROM complaint near WHERE near.carrier_code = me.carrier_code AND near.urgency @> '{NETWORK_STOPPAGE}'
            AND near.received_at > me.received_at - interval '7 days' AND near.received_at <= me.received_at
    ) AS provinces
    FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS me(id, carrier_code, received_at)
"""


@dataclass(frozen=True, slots=True)
class Gathered:
    """One case as it was read, with the facts that the rules decide on."""

    task: Task
    row: RoutedCase
    facts: CaseFacts


async def gather(
    connection: AsyncConnection, tasks: Sequence[Task], reference: ReferenceData, *, routed: bool = False
) -> list[Gathered]:
    """Read the cases of these tasks that were not routed yet (or were: `routed`), and what other cases tell of them."""
    by_subject = {task.subject_id: task for task in tasks}
    keys = ([task.bucket for task in tasks], [task.subject_id for task in tasks])
    cases = case_row.build(RoutedCase, await connection.exec_driver_sql(_CASES, keys))
    rows = [row for row in cases if (row.routed_at is not None) is routed]
    twins = await _twins(connection, rows)
    provinces = await _stoppages(connection, rows)
    return [
        Gathered(by_subject[row.id], row, _facts(row, twins.get(row.id), provinces, reference))
        for row in rows
    ]


def _facts(
    row: RoutedCase, twin: SameWaybill | None, provinces: Mapping[uuid.UUID, int], reference: ReferenceData
) -> CaseFacts:
    return facts.facts(
        row,
        reference,
        same_waybill_open=twin.open_cases if twin is not None else 0,
        same_matter_number=twin.same_matter if twin is not None else None,
        failing_link_region=twin.failing_link_region if twin is not None else None,
        provinces_hit=provinces.get(row.id, 0),
    )


_TWIN_KEYS = ("id", "waybill_index", "carrier_code", "issue_code", "issue_detail_code")


async def _twins(connection: AsyncConnection, rows: Sequence[RoutedCase]) -> Mapping[uuid.UUID, SameWaybill]:
    with_waybill = [row for row in rows if row.waybill_index is not None]
    if not with_waybill:
        return {}
    values = tuple([getattr(row, name) for row in with_waybill] for name in _TWIN_KEYS)
    twins = [SameWaybill._make(row) for row in await connection.exec_driver_sql(_SAME_WAYBILL, values)]
    return {twin.id: twin for twin in twins}


async def _stoppages(connection: AsyncConnection, rows: Sequence[RoutedCase]) -> Mapping[uuid.UUID, int]:
    flagged = [row for row in rows if Urgency.NETWORK_STOPPAGE in row.urgency]
    if not flagged:
        return {}
    values = (
        [row.id for row in flagged],
        [row.carrier_code for row in flagged],
        [row.received_at for row in flagged],
    )
    return {row.id: row.provinces for row in await connection.exec_driver_sql(_STOPPAGES, values)}
