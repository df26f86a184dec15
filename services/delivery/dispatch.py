"""Delivers messages to one recipient: claimed, sent outside any transaction, and what came of it recorded.

At least once, and in order for each case; the id of a message never changes, so that a receiver can tell a repetition.
"""

import asyncio
import time
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from cloudevents.core.v1.event import CloudEvent
from prometheus_client import Counter
from sqlalchemy import update

from services import audit
from services.delivery import delivery_queue, endpoints, envelopes, http_sender, retries, webhook_signatures
from services.delivery.delivery_queue import ClaimedDelivery, DeliveryLease, DeliveryResult, Health
from services.delivery.endpoints import Target
from services.delivery.http_sender import Sender, WebhookResponse
from services.delivery.retries import Verdict
from shared import clock
from shared.database import Database
from shared.models.delivery import endpoint
from shared.privacy.keyring import KeyFileError, KeyRing
from shared.privacy.sealing import SealBrokenError

DELIVER = "deliver"
"""The kind of work that the doorbell names where messages were made due."""
BATCH = 100
IN_FLIGHT = 16
"""So many requests to one recipient are under way at once."""
LEAST_LEASE = timedelta(seconds=30)
"""Long enough for what is under way when the last request of a batch begins."""
_MARGIN_SECONDS = 5.0
_ASIDE = timedelta(minutes=5)
"""A probe that failed goes behind what waits, so that the next one is another case's: one message may be at fault."""
GONE = "the receiver answered 410 Gone"
DELIVERIES = Counter("shensu_deliveries", "Attempts to deliver a message", ["audience", "outcome"])
log = structlog.get_logger()


def _always() -> bool:
    return True


async def deliver_batch(
    db: Database,
    ring: KeyRing,
    sender: Sender,
    endpoint_id: uuid.UUID,
    *,
    lease: timedelta = LEAST_LEASE,
    size: int = BATCH,
    turn: asyncio.Semaphore | None = None,
    may_continue: Callable[[], bool] = _always,
) -> int:
    """Deliver up to `size` due messages to one recipient; returns how many were tried. Zero: nothing is due now.

    Messages that were not tried are given back uncounted: the recipient fails, the lease nears its end, or `may_continue`
    returns False.
    `turn` is waited for before the database is asked, and not held while anything is sent.
    """
    turn = turn or asyncio.Semaphore()
    async with turn:
        began = time.monotonic()
        claimed = await delivery_queue.take(db, ring, endpoint_id, size=size, lease=lease)
    if claimed is None:
        return 0
    latest_start = began + lease.total_seconds() - http_sender.SECONDS - _MARGIN_SECONDS
    batch = _Batch(claimed, sender, ring, latest_start, may_continue)
    try:
        await batch.send()
    finally:
        async with turn:
            await _record(db, batch)
    return len(batch.tried)


@dataclass(slots=True)
class _Batch:
    """Deliveries of one lease, and what came of those that were tried."""

    lease: DeliveryLease
    sender: Sender
    ring: KeyRing
    latest_start: float
    may_continue: Callable[[], bool]
    tried: dict[uuid.UUID, tuple[ClaimedDelivery, WebhookResponse, Verdict]] = field(default_factory=dict)
    _failures_in_row: int = 0

    async def send(self) -> None:
        left = deque(self.lease.taken)

        async def _send_in_turn() -> None:
            while left:
                async with self.sender.free:
                    # while it was waited for, the lease may have come near its end
                    if not left or not self._may_start():
                        return
                    taken = left.popleft()
                    answer = await send_message(self.lease.target, taken, self.sender, self.ring)
                verdict = retries.verdict(answer.status)
                self._failures_in_row = 0 if verdict is Verdict.DELIVERED else self._failures_in_row + 1
                self.tried[taken.id] = (taken, answer, verdict)

        async with asyncio.TaskGroup() as lines:
            for _ in range(min(IN_FLIGHT, len(left))):
                lines.create_task(_send_in_turn())

    def _may_start(self) -> bool:
        fails = self._failures_in_row and self.lease.failures + self._failures_in_row >= retries.OPENS_AFTER
        return not fails and time.monotonic() < self.latest_start and self.may_continue()

    @property
    def untried(self) -> list[ClaimedDelivery]:
        return [taken for taken in self.lease.taken if taken.id not in self.tried]

    def results(self) -> list[DeliveryResult]:
        return [self._result(taken, answer, verdict) for taken, answer, verdict in self.tried.values()]

    def _result(self, taken: ClaimedDelivery, answer: WebhookResponse, verdict: Verdict) -> DeliveryResult:
        # a probe is tried for the recipient's sake, and what the recipient refuses is the message's own fault
        counts = verdict is not Verdict.GONE and (verdict is not Verdict.FAILED or not self.lease.is_probe)
        attempts = taken.attempts + counts
        state = "PENDING"
        if verdict is Verdict.DELIVERED:
            state = "DELIVERED"
        elif counts and retries.is_last(attempts, verdict):
            state = "DEAD"
        wait = retries.wait_after(attempts, answer.wish) if counts else _ASIDE
        return DeliveryResult(taken.bucket, taken.id, state, attempts, wait, answer.status, answer.error)

    def count_verdicts(self, *verdicts: Verdict) -> int:
        return sum(verdict in verdicts for _, _, verdict in self.tried.values())

    def requested_pause(self) -> timedelta | None:
        """Return the longest time for which the recipient asks to be left alone."""
        wishes = [
            answer.wish
            for _, answer, _ in self.tried.values()
            if answer.wish and retries.is_rest(answer.status)
        ]
        return max(wishes, default=None)


async def send_message(
    target: Target, taken: ClaimedDelivery, sender: Sender, ring: KeyRing
) -> WebhookResponse:
    """Send one message once."""
    try:
        event = envelopes.event_of(taken.entry, ring)
    except (SealBrokenError, KeyFileError, LookupError, ValueError):
        return WebhookResponse(error="the message cannot be read")
    return await _send(target, event, sender)


async def _send(target: Target, event: CloudEvent, sender: Sender) -> WebhookResponse:
    body = envelopes.as_bytes(event)
    return await sender.post(
        target.url, webhook_signatures.headers(target.secrets, event.get_id(), body, clock.now()), body
    )


async def ping_audience(db: Database, ring: KeyRing, sender: Sender, audience: str) -> WebhookResponse:
    """Send a message about nothing to an audience, once. Raises NotFoundError where no address is registered."""
    return await _send(await endpoints.target(db, ring, audience), envelopes.ping(audience), sender)


async def _record(db: Database, batch: _Batch) -> None:
    lease = batch.lease
    delivered, gone = batch.count_verdicts(Verdict.DELIVERED), batch.count_verdicts(Verdict.GONE)
    failed = batch.count_verdicts(Verdict.FAILED, Verdict.REFUSED)
    health: Health | None = None
    async with db.transaction() as connection:
        await delivery_queue.record(connection, lease.token, batch.results())
        await delivery_queue.give_back(connection, lease.token, batch.untried)
        if failed or (delivered and (lease.is_probe or lease.failures)):
            health = await delivery_queue.change_health(
                connection,
                lease.target.id,
                succeeded=delivered > 0,
                failed=failed,
                rest=batch.requested_pause(),
            )
        if gone:
            changes = {"state": endpoints.DISABLED, "disabled_reason": GONE}
            await connection.execute(update(endpoint).where(endpoint.c.id == lease.target.id).values(changes))
            await audit.record(
                connection,
                actor="routing_worker",
                act="endpoint.disable",
                subject=lease.target.audience,
                data={"reason": GONE},
            )
    _report(batch, health)


def _report(batch: _Batch, health: Health | None) -> None:
    audience = batch.lease.target.audience
    for verdict in Verdict:
        if count := batch.count_verdicts(verdict):
            DELIVERIES.labels(audience, verdict.lower()).inc(count)
    for result in batch.results():
        if result.state == "DEAD":
            log.error(
                "delivery_dead",
                audience=audience,
                task=str(result.id),
                status=result.status,
                error=result.error,
            )
    if batch.count_verdicts(Verdict.GONE):
        log.error("endpoint_gone", audience=audience)
    if health is not None and health.pause is not None:
        seconds = round(health.pause.total_seconds(), 1)
        log.warning("endpoint_fails", audience=audience, attempts=health.failures, seconds=seconds)
    elif health is not None and batch.lease.is_probe and not health.failures:
        log.info("endpoint_is_back", audience=audience)
