"""Sealing of personal data: suite ‖ key id ‖ nonce ‖ ciphertext ‖ tag, bound to its row.

SM4-GCM is the default, AES-256-GCM the alternative; both have one interface, so that a key ring can
hold keys of either suite.
"""

import secrets
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

NONCE_BYTES = 12
TAG_BYTES = 16
_HEADER_BYTES = 5


class SealBrokenError(Exception):
    """A sealed record was altered, or is read under another row or key than its own."""


class Suite(Protocol):
    """The interface of an authenticated cipher."""

    number: int
    name: str
    key_bytes: int

    def encrypt(self, key: bytes, nonce: bytes, plain: bytes, bound_to: bytes) -> bytes:
        """Return ciphertext ‖ tag."""

    def decrypt(self, key: bytes, nonce: bytes, sealed: bytes, bound_to: bytes) -> bytes:
        """Return the plain text; raises InvalidTag."""


class Sm4Gcm:
    """SM4 (GB/T 32907) in Galois/counter mode, 128-bit key."""

    number = 1
    name = "sm4gcm.v1"
    key_bytes = 16

    def encrypt(self, key: bytes, nonce: bytes, plain: bytes, bound_to: bytes) -> bytes:
        """Return ciphertext ‖ tag."""
        encryptor = Cipher(SM4(key), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(bound_to)
        return encryptor.update(plain) + encryptor.finalize() + encryptor.tag

    def decrypt(self, key: bytes, nonce: bytes, sealed: bytes, bound_to: bytes) -> bytes:
        """Return the plain text; raises InvalidTag."""
        tag = sealed[-TAG_BYTES:]
        decryptor = Cipher(SM4(key), modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(bound_to)
        return decryptor.update(sealed[:-TAG_BYTES]) + decryptor.finalize()


class Aes256Gcm:
    """AES-256 in Galois/counter mode."""

    number = 2
    name = "aes256gcm.v1"
    key_bytes = 32

    def encrypt(self, key: bytes, nonce: bytes, plain: bytes, bound_to: bytes) -> bytes:
        """Return ciphertext ‖ tag."""
        return AESGCM(key).encrypt(nonce, plain, bound_to)

    def decrypt(self, key: bytes, nonce: bytes, sealed: bytes, bound_to: bytes) -> bytes:
        """Return the plain text; raises InvalidTag."""
        return AESGCM(key).decrypt(nonce, sealed, bound_to)


SUITES: dict[str, Suite] = {suite.name: suite for suite in (Sm4Gcm(), Aes256Gcm())}
_BY_NUMBER = {suite.number: suite for suite in SUITES.values()}


@dataclass(frozen=True, slots=True)
class DataKey:
    """One data key: its id in the record header, its suite, and the secret itself (never shown in a repr)."""

    number: int
    suite: str
    secret: bytes

    def __repr__(self) -> str:
        return f"DataKey(number={self.number}, suite={self.suite!r})"


def new_secret(suite: str) -> bytes:
    """Return a fresh random key for a suite."""
    return secrets.token_bytes(SUITES[suite].key_bytes)


def seal(key: DataKey, plain: bytes, *, bound_to: bytes) -> bytes:
    """Seal bytes so that only this key opens them, and only under the same `bound_to` (table and row)."""
    suite = SUITES[key.suite]
    header = suite.number.to_bytes(1) + key.number.to_bytes(4)
    nonce = secrets.token_bytes(NONCE_BYTES)
    return header + nonce + suite.encrypt(key.secret, nonce, plain, header + bound_to)


def key_number(sealed: bytes) -> int:
    """Return the id of the data key that a record was sealed with."""
    return int.from_bytes(sealed[1:_HEADER_BYTES])


def unseal(key: DataKey, sealed: bytes, *, bound_to: bytes) -> bytes:
    """Open a sealed record. Raises SealBrokenError if it was altered, moved to another row, or is another key's."""
    suite = _BY_NUMBER.get(sealed[0]) if sealed else None
    if suite is None or suite.name != key.suite or key_number(sealed) != key.number:
        raise SealBrokenError("the record names another suite or key")
    header, rest = sealed[:_HEADER_BYTES], sealed[_HEADER_BYTES:]
    try:
        return suite.decrypt(key.secret, rest[:NONCE_BYTES], rest[NONCE_BYTES:], header + bound_to)
    except (InvalidTag, ValueError) as error:
        raise SealBrokenError("the record was altered or moved") from error
