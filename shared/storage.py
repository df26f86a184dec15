"""The store of evidence files: one interface over a folder or an S3-compatible store.

Keys are random and created here; no input is part of a path. Contents are sealed before they are stored.
"""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from shared.errors import InternalError, UnavailableError
from shared.settings import EvidenceSettings

FOLDER = "evidence"
_TIMEOUT = timedelta(seconds=30)
_LISTED_AT_ONCE = 1000


class StorageUnavailableError(UnavailableError):
    """The store of the files does not answer; the same request may be sent again."""

    code: ClassVar[str] = "storage-unavailable"
    title: ClassVar[str] = "The store of the files does not answer"


class NotStoredError(InternalError):
    """There is no object with this key: it was lost outside the platform."""

    code: ClassVar[str] = "file-lost"
    title: ClassVar[str] = "The file is not in the store"


def new_key() -> str:
    """Return an unguessable key; its first two characters spread the objects over folders."""
    name = secrets.token_hex(20)
    return f"{name[:2]}/{name}"


class Storage:
    """Objects by key: put, get, delete, list. An object is durable when `put` returns."""

    def __init__(self, store: LocalStore | S3Store, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder

    @classmethod
    def of(cls, settings: EvidenceSettings) -> "Storage":
        """Return the store of the settings; connections open at their first use."""
        if settings.evidence_url is None:
            return cls.in_folder(settings.home / FOLDER)
        assert settings.evidence_access_key is not None  # noqa: S101 - the settings refuse an address without keys
        assert settings.evidence_secret_key is not None  # noqa: S101 - as above
        bucket, _, prefix = settings.evidence_url.removeprefix("s3://").partition("/")
        endpoint = settings.evidence_endpoint
        store = S3Store(
            bucket,
            prefix=prefix or None,
            config={
                "region": settings.evidence_region,
                "access_key_id": settings.evidence_access_key.get_secret_value(),
                "secret_access_key": settings.evidence_secret_key.get_secret_value(),
                **({"endpoint": endpoint} if endpoint else {}),
            },
            client_options={
                "timeout": _TIMEOUT,
                "allow_http": endpoint is not None and endpoint.startswith("http://"),
            },
            retry_config={"max_retries": 2, "retry_timeout": _TIMEOUT},
        )
        return cls(store)

    @classmethod
    def in_folder(cls, folder: Path) -> "Storage":
        """Return the store in a folder; creates the folder if needed, for its owner only."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return cls(LocalStore(folder), folder)

    async def put(self, key: str, content: bytes) -> None:
        """Store an object. Raises StorageUnavailableError."""
        try:
            await obstore.put_async(self._store, key, content)
            if self._folder is not None:
                await asyncio.to_thread(_flush, self._folder, key)
        except (BaseError, OSError) as error:
            raise _unavailable() from error

    async def get(self, key: str) -> bytes:
        """Return an object. Raises NotStoredError or StorageUnavailableError."""
        try:
            answer = await obstore.get_async(self._store, key)
            return bytes(await answer.bytes_async())
        except FileNotFoundError as error:
            raise NotStoredError(
                "The file is registered but not in the store; tell the operator, who has backups."
            ) from error
        except (BaseError, OSError) as error:
            raise _unavailable() from error

    async def delete(self, key: str) -> None:
        """Delete an object, if it exists. Raises StorageUnavailableError."""
        try:
            await obstore.delete_async(self._store, key)
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise _unavailable() from error

    async def older_than(self, moment: datetime) -> AsyncIterator[list[str]]:
        """Return the keys of objects last written before a moment, in batches. Raises StorageUnavailableError."""
        try:
            async for listed in obstore.list(self._store, chunk_size=_LISTED_AT_ONCE):
                yield [entry["path"] for entry in listed if entry["last_modified"] < moment]
        except (BaseError, OSError) as error:
            raise _unavailable() from error


def _unavailable() -> StorageUnavailableError:
    return StorageUnavailableError(
        "The store of the files does not answer now; send the same request again.", retry_after=5
    )


def _flush(folder: Path, key: str) -> None:
    """Write a file and its name to disk (fsync), before it is reported as stored."""
    path = folder / key
    for each in (path, path.parent, folder):
        descriptor = os.open(each, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
