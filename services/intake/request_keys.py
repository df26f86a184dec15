"""The request keys of filings: taken in the transaction that stores them, and answered by the stored receipt ever after."""

import uuid
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import TypedDict

from services.intake.preparation import Prepared
from services.requests.answers import Accepted, Answer, InFlightError, KeyReusedError
from shared import bulk, ids
from shared.models import requests

Identity = tuple[uuid.UUID, str]


class KeyedFiling(Protocol):
    """A filing as its keys are taken: prepared, with its receipt."""

    @property
    def prepared(self) -> Prepared:
        """The rows of the filing."""

    @property
    def receipt(self) -> bytes:
        """What the request is answered, now and at every repetition."""

    @property
    def identities(self) -> tuple[Identity, ...]:
        """Client and key, of each request key."""


class KeyRow(TypedDict):
    """The row of a request key."""

    bucket: int
    client_id: uuid.UUID
    key: str
    fingerprint: bytes
    complaint_bucket: int
    complaint_id: uuid.UUID
    receipt: bytes


class StoredKey(NamedTuple):
    """What is stored under a request key that came before."""

    fingerprint: bytes
    complaint_id: uuid.UUID
    receipt: bytes


_KEY_COLUMNS = tuple(KeyRow.__annotations__)
PLAIN = bulk.into(requests.request_key, _KEY_COLUMNS)
"""The insert that fails where a key came before."""
_TAKE = bulk.into(requests.request_key, _KEY_COLUMNS, "ON CONFLICT DO NOTHING RETURNING client_id, key")


async def take(connection: AsyncConnection, filings: Sequence[KeyedFiling]) -> set[Identity]:
    """Reserve the request keys; returns those that were free. Waits for a transaction that holds one of them."""
    return {(row.client_id, row.key) for row in await _TAKE.run(connection, rows(filings))}


def rows(filings: Sequence[KeyedFiling]) -> list[KeyRow]:
    """Return the rows of all keys of filings, in one order for all writers, so that two never wait for each other."""
    keyed: list[KeyRow] = [
        {
            "bucket": ids.bucket_of(client_id, key),
            "client_id": client_id,
            "key": key,
            "fingerprint": filing.prepared.fingerprint,
            "complaint_bucket": filing.prepared.bucket,
            "complaint_id": filing.prepared.complaint_id,
            "receipt": filing.receipt,
        }
        for filing in filings
        for client_id, key in filing.identities
    ]
    keyed.sort(key=lambda row: (row["bucket"], row["client_id"], row["key"]))
    return keyed


_EARLIER = """
    SELECT k.client_id, k.key, k.fingerprint, k.complaint_id, k.receipt
    FROM unnest($1::smallint[], $2::uuid[], $3::text[]) AS u(bucket, client_id, key)
    JOIN request_key k ON k.bucket = u.bucket AND k.client_id = u.client_id AND k.key = u.key
"""
_GIVE_BACK = """
    DELETE FROM request_key k USING unnest($1::smallint[], $2::uuid[], $3::text[]) AS u(bucket, client_id, key)
    WHERE k.bucket = u.bucket AND k.client_id = u.client_id AND k.key = u.key
"""


async def earlier(
    connection: AsyncConnection, numbered: Sequence[KeyedFiling], taken: set[Identity]
) -> Mapping[Identity, StoredKey]:
    """Read what was stored under the keys that were not free; a key that was free beside one of them is given back."""
    identities = [identity for filing in numbered for identity in filing.identities]
    if half := [identity for identity in identities if identity in taken]:
        await connection.exec_driver_sql(_GIVE_BACK, _key_arrays(half))
    others = [identity for identity in identities if identity not in taken]
    rows = await connection.exec_driver_sql(_EARLIER, _key_arrays(others))
    return {
        (row.client_id, row.key): StoredKey(row.fingerprint, row.complaint_id, bytes(row.receipt))
        for row in rows
    }


def _key_arrays(identities: Sequence[Identity]) -> tuple[list[int], list[uuid.UUID], list[str]]:
    buckets = [ids.bucket_of(client_id, key) for client_id, key in identities]
    return buckets, [client_id for client_id, _ in identities], [key for _, key in identities]


def answer(filing: KeyedFiling, stored: Mapping[Identity, StoredKey]) -> Answer:
    """Return what a filing is answered whose keys were not free, by what is stored under them."""
    earlier = [stored[identity] for identity in filing.identities if identity in stored]
    if not earlier:
        return in_flight()
    if any(key.fingerprint != filing.prepared.fingerprint for key in earlier):
        return key_reused()
    return Accepted(earlier[0].complaint_id, earlier[0].receipt, replayed=True)


def in_flight() -> InFlightError:
    """Return the answer to a request that somebody works on at this moment."""
    return InFlightError("The same request is being worked on; send it again in a second.", retry_after=1)


def key_reused() -> KeyReusedError:
    """Return the answer to a request whose key came before with another body."""
    return KeyReusedError(
        "This Idempotency-Key or external_ref came before with another body. Send the body as it was, or take a new key."
    )
