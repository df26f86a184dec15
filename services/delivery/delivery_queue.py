"""Deliveries as they are taken and given back. Leases and order go by the database's clock, never a process's.

Of each case only the earliest message that is still to be sent is taken, so that none overtakes another, and of each
recipient only so many, so that none keeps another waiting. A worker that lost its lease records nothing.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from services.delivery import endpoints, feeds, retries
from services.delivery.endpoints import Target
from services.delivery.feeds import FeedEntry
from shared import bucket_turns, database
from shared.database import Database
from shared.privacy.keyring import KeyRing


class ClaimedDelivery(NamedTuple):
    """A delivery that this worker holds: how often it was tried before, and what it tells."""

    bucket: int
    id: uuid.UUID
    attempts: int
    entry: FeedEntry


@dataclass(frozen=True, slots=True)
class DeliveryLease:
    """Deliveries to one recipient that this worker holds. `is_probe`: the one that tries whether it is back."""

    token: uuid.UUID
    target: Target
    failures: int
    is_probe: bool
    taken: Sequence[ClaimedDelivery]


class DeliveryResult(NamedTuple):
    """What becomes of a delivery: its state, the attempts that count, when it is due again, and why."""

    bucket: int
    id: uuid.UUID
    state: str
    attempts: int
    wait: timedelta
    status: int | None
    error: str | None


class Health(NamedTuple):
    """How a recipient is after some attempts: failures in a row, and for how long it is left alone (None: not at all)."""

    failures: int
    pause: timedelta | None


_WAITS = "SELECT FROM delivery d WHERE d.endpoint_id = e.id AND d.state = 'PENDING'"
_DUE = f"""
    SELECT e.id FROM endpoint e WHERE e.state = 'ACTIVE' AND CASE WHEN e.open_until IS NULL
        THEN EXISTS ({_WAITS} AND d.next_at <= statement_timestamp())
        ELSE e.open_until <= statement_timestamp() AND EXISTS ({_WAITS}) END
"""  # noqa: S608 - our own words


async def due(db: Database) -> list[uuid.UUID]:
    """Return the recipients for whom something is due; of one that failed, when a probe is."""
    async with db.transaction() as connection:
        return [row.id for row in await connection.exec_driver_sql(_DUE)]


_ENDPOINT = """
    SELECT *, coalesce(previous_until > statement_timestamp(), false) AS both, statement_timestamp() AS moment
    FROM endpoint WHERE id = $1 AND state = 'ACTIVE'
"""
# the process that advances it has the probe
_PROBE = "UPDATE endpoint SET open_until = $3::timestamptz + $2::interval WHERE id = $1 AND open_until <= $3"
_FIRST_OF_ITS_CASE = """NOT EXISTS (
    SELECT FROM delivery p WHERE p.endpoint_id = t.endpoint_id AND p.complaint_id = t.complaint_id
        AND p.seq < t.seq AND p.state = 'PENDING'
)"""
_CLAIM = f"""
    WITH due AS (
        SELECT t.id FROM delivery t
        WHERE t.endpoint_id = $1 AND t.bucket = $2 AND t.state = 'PENDING' AND {{may_be_tried}}
            AND {_FIRST_OF_ITS_CASE}
        ORDER BY t.next_at LIMIT $4 FOR UPDATE SKIP LOCKED
    )
    UPDATE delivery d SET
        -- a lease that ended before its worker said anything is an attempt, lest one message kill workers for ever
        attempts = d.attempts + (d.lease_token IS NOT NULL)::int,
        state = CASE WHEN d.lease_token IS NOT NULL AND d.attempts + 1 >= {retries.ATTEMPTS} THEN 'DEAD' ELSE d.state END,
        last_error = CASE WHEN d.lease_token IS NOT NULL THEN 'the lease ended' ELSE d.last_error END,
        lease_token = $5, next_at = $3::timestamptz + $6::interval
    FROM due, feed_entry f
    WHERE d.bucket = $2 AND d.id = due.id AND f.bucket = d.bucket AND f.complaint_id = d.complaint_id
        AND f.audience = d.audience AND f.seq = d.seq
    RETURNING d.bucket, d.id AS delivery_id, d.attempts, d.state, f.complaint_id, f.audience, f.seq, f.type, f.at,
        f.data::text AS data, f.sealed
"""  # noqa: S608 - as above


class ClaimedRow(NamedTuple):
    """What a claim returns of a delivery: its state, and the entry that it carries."""

    bucket: int
    delivery_id: uuid.UUID
    attempts: int
    state: str
    complaint_id: uuid.UUID
    audience: str
    seq: int
    type: str
    at: datetime
    data: str
    sealed: bytes | None


_IS_DUE = "t.next_at <= {moment}"
_MAY_PROBE = "(t.next_at <= {moment} OR t.lease_token IS NULL)"
"""A probe goes by the time of the recipient, and not by that of any message."""


class DeliveryClaim(NamedTuple):
    """How deliveries are taken: the statement that finds their buckets, and the one that takes them in a bucket."""

    turns: str
    take: str

    @classmethod
    def of(cls, may_be_tried: str) -> "DeliveryClaim":
        """Return the statements for the deliveries that may be tried."""
        pending = f"t.endpoint_id = $1 AND t.state = 'PENDING' AND {_FIRST_OF_ITS_CASE}"
        condition = may_be_tried.format(moment="statement_timestamp()")
        return cls(
            bucket_turns.statement("delivery", "next_at", f"{pending} AND {condition}"),
            _CLAIM.format(may_be_tried=may_be_tried.format(moment="$3")),
        )


_CLAIM_DUE, _CLAIM_PROBE = DeliveryClaim.of(_IS_DUE), DeliveryClaim.of(_MAY_PROBE)


async def take(
    db: Database, ring: KeyRing, endpoint_id: uuid.UUID, *, size: int, lease: timedelta
) -> DeliveryLease | None:
    """Take up to `size` due deliveries to one recipient; one alone where it failed and may be back. None: nothing is due."""
    token = uuid.uuid4()
    async with db.transaction() as connection:
        row = (await connection.exec_driver_sql(_ENDPOINT, (endpoint_id,))).one_or_none()
        if row is None:
            return None
        is_probe = row.open_until is not None
        # opened before anything is taken: with the wrong keys no attempt is lost
        target = endpoints.target_of(row, ring)
        values = (endpoint_id, lease, row.moment)
        if is_probe and not (await connection.exec_driver_sql(_PROBE, values)).rowcount:
            return None
        claim, count = (_CLAIM_PROBE, 1) if is_probe else (_CLAIM_DUE, size)
        rows = await _claim(connection, claim, endpoint_id, token, lease, size=count)
        if not rows:
            # nothing is due, or another process has locked it: a probe that sent nothing stays due
            await connection.rollback()
            return None
    taken = [
        ClaimedDelivery(delivery.bucket, delivery.delivery_id, delivery.attempts, feeds.entry_of(delivery))
        for delivery in rows
        if delivery.state == "PENDING"
    ]
    if not taken:
        return None
    return DeliveryLease(token, target, row.failures, is_probe, taken)


async def _claim(
    connection: AsyncConnection,
    claim: DeliveryClaim,
    endpoint_id: uuid.UUID,
    token: uuid.UUID,
    lease: timedelta,
    *,
    size: int,
) -> list[ClaimedRow]:
    due = await bucket_turns.read(connection, claim.turns, endpoint_id)

    def _values(bucket: int, count: int) -> tuple[object, ...]:
        return (endpoint_id, bucket, due.moment, count, token, lease)

    rows = await bucket_turns.claim(connection, claim.take, due, size, _values)
    return [ClaimedRow(*row) for row in rows]


_RECORD = """
    UPDATE delivery d SET state = u.state, attempts = u.attempts, next_at = $9::timestamptz + u.wait, lease_token = NULL,
        last_status = u.status, last_error = u.error, tried_at = $9,
        delivered_at = CASE WHEN u.state = 'DELIVERED' THEN $9 ELSE d.delivered_at END
    FROM unnest($1::smallint[], $2::uuid[], $3::text[], $4::smallint[], $5::interval[], $6::smallint[], $7::text[])
        AS u(bucket, id, state, attempts, wait, status, error)
    WHERE d.bucket = u.bucket AND d.id = u.id AND d.lease_token = $8 AND d.state = 'PENDING'
"""


async def record(connection: AsyncConnection, token: uuid.UUID, results: Sequence[DeliveryResult]) -> int:
    """Write what became of deliveries that this lease still holds; returns of how many."""
    columns = [list(column) for column in zip(*results, strict=True)] or [[] for _ in DeliveryResult._fields]
    moment = await database.moment(connection)
    return (await connection.exec_driver_sql(_RECORD, (*columns, token, moment))).rowcount


_GIVE_BACK = """
    UPDATE delivery d SET lease_token = NULL, next_at = d.created_at
    FROM unnest($1::smallint[], $2::uuid[]) AS u(bucket, id)
    WHERE d.bucket = u.bucket AND d.id = u.id AND d.lease_token = $3 AND d.state = 'PENDING'
"""


async def give_back(connection: AsyncConnection, token: uuid.UUID, taken: Sequence[ClaimedDelivery]) -> None:
    """Give deliveries back that were not tried; they are due as before, and nothing counts against them."""
    if taken:
        keys = ([delivery.bucket for delivery in taken], [delivery.id for delivery in taken])
        await connection.exec_driver_sql(_GIVE_BACK, (*keys, token))


_HEALTH = """
    SELECT failures, open_until IS NOT NULL AS open, clock_timestamp() AS moment
    FROM endpoint WHERE id = $1 FOR NO KEY UPDATE
"""
_SET_HEALTH = "UPDATE endpoint SET failures = $2, open_until = $4::timestamptz + $3::interval WHERE id = $1"


async def change_health(
    connection: AsyncConnection,
    endpoint_id: uuid.UUID,
    *,
    succeeded: bool,
    failed: int,
    rest: timedelta | None,
) -> Health:
    """Count attempts for or against a recipient; once it answers again, everything that waits for it is due."""
    before = (await connection.exec_driver_sql(_HEALTH, (endpoint_id,))).one()
    health = Health(*retries.after(before.failures, succeeded=succeeded, failed=failed, rest=rest))
    await connection.exec_driver_sql(_SET_HEALTH, (endpoint_id, *health, before.moment))
    if before.open and succeeded and health.pause is None:
        await endpoints.make_due(connection, endpoint_id)
    return health
