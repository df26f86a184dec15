"""Clients of the platform and their API keys: operators create and revoke them; every request is checked.

A key is `sk_<live|test>_<id>_<secret>_<crc>`: 256 random bits, so a fast hash with a pepper suffices; the crc
detects a mistyped key without a query. Only the hash is stored.
"""

import hashlib
import hmac
import secrets
import uuid
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import TypedDict

from services import audit
from services.access import bindings
from services.access.scopes import Scope
from shared import database, ids
from shared.database import Database
from shared.errors import ConflictError, InvalidInputError, NotFoundError
from shared.models import access
from shared.privacy.keyring import KeyFile

_PREFIX, _PARTS = "sk", 5


@dataclass(frozen=True, slots=True)
class Caller:
    """The caller: the client of a valid key."""

    client_id: uuid.UUID
    name: str
    kind: str
    scopes: frozenset[Scope]
    carrier_code: str | None
    bureau_code: str | None
    region_code: str | None
    per_minute: int


@dataclass(frozen=True, slots=True)
class NewKey:
    """A new key, shown only once."""

    client_id: uuid.UUID
    key_id: str
    key: str


def _checksum(text: str) -> str:
    return f"{zlib.crc32(text.encode()):08x}"


def secret_hash(secret: str, pepper: bytes) -> bytes:
    """Return the hash that is stored of a secret."""
    return hmac.digest(pepper, secret.encode(), hashlib.sha256)


def parse(key: str) -> tuple[str, str] | None:
    """Return (key id, secret) of a well-formed key, or None."""
    parts = key.split("_")
    if len(parts) != _PARTS or parts[0] != _PREFIX or parts[1] not in {"live", "test"}:
        return None
    body, checksum = key.rsplit("_", 1)
    return (parts[2], parts[3]) if hmac.compare_digest(_checksum(body).encode(), checksum.encode()) else None


async def create(
    db: Database,
    *,
    name: str,
    kind: str,
    scopes: Sequence[str],
    key_file: KeyFile,
    actor: str,
    carrier_code: str | None = None,
    bureau_code: str | None = None,
    region_code: str | None = None,
    per_minute: int = 600,
    live: bool = False,
) -> NewKey:
    """Create a client with its first key; `per_minute` counts each complaint, and 1 for any other request.

    Raises InvalidInputError for an unknown scope, enterprise, bureau or region.
    """
    unknown = sorted(set(scopes) - set(Scope))
    if unknown:
        raise InvalidInputError(f"unknown scopes: {', '.join(unknown)}; there are: {', '.join(Scope)}")
    if (kind == "carrier") != (carrier_code is not None):
        raise InvalidInputError("a client of kind carrier, and no other, has a carrier code")
    for scope, bound_to, condition in (
        (Scope.CARRIER_EXCHANGE, carrier_code, "a carrier code"),
        (Scope.DESK_WORK, bureau_code, "a bureau code"),
        (Scope.HOTLINE_EXCHANGE, region_code, "a region code"),
    ):
        if scope in scopes and bound_to is None:
            raise InvalidInputError(f"a client with the scope {scope} needs {condition}")
    if kind not in access.CLIENT_KINDS:
        raise InvalidInputError(f"a client is one of {', '.join(access.CLIENT_KINDS)}, not {kind}")
    client_id = ids.uuid7()
    bound = {"carrier_code": carrier_code, "bureau_code": bureau_code, "region_code": region_code}
    row: dict[str, object] = {
        "id": client_id,
        "name": name,
        "kind": kind,
        "scopes": list(scopes),
        "per_minute": per_minute,
        **bound,
    }
    try:
        async with db.transaction() as connection:
            await bindings.check(connection, bound)
            await connection.execute(insert(access.client).values(row))
            made = await _make_key(connection, client_id, key_file, live=live)
            data = {"key": made.key_id, "scopes": list(scopes)}
            await audit.record(connection, actor=actor, act="client.create", subject=name, data=data)
    except IntegrityError as error:
        raise ConflictError(f"a client named {name} exists already") from error
    return made


async def add_key(db: Database, name: str, *, key_file: KeyFile, actor: str, live: bool = False) -> NewKey:
    """Create another key for a client, to change keys without a gap or after a loss. Raises NotFoundError."""
    async with db.transaction() as connection:
        client_id = await connection.scalar(select(access.client.c.id).where(access.client.c.name == name))
        if client_id is None:
            raise NotFoundError(f"no client named {name}; `python -m ops client list` shows them")
        made = await _make_key(connection, client_id, key_file, live=live)
        data = {"key": made.key_id}
        await audit.record(connection, actor=actor, act="client.key", subject=name, data=data)
    return made


async def _make_key(
    connection: AsyncConnection, client_id: uuid.UUID, key_file: KeyFile, *, live: bool
) -> NewKey:
    key_id, secret = secrets.token_hex(6), secrets.token_hex(32)
    body = f"{_PREFIX}_{'live' if live else 'test'}_{key_id}_{secret}"
    hashed = secret_hash(secret, key_file.pepper)
    row = {"id": key_id, "client_id": client_id, "secret_hash": hashed, "live": live}
    await connection.execute(insert(access.api_key).values(row))
    return NewKey(client_id, key_id, f"{body}_{_checksum(body)}")


async def revoke(db: Database, key_id: str, *, actor: str) -> datetime:
    """Revoke a key; processes stop accepting it within seconds. Raises NotFoundError if there is no such valid key."""
    async with db.transaction() as connection:
        statement = (
            update(access.api_key)
            .where(access.api_key.c.id == key_id, access.api_key.c.revoked_at.is_(None))
            .values(revoked_at=await database.moment(connection))
            .returning(access.api_key.c.revoked_at)
        )
        revoked: datetime | None = await connection.scalar(statement)
        if revoked is None:
            raise NotFoundError(f"no key {key_id} that could be revoked")
        await audit.record(connection, actor=actor, act="client.revoke", subject=key_id, data={})
    return revoked


class ListedClient(TypedDict):
    """A client with one of its keys."""

    name: str
    kind: str
    scopes: list[str]
    carrier_code: str | None
    bureau_code: str | None
    region_code: str | None
    per_minute: int
    key_id: str
    live: bool
    revoked_at: datetime | None
    created_at: datetime


async def list_clients(db: Database) -> list[ListedClient]:
    """Return every client with its keys, the newest last; secrets are not stored and cannot be shown."""
    client, key = access.client, access.api_key
    columns = (
        client.c.name,
        client.c.kind,
        client.c.scopes,
        client.c.carrier_code,
        client.c.bureau_code,
        client.c.region_code,
        client.c.per_minute,
    )
    statement = (
        select(*columns, key.c.id.label("key_id"), key.c.live, key.c.revoked_at, key.c.created_at)
        .join(key, key.c.client_id == client.c.id)
        .order_by(key.c.created_at, key.c.id)
    )
    async with db.transaction() as connection:
        rows = (await connection.execute(statement)).mappings().all()
    return cast("list[ListedClient]", [dict(row) for row in rows])


async def authenticate(db: Database, key: str, pepper: bytes, *, live_only: bool = False) -> Caller | None:
    """Return the caller of a key, or None if the key is malformed, unknown, wrong or revoked. One statement.

    `live_only`: production accepts only keys made for production.
    """
    parsed = parse(key)
    if parsed is None:
        return None
    key_id, secret = parsed
    statement = (
        select(access.client, access.api_key.c.secret_hash, access.api_key.c.live)
        .join(access.api_key, access.api_key.c.client_id == access.client.c.id)
        .where(access.api_key.c.id == key_id, access.api_key.c.revoked_at.is_(None))
    )
    async with db.transaction() as connection:
        row = (await connection.execute(statement)).one_or_none()
    if (
        row is None
        or (live_only and not row.live)
        or not hmac.compare_digest(row.secret_hash, secret_hash(secret, pepper))
    ):
        return None
    return caller_of(row)


def caller_of(row: Any) -> Caller:
    """Return the caller from a row of `client`."""
    return Caller(
        row.id,
        row.name,
        row.kind,
        frozenset(map(Scope, row.scopes)),
        row.carrier_code,
        row.bureau_code,
        row.region_code,
        row.per_minute,
    )
