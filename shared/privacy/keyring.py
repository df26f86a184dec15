"""The keys of a deployment: a file outside the database has the key that wraps the data keys in the database.

File (0600): {"purpose": …, "kek": base64, "index_key": base64, "pepper": base64}. Without the file, the personal
data are lost; a database dump alone shows none.
"""

import base64
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from shared.privacy.blind_index import BlindIndex
from shared.privacy.sealing import DataKey, new_secret, seal, unseal

DEFAULT_SUITE = "sm4gcm.v1"
_WRAPPING = "aes256gcm.v1"
_KEY_BYTES = 32


class KeyFileError(Exception):
    """The key file is missing, unreadable, or does not hold the keys that are needed."""


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The secrets of a deployment that must never be in the database."""

    purpose: str
    kek: bytes = field(repr=False)
    index_key: bytes = field(repr=False)
    pepper: bytes = field(repr=False)

    def wrap(self, key: DataKey) -> bytes:
        """Return a data key wrapped by the key-encryption key."""
        return seal(
            DataKey(0, _WRAPPING, self.kek), key.secret, bound_to=_wrap_binding(key.number, key.suite)
        )

    def unwrap(self, number: int, suite: str, wrapped: bytes) -> DataKey:
        """Return the data key from its wrapped form. Raises SealBrokenError if another key file wrapped it."""
        secret = unseal(DataKey(0, _WRAPPING, self.kek), wrapped, bound_to=_wrap_binding(number, suite))
        return DataKey(number, suite, secret)


def _wrap_binding(number: int, suite: str) -> bytes:
    return f"data_key|{number}|{suite}".encode()


def create(path: Path, *, purpose: str) -> KeyFile:
    """Write a new key file, readable by its owner only. Raises FileExistsError rather than replace one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    keys = {name: secrets.token_bytes(_KEY_BYTES) for name in ("kek", "index_key", "pepper")}
    text = json.dumps(
        {"purpose": purpose} | {name: base64.b64encode(value).decode() for name, value in keys.items()}
    )
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return KeyFile(purpose, **keys)


def read(path: Path) -> KeyFile:
    """Read a key file. Raises KeyFileError with the fault, never with its contents."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        keys = {
            name: base64.b64decode(stored[name], validate=True) for name in ("kek", "index_key", "pepper")
        }
        purpose = str(stored["purpose"])
    except OSError as error:
        raise KeyFileError(
            f"key file {path} cannot be read: {error.strerror}; `python -m ops keys create` makes one"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise KeyFileError(
            f"key file {path} is damaged: it does not hold kek, index_key and pepper in base64"
        ) from error
    if any(len(value) != _KEY_BYTES for value in keys.values()):
        raise KeyFileError(f"key file {path} is damaged: each key has {_KEY_BYTES} bytes")
    return KeyFile(purpose, **keys)


def new_data_key(number: int, suite: str = DEFAULT_SUITE) -> DataKey:
    """Return a fresh data key."""
    return DataKey(number, suite, new_secret(suite))


class KeyRing:
    """The unwrapped data keys of a process: seals with the active one, opens with any."""

    def __init__(self, keys: dict[int, DataKey], active: int, index: BlindIndex) -> None:
        self._keys = keys
        self._active = keys[active]
        self.index = index

    def seal(self, plain: bytes, *, bound_to: bytes) -> bytes:
        """Seal under the active key."""
        return seal(self._active, plain, bound_to=bound_to)

    def unseal(self, sealed: bytes, *, bound_to: bytes) -> bytes:
        """Open with the key that the record names."""
        number = int.from_bytes(sealed[1:5])
        if number not in self._keys:
            raise KeyFileError(f"no data key {number} in the ring")
        return unseal(self._keys[number], sealed, bound_to=bound_to)
