"""Keys with which carriers and portals sign requests (RFC 9421): operators create and revoke them; every request is checked.

A shared secret (hmac-sha256) is stored sealed; of a key pair (ed25519) only the public key is stored. A nonce is stored as
long as its request could be accepted again.
"""

import base64
import secrets
import time
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)
from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects import postgresql
from typing_extensions import TypedDict

from services import audit
from services.access import clients
from services.access.clients import Caller
from shared import database
from shared.database import Database
from shared.errors import InvalidInputError, NotFoundError
from shared.models import access
from shared.models.access import signature_nonce, signing_key
from shared.privacy.keyring import KeyRing
from shared.signing import ALGORITHMS, SigningKey

HMAC = "hmac-sha256"
SIGNERS = ("carrier", "portal")
"""The kinds of clients that may sign requests instead of sending an API key."""
_SECRET_BYTES = 32
PRUNE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class NewSigningKey:
    """A new key, shown only once; `secret` in base64, only for an algorithm with a shared secret."""

    key_id: str
    algorithm: str
    secret: str | None


async def add(
    db: Database, name: str, *, algorithm: str, ring: KeyRing, actor: str, public_key: bytes | None = None
) -> NewSigningKey:
    """Create a signing key for a client; `public_key` (PEM) for ed25519, None for hmac-sha256.

    Raises NotFoundError for an unknown client, InvalidInputError for a kind of client that does not sign or a wrong key.
    """
    key_id = f"sk-{secrets.token_hex(8)}"
    secret = secrets.token_bytes(_SECRET_BYTES) if algorithm == HMAC else None
    row: dict[str, object] = {"id": key_id, "algorithm": algorithm}
    if secret is not None:
        if public_key is not None:
            raise InvalidInputError(
                "hmac-sha256 has a shared secret, which Shensu creates: send no public key"
            )
        row["sealed_secret"] = ring.seal(secret, bound_to=_binding(key_id))
    else:
        row["public_key"] = _public(algorithm, public_key)
    async with db.transaction() as connection:
        client = (
            await connection.execute(
                select(access.client.c.id, access.client.c.kind).where(access.client.c.name == name)
            )
        ).one_or_none()
        if client is None:
            raise NotFoundError(f"no client named {name}; `python -m ops client list` shows them")
        if client.kind not in SIGNERS:
            raise InvalidInputError(
                f"only clients of kind {' or '.join(SIGNERS)} sign; {name} is a {client.kind}"
            )
        await connection.execute(insert(signing_key).values(row | {"client_id": client.id}))
        data = {"key": key_id, "algorithm": algorithm}
        await audit.record(connection, actor=actor, act="client.signing_key", subject=name, data=data)
    return NewSigningKey(key_id, algorithm, base64.b64encode(secret).decode() if secret is not None else None)


def _public(algorithm: str, pem: bytes | None) -> bytes:
    """Return a public key in its stored form. Raises InvalidInputError if it is not one of this algorithm."""
    if algorithm not in ALGORITHMS:
        raise InvalidInputError(f"no algorithm {algorithm}; there are {', '.join(ALGORITHMS)}")
    try:
        key = load_pem_public_key(pem or b"")
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InvalidInputError("ed25519 needs the public key as PEM (BEGIN PUBLIC KEY)") from error
    if not isinstance(key, Ed25519PublicKey):
        raise InvalidInputError("this public key is not one of Ed25519")
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _binding(key_id: str) -> bytes:
    return f"signing_key|{key_id}".encode()


async def revoke(db: Database, key_id: str, *, actor: str) -> datetime:
    """Revoke a key; processes stop accepting it within seconds. Raises NotFoundError if there is no such valid key."""
    async with db.transaction() as connection:
        statement = (
            update(signing_key)
            .where(signing_key.c.id == key_id, signing_key.c.revoked_at.is_(None))
            .values(revoked_at=await database.moment(connection))
            .returning(signing_key.c.revoked_at)
        )
        revoked: datetime | None = await connection.scalar(statement)
        if revoked is None:
            raise NotFoundError(f"no signing key {key_id} that could be revoked")
        await audit.record(connection, actor=actor, act="client.revoke_signing_key", subject=key_id, data={})
    return revoked


class ListedSigningKey(TypedDict):
    """A signing key with the name of its client."""

    name: str
    key_id: str
    algorithm: str
    created_at: datetime
    revoked_at: datetime | None


async def listed(db: Database) -> list[ListedSigningKey]:
    """Return every signing key with its client, the newest last, without secrets."""
    statement = (
        select(
            access.client.c.name,
            signing_key.c.id.label("key_id"),
            signing_key.c.algorithm,
            signing_key.c.created_at,
            signing_key.c.revoked_at,
        )
        .join(access.client, access.client.c.id == signing_key.c.client_id)
        .order_by(signing_key.c.created_at, signing_key.c.id)
    )
    async with db.transaction() as connection:
        rows = (await connection.execute(statement)).mappings().all()
    return cast("list[ListedSigningKey]", [dict(row) for row in rows])


async def find(db: Database, key_id: str, ring: KeyRing) -> SigningKey[Caller] | None:
    """Return a valid key with its client; None for an unknown or revoked key. One statement."""
    statement = (
        select(
            access.client,
            signing_key.c.id.label("key_id"),
            signing_key.c.algorithm,
            signing_key.c.public_key,
            signing_key.c.sealed_secret,
        )
        .join(access.client, access.client.c.id == signing_key.c.client_id)
        .where(signing_key.c.id == key_id, signing_key.c.revoked_at.is_(None))
    )
    async with db.transaction() as connection:
        row = (await connection.execute(statement)).one_or_none()
    if row is None:
        return None
    material = (
        ring.unseal(bytes(row.sealed_secret), bound_to=_binding(row.key_id))
        if row.algorithm == HMAC
        else bytes(row.public_key)
    )
    return SigningKey(row.key_id, row.algorithm, material, clients.caller_of(row))


class Nonces:
    """The nonces of requests that could still be replayed; older nonces are deleted when new ones are stored."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._prune_at = 0.0

    async def remember(self, key_id: str, nonce: str, until: datetime) -> bool:
        """Store a nonce of a key until a moment; return whether it is new."""
        statement = (
            postgresql.insert(signature_nonce)
            .values(key_id=key_id, nonce=nonce, expires_at=until)
            .on_conflict_do_nothing()
            .returning(signature_nonce.c.nonce)
        )
        async with self._db.transaction() as connection:
            if time.monotonic() >= self._prune_at:
                self._prune_at = time.monotonic() + PRUNE_SECONDS
                moment = await database.moment(connection)
                await connection.execute(delete(signature_nonce).where(signature_nonce.c.expires_at < moment))
            return await connection.scalar(statement) is not None
