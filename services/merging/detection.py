"""Finds, when a case comes in, the earlier cases that may be the same matter, with the evidence for it.

Asked only for cases whose waybill was seen before, which are few; one statement for a whole batch.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from services.rules import duplicates
from services.rules.duplicates import ComparedCase, DuplicateRules, DuplicateVerdict, Sign
from shared import bulk
from shared.models.merging import duplicate_candidate

MOST = 20
"""The maximum number of earlier cases of one waybill that are compared; a flood of one number needs no proposals."""

_EARLIER = """
    SELECT me.id AS mine, me.phone_index AS my_phone, me.identity_index AS my_identity, other.*
    FROM (
        SELECT p.complaint_id AS id, p.waybill_index, p.phone_index, p.identity_index, u.carrier_code
        FROM unnest($1::smallint[], $2::uuid[], $3::text[]) AS u(bucket, id, carrier_code)
        JOIN complaint_party p ON p.bucket = u.bucket AND p.complaint_id = u.id
    ) me
    CROSS JOIN LATERAL (
        SELECT c.bucket, c.id, c.number, c.status, c.received_at, c.carrier_code, c.issue_code, c.issue_detail_code,
            p.waybill_index, p.phone_index, p.identity_index
        FROM complaint_party p JOIN complaint c ON c.bucket = p.bucket AND c.id = p.complaint_id
        WHERE p.waybill_index = me.waybill_index AND (p.complaint_id < me.id OR c.routed_at = c.created_at)
            AND (c.carrier_code = me.carrier_code OR me.carrier_code = '')
            AND c.status NOT IN ('REFUSED', 'TRANSFERRED', 'MERGED')
        ORDER BY p.complaint_id DESC LIMIT $4::int
    ) other
"""


class RepeatingCase(Protocol):
    """A case that may repeat an earlier one, as routing has read it."""

    @property
    def bucket(self) -> int:
        """Bucket 0-63."""

    @property
    def id(self) -> uuid.UUID:
        """The id."""

    @property
    def carrier_code(self) -> str:
        """The enterprise; empty where none was named."""

    @property
    def received_at(self) -> datetime:
        """The receipt."""

    @property
    def issue_code(self) -> str:
        """What it is about."""

    @property
    def issue_detail_code(self) -> str | None:
        """The reason under the issue."""

    @property
    def cites(self) -> str | None:
        """The number of the earlier case that it says it repeats."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An earlier case that may be the same matter."""

    bucket: int
    id: uuid.UUID
    number: str
    verdict: DuplicateVerdict
    evidence: tuple[Sign, ...]


async def earlier(
    connection: AsyncConnection, cases: Sequence[RepeatingCase], rules: DuplicateRules
) -> Mapping[uuid.UUID, list[Candidate]]:
    """Return the earlier cases that are proposed as the same matter, by the id of the later case."""
    if not cases:
        return {}
    by_id = {case.id: case for case in cases}
    keys = ([case.bucket for case in cases], list(by_id), [case.carrier_code for case in cases], MOST)
    candidates: dict[uuid.UUID, list[Candidate]] = {}
    for row in await connection.exec_driver_sql(_EARLIER, keys):
        case = by_id[row.mine]
        compared = duplicates.compare(_mine(case, row), _other(row), rules, cited=case.cites == row.number)
        if compared.verdict is not DuplicateVerdict.APART:
            candidate = Candidate(row.bucket, row.id, row.number, compared.verdict, compared.evidence)
            candidates.setdefault(row.mine, []).append(candidate)
    return candidates


def _mine(case: RepeatingCase, row: Row[Any]) -> ComparedCase:
    # a case without an enterprise is compared by the waybill alone
    carrier = case.carrier_code or row.carrier_code
    return ComparedCase(
        case.received_at,
        carrier,
        case.issue_code,
        case.issue_detail_code,
        row.waybill_index,
        row.my_phone,
        row.my_identity,
    )


def _other(row: Row[Any]) -> ComparedCase:
    return ComparedCase(
        row.received_at,
        row.carrier_code,
        row.issue_code,
        row.issue_detail_code,
        row.waybill_index,
        row.phone_index,
        row.identity_index,
    )


_PROPOSE = bulk.into(
    duplicate_candidate,
    ("bucket", "complaint_id", "other_bucket", "other_id", "evidence"),
    "ON CONFLICT DO NOTHING",
)


def additions(candidates: Mapping[uuid.UUID, list[Candidate]], cases: Sequence[RepeatingCase]) -> bulk.Part:
    """Return the insert of proposals."""
    return _PROPOSE, [
        {
            "bucket": case.bucket,
            "complaint_id": case.id,
            "other_bucket": candidate.bucket,
            "other_id": candidate.id,
            "evidence": bulk.array_literal(candidate.evidence),
        }
        for case in cases
        for candidate in candidates.get(case.id, ())
    ]


def proven(candidates: Sequence[Candidate]) -> bool:
    """Tell whether the request itself names the earlier case, so that no officer has to decide."""
    return any(candidate.verdict is DuplicateVerdict.PROVEN for candidate in candidates)
