"""Where carriers and hotlines are notified of their cases: addresses and secrets, which only operators register."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import TypedDict

from services import audit
from services.cases.outbox import CARRIER, HOTLINE
from services.delivery import ssrf, webhook_signatures
from shared import database, ids
from shared.database import Database
from shared.errors import ConflictError, InvalidInputError, NotFoundError
from shared.models.delivery import delivery, endpoint
from shared.models.reference import carrier, region
from shared.privacy.keyring import KeyRing

ACTIVE, DISABLED = "ACTIVE", "DISABLED"
OVERLAP = timedelta(hours=24)
"""For so long the secret before signs beside the new one, so that a receiver can change over without a gap."""
_E = endpoint.c


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A secret as it is shown once, when it is made."""

    endpoint_id: uuid.UUID
    audience: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Target:
    """Where to send, and by which secrets to sign."""

    id: uuid.UUID
    audience: str
    url: str
    secrets: Sequence[str] = field(repr=False)


async def register(
    db: Database, ring: KeyRing, *, audience: str, url: str, development: bool, actor: str
) -> NewSecret:
    """Register the address of an audience; its secret is returned this once.

    Raises InvalidInputError for an audience that is none, AddressRefusedError, or ConflictError where it has one.
    """
    ssrf.check_url(url, development=development)
    endpoint_id, secret = ids.uuid7(), webhook_signatures.new_secret()
    row = {
        "id": endpoint_id,
        "audience": audience,
        "url": url,
        "secret": webhook_signatures.seal(secret, ring, endpoint_id),
    }
    try:
        async with db.transaction() as connection:
            await _check_audience(connection, audience)
            await connection.execute(insert(endpoint).values(row))
            await _record(connection, actor, "register", audience, {"url": url})
    except IntegrityError as error:
        raise ConflictError(f"{audience} has an address already; `endpoint move` changes it") from error
    return NewSecret(endpoint_id, audience, secret)


async def _check_audience(connection: AsyncConnection, audience: str) -> None:
    kind, _, code = audience.partition(":")
    lists = {CARRIER: carrier.c.code, HOTLINE: region.c.code}
    exists = kind in lists and await connection.scalar(
        select(lists[kind]).where(lists[kind] == code).limit(1)
    )
    if not exists:
        raise InvalidInputError(
            "an audience is carrier:CODE or hotline:REGION, by the codes of the reference data, as carrier:ZTO"
        )


async def move(db: Database, *, audience: str, url: str, development: bool, actor: str) -> None:
    """Change the address of an audience; what waits goes to the new one. Raises AddressRefusedError, NotFoundError."""
    ssrf.check_url(url, development=development)
    async with db.transaction() as connection:
        await _begin_anew(connection, audience, {"url": url})
        await _record(connection, actor, "move", audience, {"url": url})


async def rotate(
    db: Database, ring: KeyRing, *, audience: str, actor: str, overlap: timedelta = OVERLAP
) -> NewSecret:
    """Make a new secret; the one before signs beside it for the time of the overlap. Raises NotFoundError."""
    secret = webhook_signatures.new_secret()
    async with db.transaction() as connection:
        endpoint_id = await connection.scalar(select(_E.id).where(_E.audience == audience))
        if endpoint_id is None:
            raise _unknown(audience)
        changes = {
            "secret": webhook_signatures.seal(secret, ring, endpoint_id),
            "previous_secret": _E.secret,
            "previous_until": await database.moment(connection) + overlap,
        }
        await _change(connection, audience, changes)
        await _record(
            connection, actor, "rotate", audience, {"overlap_seconds": int(overlap.total_seconds())}
        )
    return NewSecret(endpoint_id, audience, secret)


async def disable(db: Database, *, audience: str, reason: str, actor: str) -> None:
    """Send nothing more to an audience; its feed goes on, and what waits keeps waiting. Raises NotFoundError."""
    async with db.transaction() as connection:
        await _change(connection, audience, {"state": DISABLED, "disabled_reason": reason})
        await _record(connection, actor, "disable", audience, {})


async def enable(db: Database, *, audience: str, actor: str) -> None:
    """Send again, what waited first. What happened while it was disabled is in the feed only. Raises NotFoundError."""
    async with db.transaction() as connection:
        await _begin_anew(connection, audience, {"state": ACTIVE, "disabled_reason": None})
        await _record(connection, actor, "enable", audience, {})


async def _begin_anew(connection: AsyncConnection, audience: str, changes: Mapping[str, object]) -> None:
    await make_due(
        connection, await _change(connection, audience, {**changes, "failures": 0, "open_until": None})
    )


async def _change(connection: AsyncConnection, audience: str, changes: Mapping[str, object]) -> uuid.UUID:
    statement = update(endpoint).where(_E.audience == audience).values(changes).returning(_E.id)
    changed: uuid.UUID | None = await connection.scalar(statement)
    if changed is None:
        raise _unknown(audience)
    return changed


async def make_due(connection: AsyncConnection, endpoint_id: uuid.UUID) -> None:
    """Let everything that waits for a recipient be due at once, the oldest first."""
    d = delivery.c
    waits = (
        d.endpoint_id == endpoint_id,
        d.state == "PENDING",
        d.lease_token.is_(None),
        d.next_at > d.created_at,
    )
    await connection.execute(update(delivery).where(*waits).values(next_at=d.created_at))


async def _record(
    connection: AsyncConnection, actor: str, act: str, audience: str, data: Mapping[str, object]
) -> None:
    await audit.record(connection, actor=actor, act=f"endpoint.{act}", subject=audience, data=data)


def _unknown(audience: str) -> NotFoundError:
    return NotFoundError(f"no address is registered for {audience}; `python -m ops endpoint list` shows them")


class RegisteredEndpoint(TypedDict):
    """A registered address, with what waits for it."""

    audience: str
    url: str
    state: str
    disabled_reason: str | None
    failures: int
    open_until: datetime | None
    previous_until: datetime | None
    created_at: datetime
    waiting: int
    oldest: datetime | None


async def list_endpoints(db: Database) -> list[RegisteredEndpoint]:
    """Return every registered address with what waits for it; secrets are sealed and cannot be shown."""
    waiting = (
        select(
            delivery.c.endpoint_id,
            func.count().label("waiting"),
            func.min(delivery.c.created_at).label("oldest"),
        )
        .where(delivery.c.state == "PENDING")
        .group_by(delivery.c.endpoint_id)
        .subquery()
    )
    columns = (
        _E.audience,
        _E.url,
        _E.state,
        _E.disabled_reason,
        _E.failures,
        _E.open_until,
        _E.previous_until,
        _E.created_at,
    )
    statement = (
        select(*columns, func.coalesce(waiting.c.waiting, 0).label("waiting"), waiting.c.oldest)
        .outerjoin(waiting, waiting.c.endpoint_id == _E.id)
        .order_by(_E.audience)
    )
    async with db.transaction() as connection:
        rows = (await connection.execute(statement)).mappings().all()
    return cast("list[RegisteredEndpoint]", [dict(row) for row in rows])


async def target(db: Database, ring: KeyRing, audience: str) -> Target:
    """Return the address and the secrets of an audience; disabled or not. Raises NotFoundError."""
    both = _E.previous_until > func.clock_timestamp()
    statement = select(endpoint, both.label("both")).where(_E.audience == audience)
    async with db.transaction() as connection:
        row = (await connection.execute(statement)).one_or_none()
    if row is None:
        raise _unknown(audience)
    return target_of(row, ring)


def target_of(row: Any, ring: KeyRing) -> Target:
    """Return the target that a row is; `both`: the secret before signs, too. Raises SealBrokenError."""
    sealed = [row.secret] + ([row.previous_secret] if row.both else [])
    return Target(
        row.id,
        row.audience,
        row.url,
        [webhook_signatures.unseal(bytes(secret), ring, row.id) for secret in sealed],
    )
