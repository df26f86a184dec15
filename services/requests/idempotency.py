"""Doing a thing once for a request key: the answer is stored with the deed, and given again for the same key."""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.requests.answers import InFlightError, KeyReusedError
from shared import ids
from shared.database import Database
from shared.models.requests import request_key


class Result(NamedTuple):
    """What was done: the case that it was done to, and the answer's body."""

    bucket: int
    complaint_id: uuid.UUID
    receipt: bytes


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """The answer's body; `replayed` tells that the request had come before."""

    receipt: bytes
    replayed: bool


class _RacedError(Exception):
    """The same request was done by somebody else meanwhile."""


Do = Callable[[AsyncConnection], Awaitable[Result]]


async def run_once(db: Database, client_id: uuid.UUID, key: str, fingerprint: bytes, do: Do) -> StoredAnswer:
    """Do something in one transaction with its request key.

    Raises KeyReusedError where the key came before with other content, and whatever the deed raises.
    """
    for _ in range(2):
        try:
            async with db.transaction() as connection:
                return await _done(connection, client_id, key, fingerprint, do)
        except _RacedError:
            continue
    raise InFlightError("The same request is being worked on; send it again in a second.", retry_after=1)


async def _done(
    connection: AsyncConnection, client_id: uuid.UUID, key: str, fingerprint: bytes, do: Do
) -> StoredAnswer:
    columns = request_key.c
    bucket = ids.bucket_of(client_id, key)
    stored = (
        await connection.execute(
            select(columns.fingerprint, columns.receipt).where(
                columns.bucket == bucket, columns.client_id == client_id, columns.key == key
            )
        )
    ).one_or_none()
    if stored is not None:
        if bytes(stored.fingerprint) != fingerprint:
            raise KeyReusedError(
                "This Idempotency-Key came before with another body. Send the body as it was, or take a new key."
            )
        return StoredAnswer(bytes(stored.receipt), replayed=True)
    deed = await do(connection)
    row = {
        "bucket": bucket,
        "client_id": client_id,
        "key": key,
        "fingerprint": fingerprint,
        "complaint_bucket": deed.bucket,
        "complaint_id": deed.complaint_id,
        "receipt": deed.receipt,
    }
    taken = await connection.execute(
        insert(request_key).values(row).on_conflict_do_nothing().returning(columns.key)
    )
    if taken.one_or_none() is None:
        raise _RacedError
    return StoredAnswer(deed.receipt, replayed=False)
